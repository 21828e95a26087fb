"""The first start: a link with a signed code makes the first operator, once."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "mentoring.accounts.setup"
PURPOSE = "first operator"


def setup_link() -> str:
    """The address under which the first operator is made. Valid until there is one."""
    return settings.BASE_URL + reverse("setup", kwargs={"code": signing.dumps(PURPOSE, salt=SALT)})


def code_is_ours(code: str) -> bool:
    """Whether ``code`` was made by this installation."""
    try:
        return bool(signing.loads(code, salt=SALT) == PURPOSE)
    except signing.BadSignature:
        return False
