"""The same person twice: in the file, and among the people of the own Kommune."""

import pytest

from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.imports.twins import Register, Who
from tests import factories as make
from tests.tandems.imports.makers import KAETHE, checked, take, xlsx


def page(response):
    return response.content.decode()


def are_alike(one, other):
    register = Register()
    register.add(1, Who.of(*one))
    return register.like(Who.of(*other)) == [1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Käthe", "Groß", ""), ("Kaethe", "Gross", "")),
        (("Anna-Lena", "Müller", ""), ("Anna Lena", "Mueller", "")),
        (("Annalena", "Müller", ""), ("Anna-Lena", "Muller", "")),
        (("Hans Peter", "Abt", ""), ("Peter", "Abt", "")),
        (("Eva", "Meyer-Schmidt", ""), ("Eva", "Meyer", "")),
        (("Eva", "Meyer Schmidt", ""), ("Eva", "MEYER-SCHMIDT", "")),
        (("Eva", "von der Heide", ""), ("Eva", "Heide", "")),
        (("Eva", "Meyer", ""), ("Meyer", "Eva", "")),
        (("Dr. Eva", "Meyer", ""), ("Eva", "Meyer", "")),
        (("Eva", "O'Neill", ""), ("Eva", "ONeill", "")),
        (("Eva", "Meyer", "e@x.example"), ("Ewa", "Schulze", "E@X.example ")),
    ],
)
def test_two_spellings_of_one_person(one, other):
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Eva", "Meyer", "eva@x.example"), ("Eva", "Schulze", "e.schulze@x.example")),
        (("Eva", "Meyer", ""), ("Ida", "Meyer", "")),
        (("Hans-Peter", "Abt", ""), ("Hans-Jürgen", "Abt", "")),
        (("", "", ""), ("", "", "")),
        (("", "Meyer", ""), ("", "Meyer", "")),
    ],
)
def test_two_people(one, other):
    assert not are_alike(one, other)


def test_twice_in_the_file(stage, client_of):
    hr = client_of("hr")
    again = ("Kaethe", "OEZTUERK", "anders@ahausen.example", "Leitung")
    run = checked(hr, stage, xlsx(KAETHE, ("Jan", "Abt", "", ""), again))
    assert [line.twins for line in run.lines.all()] == [[4], [], [2]]
    assert [line.decision for line in run.lines.all()] == ["", "new", ""]
    shown = page(hr.get(run.get_absolute_url()))
    assert "Vielleicht dieselbe Person wie in Zeile 4." in shown
    take(hr, run)
    assert not Application.objects.exists()
    first, last = run.lines.get(number=2), run.lines.get(number=4)
    hr.post(run.get_absolute_url(), {f"zeile-{first.pk}": "new", f"zeile-{last.pk}": "skip"})
    take(hr, run)
    assert {a.person.first_name for a in Application.objects.all()} == {"Käthe", "Jan"}


def test_a_known_person_is_taken_with_the_new_contact_data(stage, client_of):
    hr = client_of("hr")
    known = make.make_person("Kaethe", "Oeztuerk", municipality=stage.own, email="alt@x.example")
    run = checked(hr, stage, xlsx(KAETHE))
    line = run.lines.get()
    assert (line.known, line.is_doubtful, line.decision) == ([known.pk], True, "")
    assert "Ähnelt Kaethe Oeztuerk (alt@x.example)." in page(hr.get(run.get_absolute_url()))
    hr.post(run.get_absolute_url(), {f"zeile-{line.pk}": str(known.pk)})
    take(hr, run)
    application = Application.objects.get()
    assert application.person == known
    known.refresh_from_db()
    assert (known.last_name, known.email) == ("Öztürk", "kaethe@ahausen.example")
    assert Person.objects.filter(first_name="Käthe").count() == 1


def test_nobody_learns_of_people_elsewhere(stage, client_of):
    hr = client_of("hr")
    make.make_person("Käthe", "Öztürk", municipality=stage.other, email="kaethe@ahausen.example")
    make.make_person("Käthe", "Öztürk", email="kaethe@ahausen.example")
    run = checked(hr, stage, xlsx(KAETHE))
    line = run.lines.get()
    assert (line.known, line.decision) == ([], "new")
    foreign = Person.objects.filter(municipality=stage.other, last_name="Öztürk").get()
    answer = hr.post(run.get_absolute_url(), {f"zeile-{line.pk}": str(foreign.pk)}, follow=True)
    assert "aus dem, was angeboten wird" in page(answer)


def test_who_has_an_application_already_is_not_offered(stage, client_of):
    hr = client_of("hr")
    known = make.make_person("Käthe", "Öztürk", municipality=stage.own)
    make.make_application(stage.cycle, stage.own, ApplicationState.SUBMITTED, person=known)
    run = checked(hr, stage, xlsx(KAETHE))
    shown = page(hr.get(run.get_absolute_url()))
    assert "hat in diesem Durchgang schon eine Bewerbung (eingereicht)" in shown
    assert f'value="{known.pk}"' not in shown
    line = run.lines.get()
    hr.post(run.get_absolute_url(), {f"zeile-{line.pk}": str(known.pk)})
    assert "Zeile 2: Diese Person hat in diesem Durchgang schon" in page(take(hr, run))
    assert Application.objects.count() == 1
    run.refresh_from_db()
    assert run.state == "checked"


def test_of_a_hidden_application_nothing_is_said(stage, cast, client_of):
    """The HR person is the superior of somebody who applied: that must not come out."""
    hr = client_of("hr")
    known = make.make_person("Käthe", "Öztürk", municipality=stage.own)
    make.make_application(
        stage.cycle, stage.own, ApplicationState.NOMINATED, person=known, superior=cast.hr
    )
    run = checked(hr, stage, xlsx(KAETHE))
    shown = page(hr.get(run.get_absolute_url()))
    assert "Ähnelt Käthe Öztürk" in shown
    assert "schon eine Bewerbung" not in shown
    assert "nominiert" not in shown
    line = run.lines.get()
    hr.post(run.get_absolute_url(), {f"zeile-{line.pk}": str(known.pk)})
    told = page(take(hr, run))
    assert "kann hier keine Bewerbung angelegt werden" in told
    assert "schon eine Bewerbung" not in told


def test_nobody_enters_their_own_application(stage, cast, client_of):
    hr = client_of("hr")
    me = (cast.hr.first_name, cast.hr.last_name, cast.hr.email, "Personalstelle")
    run = checked(hr, stage, xlsx(me))
    line = run.lines.get()
    assert "vermutlich Sie selbst" in page(hr.get(run.get_absolute_url()))
    hr.post(run.get_absolute_url(), {f"zeile-{line.pk}": str(cast.hr.pk)})
    line.refresh_from_db()
    assert line.decision == ""


def test_two_lines_are_not_one_known_person(stage, client_of):
    hr = client_of("hr")
    known = make.make_person("Käthe", "Öztürk", municipality=stage.own)
    run = checked(hr, stage, xlsx(KAETHE, ("Kaethe", "Oeztuerk", "", "")))
    hr.post(run.get_absolute_url(), {f"zeile-{line.pk}": str(known.pk) for line in run.lines.all()})
    assert "Die Zeilen 2 und 3 sollen beide dieselbe" in page(take(hr, run))
    assert not Application.objects.exists()


def test_who_came_since_the_check_is_asked_about(stage, client_of):
    """Two uploads of the same table: the second one finds the people of the first."""
    hr = client_of("hr")
    first = checked(hr, stage, xlsx(KAETHE, ("Jan", "Abt", "", "")))
    second = checked(hr, stage, xlsx(KAETHE, ("Ida", "Neu", "", "")))
    take(hr, first)
    told = page(take(hr, second))
    assert "sind in Ihrer Kommune Personen dazugekommen" in told
    assert Application.objects.count() == 2
    second.refresh_from_db()
    assert second.state == "checked"
    assert [line.decision for line in second.lines.all()] == ["", "new"]
    line = second.lines.get(number=2)
    hr.post(second.get_absolute_url(), {f"zeile-{line.pk}": "skip"})
    take(hr, second)
    assert Application.objects.count() == 3


def test_contact_data_that_are_not_ours_stay(stage, cast, client_of):
    """A person who also holds a post elsewhere is edited by nobody here."""
    hr = client_of("hr")
    known = make.make_person("Käthe", "Öztürk", municipality=stage.own, email="alt@x.example")
    make.MunicipalityStaff.objects.create(
        person=known, municipality=stage.other, since=make.LONG_AGO
    )
    run = checked(hr, stage, xlsx(KAETHE))
    line = run.lines.get()
    hr.post(run.get_absolute_url(), {f"zeile-{line.pk}": str(known.pk)})
    assert "Zeile 2: Die Kontaktdaten von" in page(take(hr, run))
    known.refresh_from_db()
    assert known.email == "alt@x.example"
    assert not Application.objects.exists()
