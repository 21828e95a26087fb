"""The frame of the demo: Kommunen, Logistikpartner, programme and who works for them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from stdnum.iban import calc_check_digits as iban_digits
from stdnum.iso7064 import mod_97_10

from programmes.cycles.models import PermanentMember, Programme
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.people.models import LogisticsStaff, MunicipalityStaff, Person
from tandems.demo.people import Crowd, domain_of

FILE = Path(__file__).with_name("municipalities.csv")
"""Names, keys (AGS), places and first years of the Kommunen are public facts."""

SINCE = date(2020, 1, 1)
FOUNDED = date(2006, 9, 1)
HR_POSITION = "Personalentwicklung"


@dataclass
class House:
    """What the rest of the demo is built on."""

    municipalities: dict[str, Municipality]
    partner: LogisticsPartner
    programme: Programme
    hr: dict[str, Person]
    permanent: dict[str, Person]


def build_house(crowd: Crowd) -> House:
    """Write the frame."""
    municipalities = {row.short_name: row for row in _municipalities()}
    partner = _partner(crowd)
    programme = Programme.objects.create(
        name="Mentoring im Münsterland",
        fee_per_mentee=Decimal("500.00"),
        tandem_months=12,
        meetings_min=8,
        meetings_max=10,
        logistics_partner=partner,
    )
    return House(
        municipalities=municipalities,
        partner=partner,
        programme=programme,
        hr={name: _hr(crowd, row) for name, row in municipalities.items()},
        permanent={
            name: _permanent(crowd, programme, row)
            for name, row in municipalities.items()
            if row.permanent_since == FOUNDED.year
        },
    )


def _municipalities() -> Iterator[Municipality]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=1):
            domain = domain_of(row["short_name"])
            place = {"LWL": "Münster"}.get(row["short_name"], row["short_name"])
            place = place.removeprefix("Kreis ")
            # Street, post code and telephone are plainly invented: no such post code exists.
            here = {"street": "Rathausplatz 1", "postal_code": f"480{number:02d}", "city": place}
            yield Municipality.objects.create(
                name=row["name"],
                short_name=row["short_name"],
                kind=row["kind"],
                ags=row["ags"] or None,
                latitude=Decimal(row["latitude"]),
                longitude=Decimal(row["longitude"]),
                regional_group=row["regional_group"],
                permanent_since=int(row["permanent_since"]) if row["permanent_since"] else None,
                email=f"personal@{domain}",
                phone=f"030 23125-{number:03d}",
                billing_name=f"{row['name']}, Zentrale Rechnungsstelle",
                billing_email=f"rechnung@{domain}",
                leitweg_id=_leitweg_id(row["ags"] or "05", number),
                **here,
                **{f"billing_{key}": value for key, value in here.items()},
            )


def _leitweg_id(coarse: str, number: int) -> str:
    fine = f"DEMO{number:02d}"
    return f"{coarse}-{fine}-{mod_97_10.calc_check_digits(coarse + fine)}"


def _partner(crowd: Crowd) -> LogisticsPartner:
    account = "000000000001234567"  # no bank has the sort code 00000000
    partner = LogisticsPartner.objects.create(
        name="Demo-Institut für Fortbildung",
        street="Musterweg 6",
        postal_code="48099",
        city="Münster",
        tax_number="000/0000/0000",
        account_holder="Demo-Institut für Fortbildung",
        iban=f"DE{iban_digits(f'DE00{account}')}{account}",
        bic="DEMODEM1XXX",
        contact_name="Björn Torfplanke",
        contact_email="mentoring@demo-institut.example",
        contact_phone="030 23125-900",
    )
    first = crowd.somebody(
        "logistics", "Björn", "Torfplanke", None, salutation="mr", position="Veranstaltungen"
    )
    for person in (first, crowd.person(None, position="Buchhaltung")):
        LogisticsStaff.objects.create(person=person, partner=partner, since=SINCE)
    return partner


def _hr(crowd: Crowd, municipality: Municipality) -> Person:
    named = {
        "Ahlen": ("hr", "Renate", "Lärchenmann-Kötter", "ms"),
        "Greven": ("other_hr", "Sören", "O’Haselbrink", "mr"),
    }
    if found := named.get(municipality.short_name):
        key, first_name, last_name, salutation = found
        person = crowd.somebody(
            key,
            first_name,
            last_name,
            municipality,
            salutation=salutation,
            position=HR_POSITION,
        )
    else:
        person = crowd.person(municipality, position=HR_POSITION)
    MunicipalityStaff.objects.create(person=person, municipality=municipality, since=SINCE)
    return person


def _permanent(crowd: Crowd, programme: Programme, municipality: Municipality) -> Person:
    position = "Gleichstellungsbeauftragte"
    if municipality.short_name == "LWL":
        person = crowd.somebody(
            "permanent", "Hildegard", "Musterfrau", municipality, position=position
        )
    else:
        person = crowd.person(municipality, position="Leitung Personalentwicklung")
    PermanentMember.objects.create(programme=programme, person=person, since=FOUNDED)
    return person
