"""Who plays in the stories of the browser. Read inside and outside the product."""

MENTEES = (("Mia", "Abendrot"), ("Merve", "Bäumer"), ("Mo", "Übelacker"))
MENTORS = (("Moritz", "Dachs"), ("Magda", "Eßer"), ("Martha", "Föhr"))
APPLICANTS = (("Anna", "Nominiert"), ("Arne", "Vorschlag"))

AWAITED, KNOWN, STRANGER = ("Ada", "Vorlink"), ("Alma", "Bekannt"), ("Ute", "Fremd")
"""An applicant with a personal link, one handed in, and one of the other Kommune."""
AWARE = ("Amelie", "Zweit")
"""Signs in, to read what became of the own application."""
RANKED = (
    (("Alwine", "Erst"), AWARE, ("Anton", "Dritt")),
    (("Ulla", "Vorne"), ("Uwe", "Mitte"), ("Udo", "Hinten")),
)
"""The nominated ones of both Kommunen, in the order of their ranks."""
LATECOMER = ("Paula", "Pool")
"""In the pool of mentors."""

PLACED = (("Nele", "Neugier"), ("Nora", "Norden"), ("Nils", "Nahbei"))
GUIDES = (("Rita", "Ratgeb"), ("Rolf", "Ruhmann"), ("Ruth", "Reich"))
"""Mentees of Ahausen, Übelheim and Cehausen; mentors of Übelheim, Ahausen and Cehausen.

The first of each signs in, and does not know of the other.
"""
JANA, JOERG = ("Jana", "Jahr"), ("Jörg", "Jungholz")
"""A tandem in its year: Ahausen and Übelheim. Both sign in."""
STILL, GONE, SPARE = ("Silke", "Stillhorn"), ("Georg", "Gehtbald"), ("Sven", "Sparbrod")
"""A silent tandem (Übelheim and Ahausen) whose mentee signs in, and a mentor still free."""
LIVELY = (("Lilo", "Lebhaft"), ("Ludger", "Laufend"))
"""A tandem that met last week: Cehausen and Ahausen."""
OTHER_MENTEE = ("Ulrike", "Überall")
"""A mentee of Übelheim, in the story of the invoices alone."""


def address(first_name: str, last_name: str) -> str:
    """The e-mail address of somebody on this stage."""
    plain = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "", " ": "-"})
    return f"{first_name}.{last_name}@stadt.example".casefold().translate(plain)


def names(first_name: str, last_name: str) -> dict[str, str]:
    """Name and address, as the makers take them."""
    return {
        "first_name": first_name,
        "last_name": last_name,
        "email": address(first_name, last_name),
    }
