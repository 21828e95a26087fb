"""The doors of the people room: contact data, posts, invitations."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.models import LogEntry
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.people import domain
from programmes.people.codes import hash_of
from programmes.people.models import Invitation, InvitationState, MunicipalityStaff, Person
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return make.make_user()


def code_in(message: mail.EmailMessage) -> str:
    return message.body.split("/einladung/")[1].split("/")[0]


def test_a_name_keeps_its_characters_and_loses_line_ends(by: User) -> None:
    person = domain.create_person(
        by=by,
        first_name=" Zoë\nBcc: x@y.example ",
        last_name="O'Neill-Größ 😀",
        email=" A@B.Example ",
    )
    assert person.first_name == "Zoë Bcc: x@y.example"
    assert person.last_name == "O'Neill-Größ 😀"
    assert person.email == "a@b.example"


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "keine-adresse"), ("last_name", ""), ("first_name", "x" * 100_000)],
)
def test_a_person_with_bad_data_is_refused_by_field(by: User, field: str, value: str) -> None:
    data = {"first_name": "Erika", "last_name": "Muster", field: value}
    with pytest.raises(ValidationError) as error:
        domain.create_person(by=by, **data)
    assert field in error.value.error_dict


def test_two_persons_may_share_a_mailbox_and_the_editor_is_told_of_visible_ones(cast) -> None:
    hr = cast.user("hr")
    colleague = make.make_person(municipality=cast.hr.municipality, email="team@stadt.example")
    make.make_person(municipality=cast.other_hr.municipality, email="team@stadt.example")
    person = domain.create_person(
        by=hr,
        first_name="Max",
        last_name="Muster",
        email="TEAM@stadt.example",
        municipality=cast.hr.municipality,
    )
    assert list(domain.sharing_mailbox(person, seen_by=hr)) == [colleague]


def test_a_changed_address_leaves_the_sign_in_and_ends_an_open_invitation(by: User, mails) -> None:
    linked = make.make_person(sign_in=True)
    before = linked.user.email
    linked.email = "neu@stadt.example"
    assert domain.change(linked, by=by) is False
    assert User.objects.get(pk=linked.user.pk).email == before
    invited = make.make_person()
    invitation = domain.invite(invited, role="Personalstelle", by=by)
    invited.email = "richtig@stadt.example"
    assert domain.change(invited, by=by) is True
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.WITHDRAWN


def test_a_stale_copy_is_not_written(by: User) -> None:
    person = make.make_person()
    stale = Person.objects.get(pk=person.pk)
    person.phone = "02501 1"
    domain.change(person, by=by)
    stale.phone = "02501 2"
    with pytest.raises(EditConflict):
        domain.change(stale, by=by)


def test_changes_are_logged_with_their_actor(by: User) -> None:
    person = make.make_person()
    person.phone = "02501 1"
    domain.change(person, by=by)
    entry = LogEntry.objects.get_for_object(person).first()
    assert entry.actor == by
    assert entry.changes["phone"][1] == "02501 1"


# --- Posts ----------------------------------------------------------------------------
def test_naming_staff_gives_the_post_and_the_municipality(by: User) -> None:
    house = make.make_municipality()
    person = make.make_person()
    domain.name_staff(house, person=person, by=by)
    person.refresh_from_db()
    assert person.municipality == house
    assert person.municipality_posts.current().get().municipality == house
    with pytest.raises(Refused, match="bereits eingetragen"):
        domain.name_staff(house, person=person, by=by)


def test_staff_of_another_municipality_and_operators_are_refused(by: User) -> None:
    house = make.make_municipality()
    foreign = make.make_person(municipality=make.make_municipality())
    with pytest.raises(Refused, match="gehört zu"):
        domain.name_staff(house, person=foreign, by=by)
    operator = make.make_person(user=make.make_user(is_superuser=True))
    for organisation in (house, make.make_partner()):
        with pytest.raises(Refused, match="Betreiber"):
            domain.name_staff(organisation, person=operator, by=by)


def test_a_post_ends_with_its_last_day(by: User) -> None:
    person = make.make_hr(make.make_municipality())
    post = person.municipality_posts.get()
    domain.end_staff(post, by=by, last_day=date(2026, 3, 31))
    with time_machine.travel("2026-03-31 12:00+02:00", tick=False):
        assert person.municipality_posts.current().exists()
    with time_machine.travel("2026-04-01 00:30+02:00", tick=False):
        assert not person.municipality_posts.current().exists()
        with pytest.raises(Refused, match=r"31\.03\.2026"):
            domain.end_staff(post, by=by)


def test_a_post_cannot_end_before_it_began(by: User) -> None:
    post = make.make_logistics(make.make_partner()).logistics_posts.get()
    with pytest.raises(Refused, match="vor dem ersten"):
        domain.end_staff(post, by=by, last_day=make.LONG_AGO - timedelta(days=1))


def test_the_database_keeps_a_second_present_post_out(by: User) -> None:
    person = make.make_hr(make.make_municipality())
    with pytest.raises(IntegrityError), transaction.atomic():
        MunicipalityStaff.objects.create(person=person, municipality=person.municipality)


# --- Invitations ----------------------------------------------------------------------
def test_an_invitation_is_mailed_once_and_only_its_hash_is_stored(by: User, mails) -> None:
    person = make.make_person("Jörg", 'O\'Brien, "Größ" 😀')
    invitation = domain.invite(person, role="Personalstelle Greven", by=by)
    [message] = mails
    code = code_in(message)
    assert invitation.code_hash == hash_of(code) != code
    assert code not in str(LogEntry.objects.values_list("changes", flat=True))
    assert message.recipients()[0].endswith(f"<{person.email}>")
    assert "Personalstelle Greven" in message.body
    assert message.extra_headers["X-Ephemeral-Until"].startswith(
        f"{invitation.expires_at:%Y-%m-%dT%H:%M:%S}"
    )
    assert message.message()
    assert (invitation.expires_at - timezone.now()).days == 13


def test_nobody_is_invited_twice_or_without_reason(by: User, mails) -> None:
    person = make.make_person()
    domain.invite(person, role="x", by=by)
    with pytest.raises(Refused, match="schon eingeladen"):
        domain.invite(person, role="x", by=by)
    with pytest.raises(Refused, match="schon einen Zugang"):
        domain.invite(make.make_person(sign_in=True), role="x", by=by)
    with pytest.raises(Refused, match="keine E-Mail-Adresse"):
        domain.invite(make.make_person(email=""), role="x", by=by)
    assert len(mails) == 1


def test_resending_ends_the_old_code(by: User, mails) -> None:
    invitation = domain.invite(make.make_person(), role="x", by=by)
    domain.resend(invitation, by=by)
    old, new = map(code_in, mails)
    invitation.refresh_from_db()
    assert invitation.code_hash == hash_of(new) != hash_of(old)


def test_an_expired_invitation_makes_room_and_can_be_sent_again(by: User, mails) -> None:
    person, other = make.make_person(), make.make_person()
    first, second = (domain.invite(one, role="x", by=by) for one in (person, other))
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert set(Invitation.objects.in_state("expired")) == {first, second}
        domain.invite(person, role="x", by=by)
        first.refresh_from_db()
        assert first.state == InvitationState.EXPIRED
        assert domain.resend(second, by=by).is_open
        assert Invitation.objects.open().count() == 2


def test_states_and_their_queries_agree(by: User, mails) -> None:
    for state in ("open", "expired", "withdrawn", "accepted"):
        invitation = domain.invite(make.make_person(), role="x", by=by)
        if state == "withdrawn":
            domain.withdraw(invitation, by=by)
        elif state == "accepted":
            domain.accept_with_new_sign_in(invitation, password=None)
        elif state == "expired":
            Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
        invitation.refresh_from_db()
        assert invitation.state.value == state
        assert list(Invitation.objects.in_state(state)) == [invitation]


def test_a_finished_invitation_takes_no_further_step(by: User, mails) -> None:
    withdrawn = domain.invite(make.make_person(), role="x", by=by)
    domain.withdraw(withdrawn, by=by)
    accepted = domain.invite(make.make_person(), role="x", by=by)
    domain.accept_with_new_sign_in(accepted, password=None)
    for invitation in (withdrawn, accepted):
        for step in (domain.resend, domain.withdraw):
            with pytest.raises(Refused, match="Diese Einladung ist"):
                step(invitation, by=by)
        with pytest.raises(Refused, match="gilt nicht mehr"):
            domain.accept(invitation, by=by)
        with pytest.raises(Refused, match="gilt nicht mehr"):
            domain.accept_with_new_sign_in(invitation, password=None)


def test_accepting_links_person_and_sign_in(by: User, mails) -> None:
    person = make.make_person()
    invitation = domain.invite(person, role="x", by=by)
    user = domain.accept_with_new_sign_in(invitation, password="ein ganz langes Wort 7")
    person.refresh_from_db()
    assert person.user == user
    assert user.email == person.email
    assert user.check_password("ein ganz langes Wort 7")


def test_operators_and_linked_sign_ins_link_nothing(by: User, mails) -> None:
    invitation = domain.invite(make.make_person(), role="x", by=by)
    with pytest.raises(Refused, match="Betreiber"):
        domain.accept(invitation, by=make.make_user(is_superuser=True))
    with pytest.raises(Refused, match="anderen Person"):
        domain.accept(invitation, by=make.make_person(sign_in=True).user)
    with pytest.raises(Refused, match="gesperrt"):
        domain.accept(invitation, by=make.make_user(is_active=False))
    assert Person.objects.get(pk=invitation.person_id).user is None


def test_a_taken_address_and_a_weak_password_are_refused(by: User, mails) -> None:
    invitation = domain.invite(make.make_person(), role="x", by=by)
    with pytest.raises(ValidationError):
        domain.accept_with_new_sign_in(invitation, password="kurz")
    make.make_user(invitation.email)
    with pytest.raises(ValidationError, match="bereits einen Zugang"):
        domain.accept_with_new_sign_in(invitation, password=None)
    assert Invitation.objects.get(pk=invitation.pk).is_open


def test_the_database_knows_one_unanswered_invitation(by: User, mails) -> None:
    invitation = domain.invite(make.make_person(), role="x", by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            person=invitation.person,
            role="x",
            email="x@y.example",
            code_hash="0" * 64,
            expires_at=timezone.now(),
        )
