"""Addresses of the groups of a Vernetzungstreffen."""

from django.urls import include, path

from programmes.groups.views import events, groups

app_name = "groups"

pages = [
    path("", groups.GroupsPage.as_view(), name="groups"),
    path("vorschlag/", groups.ProposalPage.as_view(), name="proposal"),
    path("aendern/", groups.GroupsChange.as_view(), name="change"),
    path("neu/", groups.GroupCreate.as_view(), name="new"),
    path("<int:pk>/loeschen/", groups.GroupDelete.as_view(), name="delete"),
    path("verwerfen/", groups.GroupsDiscard.as_view(), name="discard"),
    path("termine/", events.GroupsEvents.as_view(), name="events"),
    path("einladungen/", events.GroupsSettle.as_view(), name="settle"),
    path("gruppen.pdf", groups.GroupsFile.as_view(), name="pdf"),
]

urlpatterns = [
    path("durchgaenge/<int:cycle_pk>/veranstaltungen/gruppen/<int:milestone_pk>/", include(pages)),
]
