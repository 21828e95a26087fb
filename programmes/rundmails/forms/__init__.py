"""The forms of Rundmails."""

from programmes.rundmails.forms.mail import RundmailForm
from programmes.rundmails.forms.template import TemplateForm

__all__ = ["RundmailForm", "TemplateForm"]
