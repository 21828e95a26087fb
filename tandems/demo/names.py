"""Invented names. Surnames are put together so that they sound local and belong to nobody."""

from random import Random

from programmes.people.models import Salutation


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WOMEN = _words(
    "Erika Käthe Ayşe Hildegard Renate Irmgard Jördis Mareike Frauke Svenja Özlem Katarzyna "
    "Annegret Birte Chiara Dörte Elif Friederike Gesa Hannelore Ilka Jasmin Kerstin Lea "
    "Maren Nele Oxana Petra Roswitha Silke Tanja Ute Verena Wiebke Anne-Kathrin Zeynep"
)
_MEN = _words(
    "Max Jörg Sören Björn Günter Tarık Jürgen Matthäus André Bernd Cem Dirk Enno Frank "
    "Götz Henning Ingo Jan-Hendrik Kai Lars Malte Norbert Olaf Paweł Ralf Steffen Till Uwe "
    "Volker Wolfgang Yannick Hüseyin René Karl-Heinz"
)
_BEGINNINGS = _words(
    "Ahorn Birken Dünen Eichel Föhren Ginster Hasel Iltis Kiebitz Lärchen Möwen Nebel "
    "Otter Pappel Quell Rüben Schlehen Torf Uhlen Wacholder"
)
_ENDINGS = _words("brink büscher hues kamp kötter mann voß wessel")

# Names that a list, a form or a mail may stumble over; each occurs once.
_ODD = (
    "O’Musterkamp",
    "d’Eichelbrink",
    "von der Beispielhorst-Wacholderbüscher zu Mustersloh",
    "Große-Übungshues",
    "Lütke Probenkötter",
    "Schulze-Ahornvoß",
    "Ångström-Nebelkamp",
    "Łęczycka-Hasel",
    "Öztürk-Birkenmann",
    "Ó Musteráin",
    "Groß",
    "Ix",
)


class Names:
    """Draws names from ``rng``, each surname once: the order of drawing decides."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        plain = [begin + end for begin in _BEGINNINGS for end in _ENDINGS]
        rng.shuffle(plain)
        # One odd name after every few plain ones, so that each list of people has some.
        self._surnames = [
            name
            for at, name in enumerate(plain)
            for name in ([name] if at % 9 or at // 9 >= len(_ODD) else [_ODD[at // 9], name])
        ]
        self._drawn = 0

    def draw(self) -> tuple[str, str, str]:
        """Salutation, first and last name of one more person; most say how to address them.

        Beyond the stock of surnames they get a second part, so that none occurs twice.
        """
        women = self._rng.random() < 0.62
        first = self._rng.choice(_WOMEN if women else _MEN)
        round_, at = divmod(self._drawn, len(self._surnames))
        last = self._surnames[at]
        if round_:
            last = f"{last}-{self._surnames[(at + round_) % len(self._surnames)]}"
        self._drawn += 1
        salutation = Salutation.MS if women else Salutation.MR
        return (Salutation.NONE if self._rng.random() < 0.08 else salutation), first, last
