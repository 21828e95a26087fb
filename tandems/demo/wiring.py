"""What this room adds to earlier ones."""

from mentoring.accounts.demo import DemoSignIn, demo_signins
from tandems.demo.guard import is_demo_database
from tandems.demo.signins import COMMON_KEY, SIGN_INS


def _signins() -> list[DemoSignIn]:
    """The sign-ins, once they exist; the page asks only where `DEMO` is set."""
    if not is_demo_database():
        return []
    return [
        DemoSignIn(role=f"{entry.role} ({entry.note})", email=entry.email, password=COMMON_KEY)
        for entry in SIGN_INS
    ]


demo_signins.add("demo", _signins)
