"""Each consent is given and withdrawn apart from the others, and what follows follows."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState, Participant
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.domain import correct_consent, give_consent, withdraw_consent
from tandems.profiles.models import Consent, ConsentKind
from tests import factories as make


def address(name, application, *args):
    return reverse(f"applications:{name}", args=[application.cycle_id, application.pk, *args])


def consent_of(application, kind=ConsentKind.FORWARD):
    return Consent.objects.valid().get(person=application.person, kind=kind)


def test_the_words_are_kept_with_the_day(by_hr, cast):
    consent = consent_of(by_hr("submitted"))
    assert "Beirat" in consent.text
    assert (consent.given_on, consent.version_number) == (date(2026, 1, 10), 0)
    assert consent.recorded_by == cast.user("hr")


def test_each_stands_for_itself(by_hr, client_of):
    application = by_hr("submitted")
    hr = client_of("hr")
    page = hr.get(address("consents", application)).content.decode()
    assert "10.01.2026" in page
    hr.post(address("consent_day", application, "photo"), {"on": "2026-01-12"})
    assert consent_of(application, ConsentKind.PHOTO).given_on == date(2026, 1, 12)
    hr.post(address("consent_withdraw", application, "photo"))
    kinds = Consent.objects.valid().filter(person=application.person).values_list("kind", flat=True)
    assert list(kinds) == ["forward"]
    assert Consent.objects.get(kind="photo").withdrawn_on == timezone.localdate()
    again = hr.post(address("consent_withdraw", application, "photo"))
    assert "nicht (mehr) eingetragen" in again.content.decode()


@pytest.mark.parametrize("day", ["", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be(by_hr, client_of, day):
    application = by_hr()
    answer = client_of("hr").post(address("consent_day", application, "photo"), {"on": day})
    assert answer.status_code == 200
    assert answer.context["form"].errors["on"]
    assert not Consent.objects.filter(kind="photo").exists()


def test_without_consent_to_be_handed_on_the_application_ends(by_hr, stage, cast, client_of):
    application = by_hr("nominated")
    lead, detail = client_of("lead"), application.get_absolute_url()
    assert lead.get(detail).status_code == 200
    client_of("hr").post(address("consent_withdraw", application, "forward"))
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    assert "Einwilligung" in application.withdrawal_reason
    assert not Participant.objects.filter(person=application.person).present().exists()
    # Not even as a withdrawn one: the Beirat has lost it, the own Personalstelle has not.
    assert lead.get(detail).status_code == 404
    assert (
        "Öztürk"
        not in lead.get(reverse("applications:list", args=[stage.cycle.pk])).content.decode()
    )
    assert client_of("hr").get(detail).status_code == 200


def test_withdrawn_before_and_the_consent_after(by_hr, cast, client_of):
    application = by_hr("withdrawn")
    assert client_of("lead").get(application.get_absolute_url()).status_code == 200
    withdraw_consent(consent_of(application), by=None)
    assert client_of("lead").get(application.get_absolute_url()).status_code == 404


def test_withdrawing_is_possible_when_the_cycle_is_over(by_hr, stage):
    application = by_hr("nominated")
    stage.cycle.state = CycleState.CLOSED
    stage.cycle.save()
    withdraw_consent(consent_of(application), by=None)
    assert not Consent.objects.valid().exists()


def test_no_nomination_after_it_was_withdrawn(by_hr, cast):
    draft = by_hr()
    withdraw_consent(consent_of(draft), by=cast.user("hr"))
    assert Application.objects.get(pk=draft.pk).state == ApplicationState.WITHDRAWN
    with pytest.raises(Refused, match="schon widerrufen"):
        withdraw_consent(Consent.objects.get(), by=cast.user("hr"))


def test_a_slip_is_put_right_unless_the_person_gave_it(by_hr, stage, cast):
    application = by_hr()
    corrected = correct_consent(consent_of(application), on=date(2026, 1, 11), by=cast.user("hr"))
    assert corrected.given_on == date(2026, 1, 11)
    own = give_consent(
        cycle=stage.cycle, person=application.person, kind=ConsentKind.PHOTO, by=None
    )
    assert own.given_on == timezone.localdate()
    with pytest.raises(Refused, match="selbst gegeben"):
        correct_consent(own, on=date(2026, 1, 11), by=cast.user("hr"))


def test_nobody_else_and_nothing_the_sheet_does_not_ask(by_hr, stage, cast, client_of):
    application = by_hr("nominated")
    other = make.make_application(stage.cycle, stage.other, ApplicationState.NOMINATED)
    assert client_of("hr").get(address("consents", other)).status_code == 404
    for name in ("lead", "member"):
        assert client_of(name).get(address("consents", application)).status_code == 403
    for kind in ("discretion", "erfunden"):
        assert client_of("hr").get(address("consent_day", application, kind)).status_code == 404
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="Zukunft"):
        give_consent(
            cycle=stage.cycle,
            person=application.person,
            kind=ConsentKind.PHOTO,
            on=tomorrow,
            by=cast.user("hr"),
        )
