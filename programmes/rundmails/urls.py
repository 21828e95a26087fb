"""Addresses of Rundmails and their templates."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.rundmails.views import (
    acts,
    archive,
    editor,
    mails,
    page,
    preview,
    recipients,
    templates,
)

app_name = "rundmails"

_recipient: list[URLPattern | URLResolver] = [
    path("", recipients.MessagePage.as_view(), name="message"),
    path("erneut/", recipients.RetryPage.as_view(), name="retry"),
    path("entscheiden/", recipients.DecidePage.as_view(), name="decide"),
]
_mail: list[URLPattern | URLResolver] = [
    path("", page.RundmailPage.as_view(), name="rundmail"),
    path("bearbeiten/", editor.RundmailEdit.as_view(), name="edit"),
    path("vorschau/", preview.PreviewPage.as_view(), name="preview"),
    path("probe/", acts.TrialPage.as_view(), name="test"),
    path("freigeben/", acts.ReleasePage.as_view(), name="release"),
    path("zustimmen/", acts.ApprovePage.as_view(), name="approve"),
    path("bestaetigen/", acts.ConfirmPage.as_view(), name="confirm"),
    path("zuruecknehmen/", acts.WithdrawPage.as_view(), name="withdraw"),
    path("anhalten/", acts.StopPage.as_view(), name="stop"),
    path("loeschen/", acts.DeletePage.as_view(), name="delete"),
    path("empfaenger/", recipients.RecipientList.as_view(), name="recipients"),
    path("empfaenger/<int:recipient_pk>/", include(_recipient)),
    path("erneut-senden/", recipients.RetryAllPage.as_view(), name="retry_all"),
    path("nachsenden/", recipients.SendAddedPage.as_view(), name="send_added"),
]
_mails: list[URLPattern | URLResolver] = [
    path("", mails.RundmailList.as_view(), name="rundmails"),
    path("neu/", editor.RundmailCreate.as_view(), name="create"),
    path("person/<int:person_pk>/", archive.PersonArchive.as_view(), name="person"),
    path("<int:pk>/", include(_mail)),
]
_templates: list[URLPattern | URLResolver] = [
    path("", templates.TemplateList.as_view(), name="templates"),
    path("<int:template_pk>/", templates.TemplateEdit.as_view(), name="template"),
    path(
        "<int:template_pk>/zuruecksetzen/",
        templates.TemplateReset.as_view(),
        name="template_reset",
    ),
]
urlpatterns = [
    path("durchgaenge/<int:cycle_pk>/rundmails/", include(_mails)),
    path("programme/<int:pk>/mailvorlagen/", include(_templates)),
]
