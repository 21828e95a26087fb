"""Addresses of Veranstaltungen and of the personal links to answer."""

from django.urls import URLPattern, URLResolver, include, path

from programmes.events.views import answers, content, door, guests, inviting, planning

app_name = "events"

event = [
    path("", planning.EventPage.as_view(), name="event"),
    path("bearbeiten/", planning.EventChange.as_view(), name="event_change"),
    path("absagen/", planning.EventCancel.as_view(), name="event_cancel"),
    path("tagesordnung/", content.AgendaPage.as_view(), name="agenda"),
    path("unterlagen/", content.DocumentsPage.as_view(), name="event_documents"),
    path("protokoll/", content.MinutesPage.as_view(), name="minutes"),
    path("termin.ics", planning.EventCalendar.as_view(), name="event_calendar"),
    path("einladen/", inviting.InvitePage.as_view(), name="invite"),
    path("einladen/person/", inviting.InvitePerson.as_view(), name="invite_person"),
    path("versand/<slug:notice>/", guests.NoticePage.as_view(), name="notice"),
    path("eingeladene/", guests.AttendeeList.as_view(), name="attendees"),
    path(
        "eingeladene/<int:attendee_pk>/antwort/",
        guests.AnswerOnBehalf.as_view(),
        name="attendee_answer",
    ),
    path(
        "eingeladene/<int:attendee_pk>/zuruecknehmen/",
        guests.TakeBack.as_view(),
        name="attendee_take_back",
    ),
    path("anwesenheit/", door.DoorPage.as_view(), name="attendance"),
    path("anwesenheit/liste/", door.AttendanceList.as_view(), name="attendance_list"),
    path("anwesenheit/person/", door.WalkIn.as_view(), name="walk_in"),
    path("anwesenheit/<int:attendee_pk>/", door.MarkPage.as_view(), name="mark"),
]

events: list[URLPattern | URLResolver] = [
    path("", planning.EventList.as_view(), name="events"),
    path("neu/", planning.EventCreate.as_view(), name="event_add"),
    path("<int:pk>/", include(event)),
]

urlpatterns = [
    path("durchgaenge/<int:cycle_pk>/veranstaltungen/", include(events)),
    path("termine/", answers.OwnEvents.as_view(), name="own"),
    path("termine/<int:pk>/", answers.OwnEvent.as_view(), name="own_event"),
    path("termine/<int:pk>/termin.ics", answers.OwnCalendar.as_view(), name="own_calendar"),
    path("antwort/<str:token>/", answers.LinkPage.as_view(), name="rsvp"),
    path("antwort/<str:token>/termin.ics", answers.LinkCalendar.as_view(), name="rsvp_calendar"),
]
