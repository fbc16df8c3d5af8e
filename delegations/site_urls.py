"""/sites/<identifiant>/droits/: who may do what on the site, and what was done about it."""

from django.urls import path

from delegations.answer_page import AnswerPage
from delegations.changing_pages import ChangePage
from delegations.closing_pages import ClosePage
from delegations.delegation_page import DelegationPage
from delegations.export_page import RightsExport
from delegations.giving_pages import AddPage, FirmPage
from delegations.journal_export import JournalExport
from delegations.journal_page import JournalPage
from delegations.list_page import RightsListPage
from delegations.mine_page import MinePage, RenouncePage
from delegations.resend_page import ResendPage
from delegations.second_factor_page import SecondFactorPage
from delegations.several_page import SeveralPage

app_name = "rights"
urlpatterns = [
    path("", RightsListPage.as_view(), name="list"),
    path("ajouter/", AddPage.as_view(), name="add"),
    path("cabinet/", FirmPage.as_view(), name="firm"),
    path("second-facteur/", SecondFactorPage.as_view(), name="second_factor"),
    path("plusieurs-sites/", SeveralPage.as_view(), name="several"),
    path("<int:number>/modifier/", ChangePage.as_view(), name="change"),
    path("<int:number>/", DelegationPage.as_view(), name="delegation"),
    path("<int:number>/fermer/", ClosePage.as_view(), name="close"),
    path("<int:number>/renvoyer/", ResendPage.as_view(), name="resend"),
    path("<int:number>/repondre/", AnswerPage.as_view(), name="answer"),
    path("export/", RightsExport.as_view(), name="export"),
    path("journal/", JournalPage.as_view(), name="journal"),
    path("journal/exporter/", JournalExport.as_view(), name="journal_export"),
    path("mes-droits/", MinePage.as_view(), name="mine"),
    path("mes-droits/<int:number>/renoncer/", RenouncePage.as_view(), name="renounce"),
]
