"""The doors: sign-in, opening, activation, association, forgotten password (product.md 11)."""

from django.urls import path

from accounts.views.activation import ActivationPage
from accounts.views.association import AssociationConnectionPage, AssociationPage
from accounts.views.opening import CorrectionPage, OpeningConnectionPage, OpeningDonePage, OpeningPage
from accounts.views.password import ForgottenPage, ForgottenSentPage, NewPasswordPage
from accounts.views.sign_in import SignInPage, SignOut

app_name = "accounts"
urlpatterns = [
    path("connexion/", SignInPage.as_view(), name="sign_in"),
    path("deconnexion/", SignOut.as_view(), name="sign_out"),
    path("ouverture/", OpeningPage.as_view(), name="opening"),
    path("ouverture/connexion/", OpeningConnectionPage.as_view(), name="opening_connection"),
    path("ouverture/terminee/", OpeningDonePage.as_view(), name="opening_done"),
    path("ouverture/adresse/", CorrectionPage.as_view(), name="opening_correction"),
    path("activation/<str:token>/", ActivationPage.as_view(), name="activation"),
    path("association/", AssociationPage.as_view(), name="association"),
    path("association/connexion/", AssociationConnectionPage.as_view(), name="association_connection"),
    path("mot-de-passe/oublie/", ForgottenPage.as_view(), name="forgotten"),
    path("mot-de-passe/oublie/envoye/", ForgottenSentPage.as_view(), name="forgotten_sent"),
    path("mot-de-passe/nouveau/<str:token>/", NewPasswordPage.as_view(), name="new_password"),
]
