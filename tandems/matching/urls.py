"""Addresses of the wall."""

from django.urls import URLPattern, URLResolver, include, path

from tandems.matching import cards_views, moderated
from tandems.matching.views import ideas, people, wall

app_name = "matching"

_wall: list[URLPattern | URLResolver] = [
    path("", wall.WallPage.as_view(), name="wall"),
    path("stand/", wall.ChangesPage.as_view(), name="changes"),
    path("mentees/<int:pk>/", people.MenteePage.as_view(), name="mentee"),
    path("mentees/<int:pk>/befangen/", people.MenteeBiasPage.as_view(), name="bias_mentee"),
    path("mentorinnen/<int:pk>/", people.MentorPage.as_view(), name="mentor"),
    path("mentorinnen/<int:pk>/befangen/", people.MentorBiasPage.as_view(), name="bias_mentor"),
    path("befangen/<int:pk>/", people.WithdrawBiasPage.as_view(), name="withdraw_bias"),
    path("ideen/<int:pk>/", ideas.IdeaPage.as_view(), name="idea"),
    path("ideen/<int:pk>/stimme/", ideas.VoicePage.as_view(), name="voice"),
    path("ideen/<int:pk>/begruendung/", ideas.ReasonPage.as_view(), name="reason"),
    path("ideen/<int:pk>/beschluss/", ideas.MarkPage.as_view(), name="mark"),
    path("ideen/<int:pk>/loeschen/", ideas.DeletePage.as_view(), name="delete"),
    path("bemerkungen/<int:pk>/", ideas.CommentPage.as_view(), name="comment"),
    path(
        "bemerkungen/<int:pk>/loeschen/", ideas.DeleteCommentPage.as_view(), name="delete_comment"
    ),
    path("karten/", cards_views.CardsPage.as_view(), name="cards"),
    path("moderiert/", moderated.BeginPage.as_view(), name="moderated"),
    path("moderiert/<int:application_pk>/", moderated.ModeratedPage.as_view(), name="moderated"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("durchgaenge/<int:cycle_pk>/matching/", include(_wall)),
]
