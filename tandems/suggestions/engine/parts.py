"""Each criterion at work: numbers for whole blocks of pairs, a sentence for one.

A part gives 0 to 1, and NaN where nothing is known. What depends on a few answers only is
worked out once for each combination that occurs and then looked up.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from programmes.organisations.distance import kilometres_between
from tandems.suggestions.engine import labels
from tandems.suggestions.engine.facts import MenteeFacts, MentorFacts
from tandems.suggestions.engine.labels import listed, ordered, quoted
from tandems.suggestions.engine.naming import Named
from tandems.suggestions.engine.tables import (
    NOTHING,
    Mentees,
    Mentors,
    Part,
    Table,
    each,
    mean_of,
)
from tandems.suggestions.engine.words import Alike, Vocabulary

USUAL_KM = 40.0
"""How far somebody drives who did not say: the way through half the Münsterland."""


class Topics:
    """The share of the topics wanted that are offered."""

    def __init__(self, mentees: Mentees, mentors: Mentors, vocabulary: Vocabulary) -> None:
        from scipy import sparse  # type: ignore[import-untyped]  # it takes a while to load

        self._mentees, self._mentors = mentees, mentors
        every = sorted(
            frozenset().union(*(one.topics for one in mentees), *(one.topics for one in mentors))
        )
        number = {topic: place for place, topic in enumerate(every)}
        self._offered = np.zeros((max(len(every), 1), len(mentors)), dtype=np.float32)
        for column, mentor in enumerate(mentors):
            self._offered[[number[topic] for topic in mentor.topics], column] = 1.0
        counts = np.array([len(one.topics) for one in mentees], dtype=np.float32)
        wanted = [number[topic] for one in mentees for topic in sorted(one.topics)]
        # Sparse, because a product of small dense arrays wakes threads that cost more than it.
        self._wanted: Any = sparse.csr_matrix(
            (
                np.ones(len(wanted), dtype=np.float32),
                np.array(wanted, dtype=np.int32),
                np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]),
            ),
            shape=(len(mentees), len(self._offered)),
        )
        self._count = np.where(counts > 0, counts, np.float32(NOTHING))
        self._silent = np.array([not one.topics for one in mentors], dtype=bool)

    def rows(self, part: slice) -> np.ndarray:
        """The scores of some rows with all columns."""
        found: np.ndarray = self._wanted[part] @ self._offered
        found /= self._count[part, None]
        found[:, self._silent] = np.nan
        return found

    def at(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """The scores of some pairs."""
        met = self._wanted[i].multiply(self._offered[:, j].T).sum(axis=1)
        found = np.asarray(met, dtype=np.float32).ravel() / self._count[i]
        return np.where(self._silent[j], np.float32(NOTHING), found)

    def sentence(self, i: int, j: int) -> str:
        """Which topics meet."""
        wanted = self._mentees[i].topics
        common = wanted & self._mentors[j].topics
        names = listed(ordered(common, labels.TOPICS))
        if not common:
            missing = listed(ordered(wanted, labels.TOPICS))
            return f"Gewünscht ist {missing}; angeboten werden andere Themen."
        if len(common) < len(wanted):
            return f"Gewünscht und angeboten: {names} ({len(common)} von {len(wanted)} Themen)."
        if len(wanted) == 1:
            return f"Das gewünschte Thema wird angeboten: {names}."
        return f"Alle gewünschten Themen werden angeboten: {names}."


class Experience:
    """What the mentee hopes for, and what the mentor has done and wants to pass on."""

    def __init__(self, mentees: Mentees, mentors: Mentors, vocabulary: Vocabulary) -> None:
        self._alike = Alike(
            [one.words for one in mentees], [one.words for one in mentors], vocabulary
        )
        self.rows, self.at = self._alike.rows, self._alike.at

    def sentence(self, i: int, j: int) -> str:
        """The words that say most among the common ones."""
        common = self._alike.common(i, j)
        if common:
            return f"Beide schreiben von {quoted(common)}."
        return "In beiden Texten kommt nichts Gemeinsames vor; vielleicht nur in anderen Worten."


class Administration(Table):
    """The kind of administration: as wished; without a wish another kind widens the view."""

    AS_WISHED, KNOWN, NOT_WISHED = 1.0, 0.75, 0.0
    OTHER_KIND, SAME_KIND = 0.75, 0.5

    def __init__(self, mentees: Mentees, mentors: Mentors, vocabulary: Vocabulary) -> None:
        self._mentees, self._mentors = mentees, mentors
        super().__init__(
            [(one.wish_administration, one.administration) for one in mentees],
            [(one.administration, one.known_administrations) for one in mentors],
            each(mentees, mentors, self._score),
        )

    def _score(self, mentee: MenteeFacts, mentor: MentorFacts) -> float:
        wished, kind = mentee.wish_administration, mentor.administration
        if wished:
            if kind in wished:
                return self.AS_WISHED
            if wished & mentor.known_administrations:
                return self.KNOWN
            return self.NOT_WISHED if kind else NOTHING
        if not mentee.administration or not kind:
            return NOTHING
        return self.SAME_KIND if kind == mentee.administration else self.OTHER_KIND

    def sentence(self, i: int, j: int) -> str:
        """Which kind was wished, which one it is."""
        mentee, mentor = self._mentees[i], self._mentors[j]
        wished, kind = mentee.wish_administration, mentor.administration
        where = labels.IN_ADMINISTRATION
        if not wished:
            name = labels.ADMINISTRATIONS.get(kind, kind)
            if kind == mentee.administration:
                return f"Beide arbeiten in derselben Art von Verwaltung ({name})."
            own = labels.ADMINISTRATIONS.get(mentee.administration, mentee.administration)
            return f"Eine andere Art von Verwaltung weitet den Blick: {name} statt {own}."
        if kind in wished:
            return f"Arbeitet {where.get(kind, kind)}, wie gewünscht."
        known = wished & mentor.known_administrations
        if known:
            return f"Kennt die Arbeit {listed(ordered(known, where))}, wie gewünscht."
        hoped = listed(ordered(wished, where), "oder")
        return f"Gewünscht ist jemand {hoped}; das ist hier nicht der Fall."


class Distance(Table):
    """Kilometres between the Kommunen, against how far both drive; not for who meets online."""

    def __init__(self, mentees: Mentees, mentors: Mentors, vocabulary: Vocabulary) -> None:
        self._mentees, self._mentors = mentees, mentors
        super().__init__(
            [(one.point, one.max_km, one.meeting_form) for one in mentees],
            [(one.point, one.max_km, one.meeting_form) for one in mentors],
            self._scores,
        )

    def _scores(self, rows: list[int], columns: list[int]) -> np.ndarray:
        """1 at the same place, a half at the limit, 0 at twice the limit."""
        ones, others = [self._mentees[i] for i in rows], [self._mentors[j] for j in columns]
        # There are fewer places than combinations of answers.
        places = Table(
            [one.point for one in ones],
            [one.point for one in others],
            lambda i, j: kilometres_between(
                [ones[n].point for n in i], [others[n].point for n in j]
            ),
        )
        self._away = away = places.rows(slice(None))
        limit = np.fmin.outer(_limits(ones), _limits(others))
        limit = np.maximum(np.where(np.isnan(limit), USUAL_KM, limit), 1.0)
        found = np.clip(1.0 - away / (2.0 * limit), 0.0, 1.0)
        online = np.logical_or.outer(
            [one.meeting_form == "online" for one in ones],
            [one.meeting_form == "online" for one in others],
        )
        present = np.logical_or.outer(
            [one.meeting_form == "presence" for one in ones],
            [one.meeting_form == "presence" for one in others],
        )
        found[online & ~present] = np.nan
        return found

    def sentence(self, i: int, j: int) -> str:
        """How far, and whether both drive that far."""
        mentee, mentor = self._mentees[i], self._mentors[j]
        away = float(self._away[self._i[i], self._j[j]])
        if away < 1:
            return "Beide arbeiten am selben Ort."
        about = f"Etwa {away:.0f} km Luftlinie"
        limits = [km for km in (mentee.max_km, mentor.max_km) if km is not None]
        if not limits:
            return f"{about} auseinander."
        if away <= min(limits):
            return f"{about} auseinander; so weit wird gefahren."
        return f"{about} auseinander, weiter als die angegebenen {min(limits):.0f} km."


def _limits(people: Sequence[MenteeFacts | MentorFacts]) -> np.ndarray:
    return np.array([NOTHING if one.max_km is None else one.max_km for one in people], dtype=float)


FORMS = {"presence": "in Präsenz", "online": "online"}


class Style:
    """How both like to meet, and how both describe the way they work."""

    def __init__(self, mentees: Mentees, mentors: Mentors, vocabulary: Vocabulary) -> None:
        self._mentees, self._mentors = mentees, mentors
        self._form = Table(
            [one.meeting_form for one in mentees],
            [one.meeting_form for one in mentors],
            each(mentees, mentors, _form),
        )
        self._alike = Alike(
            [one.style for one in mentees], [one.style for one in mentors], vocabulary
        )

    def rows(self, part: slice) -> np.ndarray:
        """The scores of some rows with all columns."""
        found = self._form.rows(part)
        return mean_of(found, self._alike.rows(part)) if self._alike.tells else found

    def at(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """The scores of some pairs."""
        return mean_of(self._form.at(i, j), self._alike.at(i, j))

    def sentence(self, i: int, j: int) -> str:
        """The form of the meetings, and common words on the way of working."""
        one, other = self._mentees[i].meeting_form, self._mentors[j].meeting_form
        said = []
        if one and other:
            if "both" not in (one, other) and one != other:
                said.append(
                    "Die eine Seite trifft sich lieber in Präsenz, die andere lieber online."
                )
            elif one == other == "both":
                said.append("Beide treffen sich in Präsenz oder online.")
            else:
                form = FORMS.get(one) or FORMS.get(other, "")
                said.append(f"Beide können sich {form} treffen.")
        common = self._alike.common(i, j)
        if common:
            said.append(f"Zur Arbeitsweise schreiben beide von {quoted(common)}.")
        return " ".join(said) or "Zur Arbeitsweise schreiben beide in anderen Worten."


def _form(mentee: MenteeFacts, mentor: MentorFacts) -> float:
    one, other = mentee.meeting_form, mentor.meeting_form
    if not one or not other:
        return NOTHING
    return 1.0 if one == other or "both" in (one, other) else 0.0


class Wishes:
    """The field and the size of the administration the mentee wishes for."""

    def __init__(self, mentees: Mentees, mentors: Mentors, vocabulary: Vocabulary) -> None:
        self._mentees, self._mentors = mentees, mentors
        self._size = Table(
            [one.wish_size for one in mentees],
            [one.size for one in mentors],
            each(mentees, mentors, _size),
        )
        self._field = Named(
            [one.wish_field for one in mentees], [one.field for one in mentors], vocabulary
        )

    def rows(self, part: slice) -> np.ndarray:
        """The scores of some rows with all columns."""
        return mean_of(self._field.rows(part), self._size.rows(part))

    def at(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """The scores of some pairs."""
        return mean_of(self._field.at(i, j), self._size.at(i, j))

    def sentence(self, i: int, j: int) -> str:
        """What was wished and is so, or is not."""
        mentee, mentor = self._mentees[i], self._mentors[j]
        said = []
        named = self._field.common(i, j)
        if named:
            said.append(f"Arbeitet im gewünschten Fachgebiet: {quoted(named)}.")
        elif mentee.wish_field and mentor.field:
            said.append("Arbeitet in einem anderen Fachgebiet als gewünscht.")
        if mentee.wish_size and mentor.size:
            size = labels.SIZES.get(mentor.size, mentor.size)
            fits = "wie gewünscht" if mentor.size in mentee.wish_size else "anders als gewünscht"
            said.append(f"Größe der Verwaltung {fits}: {size}.")
        return " ".join(said)


def _size(mentee: MenteeFacts, mentor: MentorFacts) -> float:
    if not mentee.wish_size or not mentor.size:
        return NOTHING
    return 1.0 if mentor.size in mentee.wish_size else 0.0


class FormerRole(Table):
    """Whether the mentor knows the role the mentee grows into, and knows the programme."""

    SAME_ROLE, OTHER_ROLE, FIRST_TIME = 1.0, 0.5, 0.5
    STAFF = frozenset({"staff_position", "specialist"})

    def __init__(self, mentees: Mentees, mentors: Mentors, vocabulary: Vocabulary) -> None:
        self._mentees, self._mentors = mentees, mentors
        super().__init__(
            [one.target_group for one in mentees],
            [(one.level, one.mentored_before) for one in mentors],
            each(mentees, mentors, self._score),
        )

    def _same(self, mentee: MenteeFacts, mentor: MentorFacts) -> bool | None:
        """``None`` if one of the two roles is not known."""
        if not mentee.target_group or not mentor.level:
            return None
        return (mentee.target_group in self.STAFF) == (mentor.level == "staff")

    def _score(self, mentee: MenteeFacts, mentor: MentorFacts) -> float:
        said = []
        same = self._same(mentee, mentor)
        if same is not None:
            said.append(self.SAME_ROLE if same else self.OTHER_ROLE)
        if mentor.mentored_before is not None:
            said.append(1.0 if mentor.mentored_before else self.FIRST_TIME)
        return sum(said) / len(said) if said else NOTHING

    def sentence(self, i: int, j: int) -> str:
        """Which way the mentor has gone."""
        mentor = self._mentors[j]
        said = []
        same = self._same(self._mentees[i], mentor)
        if same is not None:
            level = labels.LEVELS.get(mentor.level, mentor.level)
            said.append(
                f"Kennt die Rolle aus eigener Erfahrung ({level})."
                if same
                else f"Ist einen anderen Weg gegangen ({level})."
            )
        if mentor.mentored_before is not None:
            said.append(
                "War schon einmal dabei." if mentor.mentored_before else "Ist zum ersten Mal dabei."
            )
        return " ".join(said)


PARTS: dict[str, Callable[[Mentees, Mentors, Vocabulary], Part]] = {
    "topics": Topics,
    "experience": Experience,
    "administration": Administration,
    "distance": Distance,
    "style": Style,
    "wishes": Wishes,
    "former_role": FormerRole,
}
"""The part behind each criterion."""
