"""The doors (sign-in, opening, activation, association, invitation, forgotten password) and one's account."""

from django.urls import path

from accounts.views import address_change
from accounts.views.account import AccountPage, SecurityPage
from accounts.views.activation import ActivationPage
from accounts.views.address_change import AddressPage, AddressSentPage, CancellationPage
from accounts.views.advice import AdvicePage
from accounts.views.association import AssociationConnectionPage, AssociationPage
from accounts.views.certification import CertificationLinkPage, CertificationPage
from accounts.views.confirmation import ConfirmationPage
from accounts.views.invited import InvitationPage
from accounts.views.mobile import MobilePage
from accounts.views.opening import CorrectionPage, OpeningConnectionPage, OpeningDonePage, OpeningPage
from accounts.views.own import ContactPage, OwnPasswordPage, StaffPasswordPage
from accounts.views.password import (
    CodeRequestedPage,
    CodeRequestPage,
    ForgottenPage,
    ForgottenSentPage,
    NewPasswordPage,
)
from accounts.views.second_factor import (
    AddAppPage,
    AddPasskeyPage,
    RecoveryCodesPage,
    RemovePage,
    StaffFactorsPage,
)
from accounts.views.sessions import CloseSessionsPage
from accounts.views.sign_in import SignInPage, SignOut
from accounts.views.verification import VerificationPage
from portal.sessions.views import SessionPage

app_name = "accounts"
OWN_FACTORS = [
    ("application/", AddAppPage, "factor_app"),
    ("cle/", AddPasskeyPage, "factor_passkey"),
    ("codes/", RecoveryCodesPage, "recovery_codes"),
    ("<int:number>/retirer/", RemovePage, "factor_remove"),
]
urlpatterns = [
    path("connexion/", SignInPage.as_view(), name="sign_in"),
    path("connexion/verification/", VerificationPage.as_view(), name="verification"),
    path("deconnexion/", SignOut.as_view(), name="sign_out"),
    path("admin/logout/", SignOut.as_view()),  # where the admin posts: found before its own
    path("admin/session/", SessionPage.as_view(), name="staff_session"),  # staff's cookie is read there only
    path("ouverture/", OpeningPage.as_view(), name="opening"),
    path("ouverture/aide/", AdvicePage.as_view(), name="opening_advice"),
    path("ouverture/connexion/", OpeningConnectionPage.as_view(), name="opening_connection"),
    path("ouverture/terminee/", OpeningDonePage.as_view(), name="opening_done"),
    path("ouverture/adresse/", CorrectionPage.as_view(), name="opening_correction"),
    path("activation/<str:token>/", ActivationPage.as_view(), name="activation"),
    path("association/", AssociationPage.as_view(), name="association"),
    path("association/connexion/", AssociationConnectionPage.as_view(), name="association_connection"),
    path("delegation/<str:token>/", InvitationPage.as_view(), name="delegation"),
    path("delegation/confirmation/<str:token>/", ConfirmationPage.as_view(), name="delegation_confirmation"),
    path("mot-de-passe/oublie/", ForgottenPage.as_view(), name="forgotten"),
    path("mot-de-passe/oublie/envoye/", ForgottenSentPage.as_view(), name="forgotten_sent"),
    path("code-confidentiel/nouveau/", CodeRequestPage.as_view(), name="code_request"),
    path("code-confidentiel/nouveau/envoye/", CodeRequestedPage.as_view(), name="code_requested"),
    path("mot-de-passe/nouveau/<str:token>/", NewPasswordPage.as_view(), name="new_password"),
    path("compte/", AccountPage.as_view(), name="account"),
    path("compte/adresse/", AddressPage.as_view(), name="address"),
    path("compte/adresse/envoyee/", AddressSentPage.as_view(), name="address_sent"),
    path(
        "compte/adresse/confirmation/<str:token>/",
        address_change.ConfirmationPage.as_view(),
        name="address_confirmation",
    ),
    path("compte/adresse/annulation/<str:token>/", CancellationPage.as_view(), name="address_cancellation"),
    path("compte/mot-de-passe/", OwnPasswordPage.as_view(), name="own_password"),
    path("compte/contact/", ContactPage.as_view(), name="contact"),
    path("compte/certification/", CertificationPage.as_view(), name="certification"),
    path("certification/<str:token>/", CertificationLinkPage.as_view(), name="certification_link"),
    path("compte/securite/", SecurityPage.as_view(), name="security"),
    path("compte/securite/sessions/", CloseSessionsPage.as_view(), name="close_sessions"),
    path("compte/session/", SessionPage.as_view(), name="session"),
    *[path(f"compte/securite/{place}", view.as_view(), name=name) for place, view, name in OWN_FACTORS],
    # Staff's own, where alone their session is read: found before the admin's.
    path("admin/mot-de-passe/", StaffPasswordPage.as_view(), name="staff_password"),
    path("admin/second-facteur/", StaffFactorsPage.as_view(), name="staff_factors"),
    path("admin/second-facteur/verification/", VerificationPage.as_view(), name="staff_verification"),
    *[
        path(f"admin/second-facteur/{place}", view.as_view(staff=True), name=f"staff_{name}")
        for place, view, name in OWN_FACTORS
    ],
    path("compte/mobile/", MobilePage.as_view(), name="mobile"),
]
