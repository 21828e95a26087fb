"""Version numbers against two editors, and keys that follow their text."""

import pytest

from mentoring.records import EditConflict
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tests import factories as make


@pytest.fixture
def house(db):
    return make.make_municipality("Ahausen")


def stored(instance):
    return type(instance).objects.get(pk=instance.pk)


# --- Versions -----------------------------------------------------------------------------
def test_every_write_raises_the_version(house):
    assert stored(house).version == 1
    house.city = "A"
    house.save()
    assert (house.version, stored(house).version) == (2, 2)
    house.save(update_fields=["city"])
    assert (house.version, stored(house).version) == (3, 3)
    Municipality.objects.filter(pk=house.pk).update(city="B")
    assert stored(house).version == 4


def test_the_second_editor_is_told_and_overwrites_nothing(house):
    mine, theirs = stored(house), stored(house)
    theirs.city = "ihres"
    theirs.save()
    mine.city = "meines"
    with pytest.raises(EditConflict) as conflict:
        mine.save()
    assert conflict.value.current.city == "ihres"
    assert stored(house).city == "ihres"
    # Still the version that was read: trying again is told again.
    assert mine.version == 1


def test_a_bulk_update_counts_as_an_editor_too(house):
    mine = stored(house)
    Municipality.objects.filter(pk=house.pk).update(city="Stapel")
    with pytest.raises(EditConflict):
        mine.save()


def test_whoever_edits_what_was_deleted_is_told(house):
    mine = stored(house)
    house.delete()
    with pytest.raises(EditConflict) as conflict:
        mine.save()
    assert conflict.value.current is None


def test_bulk_update_of_objects_raises_each_version(house):
    other = make.make_municipality()
    for row in (house, other):
        row.city = "neu"
    assert Municipality.objects.bulk_update([house, other], ["city"]) == 2
    for row in (house, other):
        assert stored(row).version == row.version == 2
        row.save()


def test_a_failed_write_keeps_the_version(house):
    other = make.make_municipality("Bhausen")
    other.short_name = "Ahausen"
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()
    assert (other.version, stored(other).version) == (1, 1)
    other.short_name = "Chausen"
    other.save()
    assert stored(other).version == 2


def test_update_through_a_relation_counts(db):
    cycle = make.make_cycle()
    cycle.programme.cycles.update(title="neu")
    assert Cycle.objects.get().version == 2


def test_update_or_create_and_get_or_create(house):
    row, made = Municipality.objects.update_or_create(
        short_name="Ahausen", defaults={"city": "neu"}
    )
    assert (made, row.version, stored(house).city) == (False, 2, "neu")


# --- Keys ---------------------------------------------------------------------------------
def test_keys_follow_the_text(db):
    person = make.make_person("Änne", "Öz-Müller", email="ae@stadt.example")
    assert person.sort_key == "oz muller anne"
    for words in ("oez mueller", "Öz", "ÄNNE öz", "anne", "ae@stadt"):
        assert Person.objects.search(words).get() == person, words
    assert not Person.objects.search("niemand").exists()
    person.last_name = "Zahn"
    person.save(update_fields=["last_name"])
    assert stored(person).sort_key == "zahn anne"
    assert not Person.objects.search("mueller").exists()


def test_bulk_create_fills_the_keys(db):
    Person.objects.bulk_create([Person(first_name="Jörg", last_name="Weiß")])
    assert Person.objects.search("weiss joerg").get().sort_key == "weiss jorg"


def test_names_sort_as_german_does(db):
    for name in ("Zahn", "Öztürk", "Otto", "Ärmel"):
        make.make_person("A", name)
    assert [person.last_name for person in Person.objects.all()] == [
        "Ärmel",
        "Otto",
        "Öztürk",
        "Zahn",
    ]


def test_a_search_without_a_word_finds_all(house):
    for text in ("", "  ", "%", "😀"):
        assert Municipality.objects.search(text).count() == 1, text


def test_a_very_long_name_still_fits(db):
    person = Person(first_name="ß" * 80, last_name="ß" * 80)
    person.save()
    assert len(person.sort_key) <= 500


@pytest.mark.parametrize("text", ["’ OR 1=1", "\u202e", "😀", "x" * 80])
def test_odd_texts_are_stored_and_found(db, text):
    person = make.make_person("A", text)
    assert stored(person).last_name == text
    assert person in Person.objects.search(text)


def test_updating_the_text_in_bulk_leaves_no_stale_key(db):
    person = make.make_person("Änne", "Alt")
    Person.objects.filter(pk=person.pk).update(last_name="Neu")
    assert not Person.objects.search("alt").exists()
    assert Person.objects.search("neu").get() == person


def test_bulk_update_of_the_text_leaves_no_stale_key(db):
    person = make.make_person("Änne", "Alt")
    person.last_name = "Neu"
    Person.objects.bulk_update([person], ["last_name"])
    assert Person.objects.search("neu").get().sort_key == "neu anne"
