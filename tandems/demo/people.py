"""The crowd of the demo: people with addresses that can never be real."""

from datetime import date
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from mentoring.accounts.models import User
from mentoring.text import sort_key
from programmes.organisations.models import Municipality
from programmes.people.models import Person, Salutation
from tandems.demo.names import Names
from tandems.demo.signins import COMMON_KEY, sign_in

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i"})

TITLES = {7: "Dr.", 31: "Dr.-Ing.", 58: "Prof. Dr.", 77: "Dr."}
"""Which of the people drawn have an academic title."""


class Crowd:
    """Makes the people of the demo. The same seed and calls give the same people."""

    def __init__(self, rng: Random, today: date) -> None:
        self.rng = rng
        self.today = today
        self._names = Names(rng)
        self._made = 0
        # One hash for all: hashing is slow on purpose, and everybody may read the password.
        self._password = make_password(COMMON_KEY)

    def build(self, municipality: Municipality | None, *, position: str = "") -> Person:
        """One more person, not yet saved."""
        salutation, first_name, last_name = self._names.draw()
        self._made += 1
        return Person(
            salutation=salutation,
            title=TITLES.get(self._made, ""),
            first_name=first_name,
            last_name=last_name,
            email=address(first_name, last_name, municipality),
            phone=self._phone(),
            municipality=municipality,
            position=position,
        )

    def person(self, municipality: Municipality | None, *, position: str = "") -> Person:
        """One more person."""
        person = self.build(municipality, position=position)
        person.save()
        return person

    def somebody(
        self,
        key: str,
        first_name: str,
        last_name: str,
        municipality: Municipality | None,
        **fields: Any,
    ) -> Person:
        """The person behind the sign-in ``key``, linked as an accepted invitation would."""
        email = sign_in(key).email
        return Person.objects.create(
            first_name=first_name,
            last_name=last_name,
            email=email,
            phone=self._phone(),
            municipality=municipality,
            user=self.user(key),
            **{"salutation": Salutation.MS, **fields},
        )

    def user(self, key: str, **fields: Any) -> User:
        """The sign-in ``key`` with the common password."""
        return User.objects.create(email=sign_in(key).email, password=self._password, **fields)

    def _phone(self) -> str:
        # 030 23125: numbers the Bundesnetzagentur keeps free for films and fiction.
        return f"030 23125-{self.rng.randrange(1000):03d}"


def address(first_name: str, last_name: str, municipality: Municipality | None) -> str:
    """An address at the person's house, under `.example`."""
    house = domain_of(municipality.short_name) if municipality else "demo-institut.example"
    return f"{_latin(first_name)}.{_latin(last_name)}"[:64].strip("-.") + f"@{house}"


def domain_of(short_name: str) -> str:
    """The mail domain of a Kommune: `kreis-steinfurt.example`."""
    return f"{_latin(short_name)}.example"


def _latin(name: str) -> str:
    """``name`` as people write it in an address: no letter beyond a to z."""
    return sort_key(name.casefold().translate(_SPELT_OUT)).replace(" ", "-")
