"""Credentials. A ``User`` signs in; who that is to the programme says its ``Person``."""

import json
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.http import QueryDict
from django.utils import timezone

KEPT_FOR = timedelta(hours=24)


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> Self:
        """All sign-ins for an operator, for anybody else their own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.is_operator else self.filter(pk=user.pk)

    def operators(self) -> Self:
        """Active operators."""
        return self.filter(is_superuser=True, is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # built at run time
    """Creates users whose e-mail is stored in lower case, so that it is unique in fact."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who may sign in with ``email``; without a password only by code."""
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An operator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this e-mail, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in. ``is_superuser`` marks an operator, who is a member of no cycle."""

    email = models.EmailField(
        "E-Mail-Adresse",
        unique=True,
        error_messages={"unique": "Mit dieser E-Mail-Adresse gibt es bereits einen Zugang."},
    )
    is_staff = models.BooleanField("darf in die technische Verwaltung", default=False)
    is_active = models.BooleanField("aktiv", default=True)
    date_joined = models.DateTimeField("angelegt am", default=timezone.now)
    status_reason = models.CharField(
        "Grund der letzten Sperrung oder Freigabe", max_length=2000, blank=True, editable=False
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        app_label = "mentoring"
        verbose_name = "Zugang"
        verbose_name_plural = "Zugänge"

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the address in lower case."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def is_operator(self) -> bool:
        """Runs the installation: settings, accounts, backup; no cycle."""
        return self.is_active and self.is_superuser


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def visible_to(self, user: Any) -> Self:
        """What ``user`` has typed and can still get back; nobody sees another's."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(user_id=user.pk, created_at__gt=timezone.now() - KEPT_FOR)

    def expired(self) -> Self:
        """What is older than its owner was promised."""
        return self.filter(created_at__lte=timezone.now() - KEPT_FOR)


class KeptForm(models.Model):
    """What was typed into a form whose session had ended, until its owner is back.

    ``data`` is JSON: a list of pairs of field name and list of values, so that no order
    and no repeated field is lost. Never in it: passwords, security tokens, files.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_forms")
    path = models.CharField("Adresse", max_length=500)
    data = models.TextField("Eingaben")
    created_at = models.DateTimeField("aufbewahrt seit", default=timezone.now)

    objects = models.Manager.from_queryset(KeptFormQuerySet)()

    class Meta:
        app_label = "mentoring"
        verbose_name = "aufbewahrte Eingabe"
        verbose_name_plural = "aufbewahrte Eingaben"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["user", "path"], name="kept_form_user_path"),
            models.Index(fields=["created_at"], name="kept_form_created"),
        )

    def __str__(self) -> str:
        return f"aufbewahrte Eingabe {self.pk}"

    def as_query_dict(self) -> QueryDict:
        """What was typed, as a form expects it."""
        found = QueryDict(mutable=True)
        for name, values in json.loads(self.data):
            found.setlist(name, values)
        return found
