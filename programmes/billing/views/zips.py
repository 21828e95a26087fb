"""The files of many invoices at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from mentoring.jobs.domain import start_job
from mentoring.ui.errors import Refused
from mentoring.ui.views import ActionPage
from programmes.billing import zips
from programmes.billing.jobs import ZIP_KIND
from programmes.billing.lists import InvoiceFilter
from programmes.billing.models import Invoice
from programmes.billing.pages import InCycle
from programmes.cycles.views.base import acting_user

NOTHING = "Unter den ausgewählten Rechnungen ist keine mit einer Datei."


class InvoiceZip(InCycle, ActionPage):
    """The invoices of the list as it is filtered, each with PDF and XML, as one ZIP.

    The filter stands in the address, as it does on the list.
    """

    rule = "billing.list"
    title = "Rechnungen als ZIP"
    button_label = "ZIP-Datei erstellen"

    @cached_property
    def chosen(self) -> list[Invoice]:
        """Those of the filter which the user may see and that have files."""
        seen = Invoice.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        found = InvoiceFilter(self.request.GET, queryset=seen, request=self.request)
        return zips.with_files(found.qs if found.is_valid() else seen.none())

    def get_question(self) -> str:
        """How many."""
        count = len(self.chosen)
        if not count:
            return NOTHING
        return (
            "Die Dateien einer Rechnung?" if count == 1 else f"Die Dateien von {count} Rechnungen?"
        )

    def consequences(self) -> list[str]:
        """What is in it, and how long it takes."""
        if not self.chosen:
            return ["Ändern Sie auf der Liste den Filter, oder stellen Sie zuerst Rechnungen aus."]
        lines = [
            "Die ZIP-Datei enthält zu jeder Rechnung das PDF und, wo es eine gibt, die XML-Datei. "
            "Dabei ist, was auf der Liste gefiltert war; Entwürfe haben keine Dateien."
        ]
        if len(self.chosen) > zips.DIRECT:
            lines.append("Das dauert einen Augenblick. Sie sehen, wie weit es ist.")
        return lines

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The ZIP at once, or the way to the job that makes it."""
        if not self.chosen:
            return self.render_to_response(self.get_context_data())
        try:
            if len(self.chosen) <= zips.DIRECT:
                return self._download()
            return HttpResponseRedirect(self._start())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def _download(self) -> HttpResponse:
        response = HttpResponse(zips.zip_of(self.chosen), content_type="application/zip")
        name = zips.name_of(self.cycle)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _start(self) -> str:
        params = {"cycle": self.cycle.pk, "invoices": [invoice.pk for invoice in self.chosen]}
        title = f"{len(self.chosen)} Rechnungen als ZIP"
        job = start_job(ZIP_KIND, by=acting_user(self.request), params=params, title=title)
        return str(job.get_absolute_url())
