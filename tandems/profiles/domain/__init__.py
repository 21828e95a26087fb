"""The doors of this room: consents, exclusions, versions of the sheet."""

from tandems.profiles.domain.answers import kept_in, write_answers, write_rows, write_to
from tandems.profiles.domain.consents import correct_consent, give_consent, withdraw_consent
from tandems.profiles.domain.exclusions import Named, Naming, name_exclusions
from tandems.profiles.domain.versions import (
    begin_version,
    choose_version,
    copy_choice,
    delete_version,
    is_fixed,
    publish_version,
    remove_question,
    save_question,
    save_version,
)

__all__ = [
    "Named",
    "Naming",
    "begin_version",
    "choose_version",
    "copy_choice",
    "correct_consent",
    "delete_version",
    "give_consent",
    "is_fixed",
    "kept_in",
    "name_exclusions",
    "publish_version",
    "remove_question",
    "save_question",
    "save_version",
    "withdraw_consent",
    "write_answers",
    "write_rows",
    "write_to",
]
