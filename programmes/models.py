"""All models of the frame, for Django's one `migrations/` per app."""

from programmes.billing.models import (
    Buyer,
    CycleFee,
    Invoice,
    InvoiceLine,
    Issuer,
    NumberSequence,
    OrderNumber,
)
from programmes.budget.models import BudgetLine
from programmes.calls.models import Call, Involvement
from programmes.certificates.models import CertificateText
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participant,
    Participation,
    PermanentMember,
    Programme,
)
from programmes.documents.models import Document, DocumentVersion
from programmes.events.models import AgendaItem, Attendee, Event
from programmes.groups.models import Group, GroupMember
from programmes.invoice_mails.models import InvoiceLetter, InvoiceMailing
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.outbox.models import Delivery, MessageContent, MessageTail, SendingGate
from programmes.payments.models import BankEntry, BankStatement, Payment
from programmes.people.models import Invitation, LogisticsStaff, MunicipalityStaff, Person
from programmes.privacy.models import Announcement, CyclePeriod, Erasure
from programmes.registrations.models import Interest
from programmes.roadmap.models import (
    FeedToken,
    Milestone,
    Move,
    NoticeChoice,
    Reminder,
    Task,
    TemplateMilestone,
    TemplateTask,
    WeeklySummary,
)
from programmes.rundmails.models import (
    AudienceChoice,
    Recipient,
    Rundmail,
    RundmailAttachment,
    RundmailTemplate,
)
from programmes.suppliers.models import Commission, Speaker, SupplierInvoice

__all__ = [
    "AgendaItem",
    "Announcement",
    "Attendee",
    "AudienceChoice",
    "BankEntry",
    "BankStatement",
    "BudgetLine",
    "Buyer",
    "Call",
    "CertificateText",
    "Commission",
    "CouncilSeat",
    "Cycle",
    "CycleFee",
    "CyclePeriod",
    "Delivery",
    "Document",
    "DocumentVersion",
    "Erasure",
    "Event",
    "FeedToken",
    "Group",
    "GroupMember",
    "Interest",
    "Invitation",
    "Invoice",
    "InvoiceLetter",
    "InvoiceLine",
    "InvoiceMailing",
    "Involvement",
    "Issuer",
    "LogisticsPartner",
    "LogisticsStaff",
    "MessageContent",
    "MessageTail",
    "Milestone",
    "Move",
    "Municipality",
    "MunicipalityStaff",
    "NoticeChoice",
    "NumberSequence",
    "OrderNumber",
    "Participant",
    "Participation",
    "Payment",
    "PermanentMember",
    "Person",
    "Programme",
    "Recipient",
    "Reminder",
    "Rundmail",
    "RundmailAttachment",
    "RundmailTemplate",
    "SendingGate",
    "Speaker",
    "SupplierInvoice",
    "Task",
    "TemplateMilestone",
    "TemplateTask",
    "WeeklySummary",
]
