"""HTML to PDF."""


def html_to_pdf(html: str) -> bytes:
    """``html`` as PDF. Addresses in it are names of static files, e.g. ``css/pdf.css``."""
    # WeasyPrint takes a second to import, which a process that prints nothing can do without.
    from mentoring.ui.pdf_engine import render

    return render(html)
