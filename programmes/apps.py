from mentoring.rooms import WingConfig


class ProgrammesConfig(WingConfig):
    name = "programmes"
    verbose_name = "Programme"
    rooms = (
        "organisations",
        "people",
        "outbox",
        "cycles",
        "documents",
        "roadmap",
        "events",
        "registrations",
        "groups",
        "rundmails",
        "einvoices",
        "billing",
        "payments",
        "invoice_mails",
        "suppliers",
        "budget",
        "certificates",
        "sheets",
        "calls",
        "privacy",
    )
