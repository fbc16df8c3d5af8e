"""/sites/: the choice of a site."""

from django.urls import path

from delegations.choice import ChoicePage, FavouriteToggle

app_name = "delegations"
urlpatterns = [
    path("", ChoicePage.as_view(), name="choice"),
    path("favori/", FavouriteToggle.as_view(), name="favourite"),
]
