"""Credentials. A ``User`` signs in; who that is to the programme says its ``Person``."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
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
