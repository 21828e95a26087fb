"""What a person is to the programmes, in words."""

from collections.abc import Callable

from mentoring.registry import Registry
from programmes.people.models import Person

role_words: Registry[Callable[[Person], list[str]]] = Registry("roles of a person in words")
"""Each room says what the person is today, "Personalstelle Greven" for one. Shown to the
person, in an invitation, and to whoever may see the person: so nothing that is still secret.
"""


def roles_in_words(person: Person) -> list[str]:
    """All that ``person`` is today; each thing once."""
    return list(dict.fromkeys(word for words in role_words for word in words(person)))


def posts_in_words(person: Person) -> list[str]:
    """The posts this room knows."""
    return [
        str(post)
        for posts in (
            person.municipality_posts.current().select_related("municipality"),
            person.logistics_posts.current().select_related("partner"),
        )
        for post in posts
    ]
