"""The preview: who gets the mail, who does not and why, and what each of them reads."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from mentoring.text import search_key
from mentoring.ui.views import PageView
from programmes.people.models import Person
from programmes.rundmails import domain
from programmes.rundmails.models import Recipient, RecipientState, RundmailState
from programmes.rundmails.render import preview_for
from programmes.rundmails.views.base import OnMail

PAGE_SIZE = 50


class PreviewPage(OnMail, PageView):
    """Everybody by name, and the mail as one of them gets it."""

    rule = "rundmails.view"
    title = "Vorschau"
    template_name = "rundmails/preview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Once the sending has begun there is nothing to preview: see who got it."""
        if self.mail.state not in (RundmailState.DRAFT, RundmailState.RELEASED):
            return HttpResponseRedirect(self.page("recipients", self.mail.pk))
        return super().get(request, *args, **kwargs)

    @cached_property
    def resolution(self) -> domain.Resolution | None:
        """Who would get a draft; ``None`` once the recipients are fixed."""
        if self.mail.state != RundmailState.DRAFT:
            return None
        return domain.resolve_audience(self.mail, self.request.user)

    @cached_property
    def people(self) -> list[Person]:
        """Everybody who gets the mail."""
        if self.resolution is not None:
            return self.resolution.people
        fixed = (
            Recipient.objects.visible_to(self.request.user)
            .filter(rundmail=self.mail, state=RecipientState.FIXED, person__isnull=False)
            .select_related("person__municipality")
        )
        return [row.person for row in fixed if row.person is not None]

    def _found(self, text: str) -> list[Person]:
        words = search_key(text).split()
        return [p for p in self.people if all(word in p.search_key for word in words)]

    def _shown(self) -> Person | None:
        """Of whom the mail is shown: the one asked for, or the first."""
        asked = self.request.GET.get("an", "")
        if not asked:
            return self.people[0] if self.people else None
        found = next((person for person in self.people if str(person.pk) == asked), None)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of people, those left out, and the mail as one reads it."""
        text = self.request.GET.get("q", "")[:200]
        page = Paginator(self._found(text), PAGE_SIZE).get_page(self.request.GET.get("page"))
        person = self._shown()
        return super().get_context_data(
            page_obj=page,
            total=len(self.people),
            q=text,
            left_out=self.resolution.left_out if self.resolution else [],
            person=person,
            message=preview_for(self.mail, person) if person is not None else None,
            sender=settings.DEFAULT_FROM_EMAIL,
            attachments=list(self.mail.attachments.select_related("file")),
            edit_url=self.page("edit", self.mail.pk),
            is_draft=self.mail.state == RundmailState.DRAFT,
            **kwargs,
        )
