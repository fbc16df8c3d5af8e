"""Pages of the company, under /sites/<identifiant>/adherent/."""

from django.urls import path

from adherents.views import ProfilePage

app_name = "adherents"
urlpatterns = [
    path("informations/", ProfilePage.as_view(), name="profile"),
]
