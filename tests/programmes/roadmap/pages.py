"""Opening and posting the pages of the Fahrplan, as a browser would."""

import re

from django.urls import reverse

from programmes.roadmap.models import Milestone


def page(name, *args):
    """The address of a page of the Fahrplan."""
    return reverse(f"roadmap:{name}", args=args)


def fresh(milestone):
    """``milestone`` as stored now."""
    return Milestone.objects.get(pk=milestone.pk)


def hidden(client, url):
    """The hidden fields of the form on ``url``, as a browser would post them."""
    text = client.get(url).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def typed(milestone, **changes):
    """What a browser posts for ``milestone`` with some fields changed."""
    data = {
        "title": milestone.title,
        "track": milestone.track,
        "kind": milestone.kind,
        "starts_on": milestone.starts_on.isoformat(),
        "ends_on": milestone.ends_on.isoformat(),
        "anchor": milestone.anchor_id or "",
        "anchor_days": "" if milestone.anchor_days is None else milestone.anchor_days,
        "venue": milestone.venue,
        "description": milestone.description,
        "notes": milestone.notes,
        "municipality": milestone.municipality_id or "",
    }
    return {**data, **changes}


def refused(answer, words):
    """The page was shown again and says why."""
    assert answer.status_code == 200
    assert words in answer.content.decode(), answer.content.decode()
    return True
