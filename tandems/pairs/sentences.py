"""Why a rule speaks against a pair, in a sentence.

None says more than the two halves themselves show: of an exclusion not who named whom, of
an earlier tandem not when it was, of a mentor's other mentees only their number.
"""

from tandems.applications.models import Application
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.models import PairRule
from tandems.profiles.models import TargetGroup

EXCLUDED = "Dieses Paar ist ausgeschlossen."


def sentence(rule: PairRule, application: Application, mentor: Mentor) -> str:
    """Why ``rule`` speaks against the pair; asks nothing of the database."""
    mentee, called = application.person.full_name, mentor.called
    match rule:
        case PairRule.SAME_EMPLOYER:
            return _same_employer(application, mentor)
        case PairRule.REPORTING_LINE:
            return f"{called} ist nach den Angaben im Profilbogen die Führungskraft von {mentee}."
        case PairRule.EXCLUDED:
            if application.person_id == mentor.person_id:
                return "Das ist ein und dieselbe Person."
            return EXCLUDED
        case PairRule.EARLIER_PAIR:
            return f"{mentee} und {called} waren in diesem Programm schon einmal ein Tandem."
        case PairRule.CAPACITY:
            return _capacity(mentor)
        case PairRule.NOT_AGREED:
            return _not_agreed(mentor)
        case PairRule.TARGET_GROUP:
            if application.target_group not in TargetGroup.values:
                return f"{mentee} ist keiner Zielgruppe des Programms zugeordnet."
            return f"{called} hat in diesem Durchgang selbst einen Platz als Mentee."
        case PairRule.NOT_FREE:
            return f"{called} ist nach eigener Angabe am Tag des Startworkshops nicht frei."


def _same_employer(application: Application, mentor: Mentor) -> str:
    if application.municipality_id == mentor.municipality_id:
        return f"Beide arbeiten bei derselben Kommune: {application.municipality.short_name}."
    person, mentee = mentor.person, application.person
    if mentee.municipality_id == mentor.municipality_id:
        house = mentor.municipality.short_name
        return f"{mentee.full_name} arbeitet inzwischen auch bei der Kommune {house}."
    if person is not None and person.municipality_id == application.municipality_id:
        house = application.municipality.short_name
        return f"{person.full_name} arbeitet inzwischen auch bei der Kommune {house}."
    # Both have moved to a third one, whose name was not read.
    return "Beide arbeiten inzwischen bei derselben Kommune."


def _capacity(mentor: Mentor) -> str:
    number = "einen Mentee" if mentor.capacity == 1 else f"{mentor.capacity} Mentees"
    return (
        f"{mentor.called} begleitet höchstens {number} und hat keinen Platz mehr frei. Möchte sie "
        "oder er mehr begleiten, ändern Sie die Zahl im Eintrag."
    )


def _not_agreed(mentor: Mentor) -> str:
    match mentor.state:
        case MentorState.IDEA:
            return f"{mentor.called} ist bisher eine Idee und noch nicht angefragt."
        case MentorState.APPROACHED:
            return f"{mentor.called} ist angefragt und hat noch nicht geantwortet."
        case MentorState.REFUSED:
            return f"{mentor.called} hat für diesen Durchgang abgesagt."
        case MentorState.PAUSED:
            return f"{mentor.called} pausiert in diesem Durchgang."
    return f"{mentor.called} hat noch nicht zugesagt."
