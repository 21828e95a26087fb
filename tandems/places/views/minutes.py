"""The minutes as PDF, for the Beirat."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from mentoring.log.domain import record_access
from mentoring.ui.pdf import house_pdf
from mentoring.ui.views import PageView
from tandems.places.views.base import OfAllocation


class MinutesFile(OfAllocation, PageView):
    """Date, who was there, proposal, changes, voices, result; what is hidden is left out."""

    title = "Protokoll der Platzvergabe"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF."""
        record_access(self.allocation, by=request.user)
        found = self.board
        data = house_pdf(
            "places/minutes_pdf.html",
            {
                "title": self.title,
                "cycle": self.cycle,
                "allocation": self.allocation,
                "board": found,
                "present": list(
                    self.allocation.present.select_related("municipality").order_by(
                        "municipality__sort_key"
                    )
                ),
            },
        )
        name = f"protokoll-platzvergabe-{self.cycle.number}.pdf"
        return HttpResponse(
            data,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )
