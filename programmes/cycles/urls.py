"""Addresses of programmes, cycles and the log."""

from django.urls import include, path

from programmes.cycles.views import (
    council,
    cycles,
    log,
    participants,
    participations,
    programmes,
    sign_ins,
)
from programmes.cycles.views import path as cycle_path

app_name = "cycles"

programme = [
    path("", programmes.ProgrammePage.as_view(), name="programme"),
    path("bearbeiten/", programmes.ProgrammeChange.as_view(), name="programme_change"),
    path("geschichte/", programmes.ProgrammeHistory.as_view(), name="programme_history"),
    path("geschichte/neu/", cycles.PastCycleCreate.as_view(), name="past_cycle_add"),
    path("durchgang-beginnen/", cycles.CycleStart.as_view(), name="cycle_start"),
    path(
        "mitglieder/neu/", programmes.PermanentMemberCreate.as_view(), name="permanent_member_add"
    ),
    path(
        "mitglieder/<int:member_pk>/beenden/",
        programmes.PermanentMemberEnd.as_view(),
        name="permanent_member_end",
    ),
]

cycle = [
    path("", cycles.CyclePage.as_view(), name="cycle"),
    path("bearbeiten/", cycles.CycleChange.as_view(), name="cycle_change"),
    path("absagen/", cycle_path.CycleCancel.as_view(), name="cycle_cancel"),
    path("stand/", cycle_path.PathPage.as_view(), name="path"),
    path("stand/<slug:step>/", cycle_path.StepPage.as_view(), name="step"),
    path("kommunen/", participations.ParticipationList.as_view(), name="participations"),
    path("kommunen/neu/", participations.ParticipationCreate.as_view(), name="participation_add"),
    path(
        "kommunen/<int:pk>/",
        participations.ParticipationChange.as_view(),
        name="participation_change",
    ),
    path(
        "kommunen/<int:pk>/herausnehmen/",
        participations.ParticipationRemove.as_view(),
        name="participation_remove",
    ),
    path(
        "kommunen/<int:pk>/ausscheiden/",
        participations.ParticipationLeave.as_view(),
        name="participation_leave",
    ),
    path("kommunen/<int:pk>/sitz/", council.SeatCreate.as_view(), name="seat_add"),
    path("beirat/", council.CouncilList.as_view(), name="council"),
    path("beirat/<int:pk>/", council.SeatChange.as_view(), name="seat_change"),
    path("beirat/<int:pk>/beenden/", council.SeatEnd.as_view(), name="seat_end"),
    path("teilnehmende/", participants.ParticipantList.as_view(), name="participants"),
    path("zugaenge/", sign_ins.SignInList.as_view(), name="sign_ins"),
    path("zugaenge/einladen/", sign_ins.InviteAll.as_view(), name="sign_ins_invite"),
]

urlpatterns = [
    path("programme/", programmes.ProgrammeList.as_view(), name="programmes"),
    path("programme/neu/", programmes.ProgrammeCreate.as_view(), name="programme_add"),
    path("programme/<int:pk>/", include(programme)),
    path("durchgaenge/", cycles.CycleList.as_view(), name="cycles"),
    path("durchgaenge/<int:cycle_pk>/", include(cycle)),
    path("protokoll/", log.LogList.as_view(), name="log"),
]
