"""Pages of the company, under /sites/<identifiant>/adherent/."""

from django.urls import path

from adherents.views import ProfileChangePage, ProfilePage, WithdrawPage

app_name = "adherents"
urlpatterns = [
    path("informations/", ProfilePage.as_view(), name="profile"),
    path("informations/modifier/", ProfileChangePage.as_view(), name="profile_change"),
    path("informations/demandes/<int:number>/retirer/", WithdrawPage.as_view(), name="change_withdraw"),
]
