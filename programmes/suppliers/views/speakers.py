"""Pages of Referent/innen."""

from typing import Any

from django.utils import timezone

from mentoring.ui.views import Action, CreatePage, DetailPage, ObjectActionPage, UpdatePage
from programmes.suppliers.domain import speakers
from programmes.suppliers.forms import SpeakerForm
from programmes.suppliers.models import Commission, Speaker, SupplierInvoice
from programmes.suppliers.pages import OfSpeakers, OnSpeaker, commission_badge


class SpeakerPage(OnSpeaker, DetailPage):
    """Somebody with what they did so far."""

    rule = "suppliers.speakers"
    template_name = "suppliers/speaker.html"

    def breadcrumbs(self) -> Any:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """All that is known, for that is what they may ask for (Art. 15 DSGVO)."""
        speaker = self.speaker
        return [
            ("E-Mail", speaker.email),
            ("Telefon", speaker.phone),
            ("Ort", speaker.city),
            ("Themen", speaker.topics),
            ("Bemerkung", speaker.note),
            ("eingetragen am", timezone.localdate(speaker.created_at)),
        ]

    def actions(self) -> list[Action]:
        """Ask for a commission, change, delete."""
        pk = self.speaker.pk
        create = f"{self.page('commission_create')}?referent={pk}"
        return [
            Action("Auftrag anlegen", create, "primary", "add"),
            Action("Bearbeiten", self.page("speaker_change", pk), icon="edit"),
            Action("Löschen", self.page("speaker_delete", pk), "tertiary", "delete"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Past and present commissions, of the cycles the user sees."""
        rows = (
            Commission.objects.visible_to(self.request.user)
            .filter(speaker=self.speaker)
            .select_related("cycle", "event")
            .order_by("-cycle__start_year", "-pk")
        )
        listed = [(row, commission_badge(row)) for row in rows]
        elsewhere = self.speaker.commissions.count() - len(listed)
        return super().get_context_data(commissions=listed, elsewhere=elsewhere, **kwargs)


class SpeakerCreate(OfSpeakers, CreatePage):
    """Enter somebody."""

    model = Speaker
    form_class = SpeakerForm
    rule = "suppliers.speakers"
    title = "Referent/in eintragen"
    success_message = "Die Person ist eingetragen."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of this programme."""
        speaker = Speaker(programme=self.cycle.programme)
        return {**super().get_form_kwargs(), "instance": speaker}

    def save(self, form: Any) -> Speaker:
        """By way of the domain."""
        return speakers.create(form.instance, another=form.cleaned_data["another"], by=self.user)

    def get_success_url(self) -> str:
        """To their page."""
        return self.page("speaker", self.saved.pk)


class SpeakerChange(OnSpeaker, UpdatePage):
    """Change what stands about somebody."""

    form_class = SpeakerForm
    rule = "suppliers.speakers"
    title = "Referent/in bearbeiten"

    def save(self, form: Any) -> Speaker:
        """By way of the domain."""
        return speakers.save(form.instance, another=form.cleaned_data["another"], by=self.user)


class SpeakerDelete(OnSpeaker, ObjectActionPage):
    """Delete somebody, on request or because they will not be asked again."""

    rule = "suppliers.speakers"
    title = "Referent/in löschen"
    button_label = "Endgültig löschen"
    danger = True
    success_message = "Die Person ist gelöscht."

    @property
    def reason_field(self) -> str | None:  # type: ignore[override]  # asked per object here
        """Needed where there were commissions."""
        return "required" if self.speaker.commissions.exists() else None

    def get_question(self) -> str:
        """Whom."""
        return f"Soll „{self.speaker}“ gelöscht werden?"

    def consequences(self) -> list[str]:
        """What goes, what stays and why."""
        speaker = self.speaker
        lines = ["Name, Adressen, Themen und Bemerkung werden gelöscht, auch im Protokoll."]
        number = speaker.commissions.count()
        if number:
            many = "Ein Auftrag bleibt" if number == 1 else f"{number} Aufträge bleiben"
            lines.append(f"{many} ohne den Namen stehen, damit die Zahlen stimmen.")
        if SupplierInvoice.objects.filter(commission__speaker=speaker).exists():
            lines.append(
                "Rechnungen nennen den Namen weiter, bis sie nach acht Jahren gelöscht werden "
                "(§ 147 AO)."
            )
        return [*lines, "Das lässt sich nicht rückgängig machen."]

    def perform(self) -> None:
        """By way of the domain."""
        speakers.delete(self.speaker, reason=self.reason, by=self.user)

    def get_success_url(self) -> str:
        """To the list."""
        return self.page("speakers")
