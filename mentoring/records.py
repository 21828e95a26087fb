"""What the house's records have in common: version numbers, and sort and search keys."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F

from mentoring.text import search_key, sort_key

_KEYS = {"sort_key", "search_key"}
_BATCH = 500


class EditConflict(Exception):
    """Somebody else changed the record since it was read.

    ``current`` is the record as it stands in the database, or ``None`` if it is gone.
    """

    def __init__(self, current: models.Model | None) -> None:
        super().__init__("the record was changed by somebody else")
        self.current = current


class VersionedQuerySet(models.QuerySet):
    """A queryset whose bulk writes raise the version numbers too, and enter the log."""

    def update(self, **values: Any) -> int:
        """As Django's, raising ``version``; rows of tracked models get log entries."""
        # A late import: the log's own models are built on this module's ground.
        from mentoring.log.domain import log_bulk_update

        values.setdefault("version", F("version") + 1)
        with transaction.atomic(using=self.db):
            log_bulk_update(self, values)
            return super().update(**values)

    def bulk_update(
        self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        """As Django's, raising ``version``.

        Django writes batches through ``update()``, so they raise the number there.
        """
        objs = list(objs)
        changed = super().bulk_update(objs, fields, batch_size=batch_size)
        for obj in objs:
            obj.version += 1
        return changed


class Versioned(models.Model):
    """A record that two people may edit: every write raises ``version``.

    ``save()`` writes only if the stored version is still the one that was read and raises
    ``EditConflict`` otherwise, so no path can overwrite silently.
    """

    version = models.PositiveIntegerField("Version", default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; raises ``EditConflict`` if the stored version differs from ours."""
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        base = type(self)._base_manager.filter(pk=self.pk)
        with transaction.atomic(using=self._state.db):
            # Django's own queryset, not ours: the log entry is written by save() itself.
            claimed = models.QuerySet.update(
                base.filter(version=self.version), version=F("version") + 1
            )
            if not claimed:
                raise EditConflict(base.first())
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
            try:
                super().save(*args, **kwargs)
            except BaseException:
                self.version -= 1
                raise


class KeyedQuerySet(VersionedQuerySet):
    """Search by words, sort as German does."""

    def search(self, text: str) -> Self:
        """Rows that contain every word of ``text``, whatever the umlauts' spelling."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found

    def update(self, **values: Any) -> int:
        """As ``VersionedQuerySet``'s; keys follow where their text is among ``values``."""
        keyed: Any = self.model  # a Keyed one
        text = {*keyed.key_fields, *keyed.search_only_fields}
        if not text.intersection(values) or _KEYS.issubset(values):
            return super().update(**values)
        with transaction.atomic(using=self.db):
            # Afterwards the filter may find other rows than before.
            keys = list(self.values_list("pk", flat=True))
            changed = super().update(**values)
            # Django's own queryset: the rows' version is raised and logged already.
            plain: models.QuerySet[Any] = models.QuerySet(self.model, using=self.db)
            for start in range(0, len(keys), _BATCH):
                rows = list(plain.filter(pk__in=keys[start : start + _BATCH]))
                for row in rows:
                    row.fill_keys()
                plain.bulk_update(rows, _KEYS)
        return changed

    def bulk_update(
        self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        """As ``VersionedQuerySet``'s, with fresh keys."""
        objs = list(objs)
        for obj in objs:
            obj.fill_keys()
        return super().bulk_update(objs, {*fields, *_KEYS}, batch_size=batch_size)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As Django's, with the keys filled, since it does not call ``save()``."""
        objs = list(objs)
        for obj in objs:
            obj.fill_keys()
        return super().bulk_create(objs, *args, **kwargs)


class Keyed(Versioned):
    """A versioned record with stored keys for German sorting and searching."""

    key_fields: ClassVar[Collection[str]]
    """Names of the text fields the keys are made from; the first ones sort."""

    search_only_fields: ClassVar[Collection[str]] = ()
    """Further fields that are searched but do not sort."""

    sort_key = models.CharField(max_length=500, editable=False, db_index=True)
    search_key = models.TextField(editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with fresh keys."""
        self.fill_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_key", "search_key"}
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Compute both keys from the text fields."""
        sorted_by = " ".join(getattr(self, name) or "" for name in self.key_fields)
        searched = " ".join(getattr(self, name) or "" for name in self.search_only_fields)
        self.sort_key = sort_key(sorted_by)[:500]
        self.search_key = f"{search_key(sorted_by)} {search_key(searched)}".strip()
