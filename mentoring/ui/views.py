"""The kinds of pages: every view of the product is one of these.

Each declares who may open it (``rule``) or that everybody may (``public``); a view that
says neither does not start.
"""

import copy
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import rules
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.utils.cache import add_never_cache_headers
from django.views.generic import TemplateView
from django.views.generic.edit import FormMixin

from mentoring.records import EditConflict
from mentoring.ui import submissions
from mentoring.ui.errors import Refused
from mentoring.ui.forms import (
    ConfirmForm,
    KernForm,
    KernFormHelper,
    ReasonForm,
    VersionedModelForm,
    discard_kept,
    kept_data,
    kept_token,
    without_errors,
)
from mentoring.ui.navigation import Crumb

logger = logging.getLogger(__name__)

SIGNED_IN = "signed_in"
"""The rule of a page that everybody who is signed in may open."""


@dataclass(frozen=True)
class Action:
    """A button of a page, leading to another page."""

    label: str
    url: str
    kind: str = "secondary"
    icon: str = ""


class PageView(TemplateView):
    """A page. Login, rule, title and breadcrumbs are declared, not programmed."""

    rule: ClassVar[str | None] = None
    """A predicate of ``rules`` ("<room>.<name>"), or ``signed_in``."""
    public: ClassVar[bool] = False
    title: str = ""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponse]:
        """As Django's; raises ``ImproperlyConfigured`` if nobody said who may open it."""
        name = f"{cls.__module__}.{cls.__qualname__}"
        if cls.public:
            if cls.rule is not None:
                raise ImproperlyConfigured(f"{name} is public and has a rule; choose one.")
            return login_not_required(super().as_view(**initkwargs))
        if cls.rule is None:
            raise ImproperlyConfigured(f"{name} declares no rule; set rule or public = True.")
        if cls.rule != SIGNED_IN and not rules.rule_exists(cls.rule):
            raise ImproperlyConfigured(f"{name}: there is no rule {cls.rule!r}.")
        return super().as_view(**initkwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check login and rule, then answer."""
        if not self.public:
            # SignInRequiredMiddleware does the same; a view must not hang on one setting.
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            self.check_rule()
        response = super().dispatch(request, *args, **kwargs)
        if not self.public:
            add_never_cache_headers(response)
        return response

    def check_rule(self) -> None:
        """Raise ``PermissionDenied`` unless the user may open this page."""
        if not self.public and not self.allowed(self.rule or "", self.get_rule_object()):
            raise PermissionDenied

    def allowed(self, rule: str, obj: Any = None) -> bool:
        """Whether the user passes ``rule`` for ``obj``; a superuser is asked like anybody."""
        return rule == SIGNED_IN or bool(rules.test_rule(rule, self.request.user, obj))

    def get_rule_object(self) -> Any:
        """What the rule is asked about; raises ``Http404`` if the user may not see it."""
        return None

    def get_title(self) -> str:
        """The heading of the page and the first part of its window title."""
        return self.title

    def breadcrumbs(self) -> list[Crumb]:
        """The pages above this one, without the start page and without this one."""
        return []

    def actions(self) -> list[Action]:
        """The buttons beside the heading: only what the user may do now."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Title, breadcrumbs and buttons."""
        kwargs.setdefault("title", self.get_title())
        kwargs.setdefault("breadcrumbs", self.breadcrumbs())
        kwargs.setdefault("actions", self.actions())
        return super().get_context_data(**kwargs)


class ObjectMixin:
    """Fetches the one object of a page, only from what the user may see."""

    model: ClassVar[type[models.Model]]
    pk_url_kwarg: ClassVar[str] = "pk"
    request: HttpRequest
    kwargs: dict[str, Any]

    def get_queryset(self) -> models.QuerySet:
        """The objects the user may see."""
        return self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]  # every model of ours has it

    def get_object(self) -> Any:
        """The object of this page, fetched once; raises ``Http404``."""
        if not hasattr(self, "_object"):
            try:
                self._object = self.get_queryset().filter(pk=self.kwargs[self.pk_url_kwarg]).first()
            except (ValueError, OverflowError, ValidationError):
                # A number beyond the column's range, or no number: there is no such row.
                self._object = None
        if self._object is None:
            raise Http404
        return self._object

    @property
    def object(self) -> Any:
        """As ``get_object()``."""
        return self.get_object()

    def get_rule_object(self) -> Any:
        """The rule is asked about the object."""
        return self.get_object()

    def get_title(self) -> str:
        """The title, or the object's name."""
        return getattr(self, "title", "") or str(self.get_object())


class DetailPage(ObjectMixin, PageView):
    """One object: a description list, or a template of its own."""

    template_name = "ui/detail.html"

    def details(self) -> list[tuple[str, Any]]:
        """Label and value of each row; ``None`` and "" are shown as a dash."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The object and its rows."""
        return super().get_context_data(object=self.object, details=self.details(), **kwargs)


class FormPage(FormMixin, PageView):
    """A form that does something: override ``save()``.

    ``Refused`` and ``ValidationError`` raised by ``save()`` become errors of the form; what
    was typed stays. With ``once`` a form acts only once, however often it is posted.
    """

    template_name = "ui/form.html"
    submit_label = "Speichern"
    success_message = ""
    cancel_url = ""
    once: ClassVar[bool] = False
    repeated_message = (
        "Sie haben dieses Formular schon einmal abgesendet. Es wurde nur einmal ausgeführt: "
        "hier sehen Sie das Ergebnis."
    )

    def save(self, form: Any) -> Any:
        """Do it, by way of a function of the room's ``domain``, and return the result."""
        return form.save()

    def get_success_url(self) -> str:
        """Where to go afterwards: ``success_url``, or the page of what was saved."""
        if self.success_url:
            return str(self.success_url)
        saved = getattr(self, "saved", None)
        if saved is not None and hasattr(saved, "get_absolute_url"):
            return str(saved.get_absolute_url())
        raise ImproperlyConfigured(f"{type(self).__name__} does not know where to go next.")

    def get_cancel_url(self) -> str:
        """Where "Abbrechen" leads; by default to the page above."""
        crumbs = self.breadcrumbs()
        return self.cancel_url or (crumbs[-1].url if crumbs else "")

    def get_success_message(self) -> str:
        """What is said afterwards."""
        return self.success_message

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, with what was typed before the session ended if there is any."""
        kept = kept_data(request)
        if kept is None:
            return self.render_to_response(self.get_context_data())
        form = without_errors(self.get_form_class()(**{**self.get_form_kwargs(), "data": kept}))
        return self.render_to_response(self.get_context_data(form=form, refilled=True, kept=kept))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the form and act."""
        form = self.get_form()
        if not form.is_valid():
            # The first post may have made this one invalid ("gibt es schon").
            return self._repeated(self._key()) or self.form_invalid(form)
        return self.form_valid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        """Save in one transaction with the form's one-time id."""
        key = self._key()
        try:
            with transaction.atomic():
                claimed, first = submissions.claim(key) if key else (None, True)
                if first:
                    self.saved = self.save(form)
                    location = self.get_success_url()
                    if claimed is not None:
                        claimed.location = location if len(location) <= 1000 else ""
                        claimed.save(update_fields=["location"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            self._add_errors(form, error)
        except IntegrityError:
            # Somebody was faster between our check and our write: checking again names it.
            form = self.get_form()
            if form.is_valid():
                raise
        except EditConflict as conflict:
            if not isinstance(form, VersionedModelForm):
                raise
            form.show_conflict(conflict.current)
        else:
            discard_kept(self.request)
            if not first:
                return self._repeated(key) or HttpResponseRedirect(self.get_success_url())
            if message := self.get_success_message():
                messages.success(self.request, message)
            return HttpResponseRedirect(location)
        return self.form_invalid(form)

    def _key(self) -> str | None:
        request = self.request
        return submissions.submission_key(request, request.POST) if self.once else None

    def _repeated(self, key: str | None) -> HttpResponse | None:
        """The way to what the first post of this form did, if it did something."""
        done = submissions.SubmittedForm.objects.filter(key=key).first() if key else None
        if done is None:
            return None
        messages.info(self.request, self.repeated_message)
        return HttpResponseRedirect(done.location or "/")

    @staticmethod
    def _add_errors(form: Any, error: ValidationError) -> None:
        """Give the errors to their fields; those of fields not in the form to the form."""
        if not hasattr(error, "error_dict"):
            form.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form with its helper, and the hidden fields every form of ours has."""
        kept = kwargs.pop("kept", None)
        context = super().get_context_data(**kwargs)
        form = context["form"]
        if not isinstance(getattr(form, "helper", None), KernFormHelper):
            form.helper = KernFormHelper()
        form.helper.submit_label = self.submit_label
        form.helper.cancel_url = self.get_cancel_url()
        context["kept_token"] = kept_token(self.request)
        if self.once:
            data = kept if kept is not None else self.request.POST
            # A form shown again is still the same form, so its id stays.
            same = submissions.submission_key(self.request, data) is not None
            context["once_id"] = (
                data[submissions.FIELD] if same else submissions.new_form_id(self.request)
            )
        return context


class CreatePage(FormPage):
    """A form that makes something new; posted twice, it makes one."""

    once = True
    model: ClassVar[type[models.Model]]


class UpdatePage(ObjectMixin, FormPage):
    """A form that changes one object, whose version is checked."""

    success_message = "Ihre Änderungen sind gespeichert."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The object's copy: a form writes into its instance even when it is not valid."""
        return {**super().get_form_kwargs(), "instance": copy.copy(self.object)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The object as stored, beside the form."""
        return super().get_context_data(object=self.object, **kwargs)


class ActionPage(FormPage):
    """The one confirm page: a GET asks, a POST acts (``perform()``).

    ``reason``: ``None`` asks for none, "optional" or "required" shows the field. Override
    ``form_class`` to ask for more.
    """

    template_name = "ui/confirm.html"
    question = ""
    button_label = "Bestätigen"
    danger: ClassVar[bool] = False
    reason_field: ClassVar[str | None] = None
    form: Any

    def perform(self) -> Any:
        """Do it, by way of a function of the room's ``domain``; ``self.reason`` says why."""
        raise NotImplementedError

    @property
    def reason(self) -> str:
        """What was given as the reason."""
        return str(self.form.cleaned_data.get("reason", ""))

    def consequences(self) -> list[str]:
        """What goes with it, one sentence each."""
        return []

    def get_question(self) -> str:
        """What is asked."""
        return self.question

    def get_form_class(self) -> Any:
        """The form with or without the reason."""
        return self.form_class or (ReasonForm if self.reason_field else ConfirmForm)

    def get_form(self, form_class: Any = None) -> Any:
        """The form; a reason is required only where ``reason_field`` says so."""
        form = super().get_form(form_class)
        if self.reason_field == "optional" and "reason" in form.fields:
            form.fields["reason"].required = False
        return form

    def save(self, form: KernForm) -> Any:
        """Perform the act with the form at hand."""
        self.form = form
        return self.perform()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Question and consequences."""
        self.submit_label = self.button_label
        context = super().get_context_data(
            question=self.get_question(), consequences=self.consequences(), **kwargs
        )
        context["form"].helper.danger = self.danger
        return context


class ObjectActionPage(ObjectMixin, ActionPage):
    """The confirm page for one object (``self.object``)."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The object, beside question and consequences."""
        return super().get_context_data(object=self.object, **kwargs)
