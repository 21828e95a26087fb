"""What becomes of a Kommune's applications when it leaves a Durchgang that goes on."""

from mentoring.accounts.models import User
from programmes.cycles.models import Participation
from programmes.cycles.registries import Leaving
from tandems.applications.domain import withdraw
from tandems.applications.models import Application, ApplicationState

REASON = "Die Kommune nimmt nicht mehr teil: {reason}"


def consequences(participation: Participation, user: User) -> list[str]:
    """The applications before the Beirat that ``user`` sees; of others not even how many.

    What the Kommune has not handed over is its own affair, and so is what hides itself from
    ``user``: that it ends with the Kommune is said of all alike, whether there is any or not.
    """
    rows = (
        Application.objects.visible_to(user)
        .filter(
            cycle=participation.cycle_id,
            municipality=participation.municipality_id,
            state__in=ApplicationState.with_council(),
        )
        .select_related("person")
        .order_by("rank", "person__sort_key", "pk")
    )
    return [
        f"Die Bewerbung von {row.person.full_name} ({row.get_state_display()}) wird zurückgezogen."
        for row in rows
    ]


def leave(participation: Participation, reason: str, by: User) -> None:
    """Withdraw every application of the Kommune in this cycle, drafts included.

    They are not deleted: that is for their period, so a Kommune that left by mistake has
    lost nothing that was typed.
    """
    rows = Application.objects.filter(
        cycle=participation.cycle_id, municipality=participation.municipality_id
    ).exclude(state=ApplicationState.WITHDRAWN)
    for application in rows.order_by("pk"):
        withdraw(application, reason=REASON.format(reason=reason), by=by)


LEAVING = Leaving(consequences, leave)
