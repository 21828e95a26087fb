"""Django's admin, reduced to looking at sign-ins.

It is entered through our own sign-in page. Whatever libraries register there by themselves
is taken out again: the log keeps secrets that their pages know nothing of, and sign-ins are
changed on the page "Zugänge", where a reason is asked for.
"""

from importlib import import_module
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mentoring.accounts.models import User
from mentoring.log.models import LogEntry

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents it
admin.site.site_header = admin.site.site_title = "Technische Verwaltung"
for _app in ("auditlog", "allauth.account", "allauth.usersessions", "django.contrib.auth"):
    # They register when first imported, so that has to happen before they are taken out.
    import_module(f"{_app}.admin")
for _model in (LogEntry, EmailAddress, UserSession, Group):
    admin.site.unregister(_model)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Looks, and leads to the page that changes."""

    list_display = ("email", "is_active", "is_superuser", "last_login", "managed")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email",)
    ordering = ("email",)
    fields = (
        "email",
        "is_active",
        "status_reason",
        "is_superuser",
        "last_login",
        "date_joined",
        "managed",
    )
    readonly_fields = fields
    actions = None

    @admin.display(description="Verwalten")
    def managed(self, user: User) -> SafeString:
        """The way to the page "Zugänge"."""
        return format_html('<a href="{}">öffnen</a>', reverse("user", args=[user.pk]))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operators only."""
        return bool(request.user.is_authenticated and request.user.is_operator)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sign-ins come from invitations and from the page "Zugänge"."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changes need a reason and go through the domain."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A sign-in is deactivated, not deleted: the log names it."""
        return False
