"""The one way to a stored file."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest

from mentoring.files.domain import may_read
from mentoring.files.models import StoredFile
from mentoring.ui.views import SIGNED_IN, PageView

# Types a browser shows without running anything that stands in them.
INLINE_TYPES = ("image/png", "image/jpeg")


class FilePage(PageView):
    """Answers with the file, if the reader of its purpose lets the user have it."""

    rule = SIGNED_IN
    title = "Datei"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The file; 404 alike for one that is not there and one that is not for this user."""
        try:
            stored = StoredFile.objects.filter(pk=self.kwargs["pk"]).first()
        except OverflowError:
            stored = None
        if stored is None or not may_read(request.user, stored):
            raise Http404
        try:
            content = stored.content.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(
            content,
            as_attachment=stored.content_type not in INLINE_TYPES,
            filename=stored.name,
            content_type=stored.content_type,
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
