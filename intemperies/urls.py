"""Pages of bad weather, under /sites/<identifiant>/intemperies/."""

from django.urls import path

from intemperies.views import file, listing, refunds, steps, worksites

app_name = "intemperies"
urlpatterns = [
    path("arrets/", listing.StoppageListPage.as_view(), name="list"),
    path("arrets/nouveau/", steps.NewPage.as_view(), name="new"),
    path("arrets/<int:number>/", file.FilePage.as_view(), name="file"),
    path("arrets/<int:number>/arret/", steps.StopPage.as_view(), name="stop"),
    path("arrets/<int:number>/salaries/", steps.EmployeesPage.as_view(), name="employees"),
    path("arrets/<int:number>/heures/", steps.HoursPage.as_view(), name="hours"),
    path("arrets/<int:number>/controles/", steps.ChecksPage.as_view(), name="checks"),
    path("arrets/<int:number>/envoi/", steps.SendingPage.as_view(), name="sending"),
    path("arrets/<int:number>/recepisse/", file.ReceiptPage.as_view(), name="receipt"),
    path("arrets/<int:number>/annuler/", file.CancelPage.as_view(), name="cancel"),
    path("arrets/<int:number>/corriger/", file.CorrectPage.as_view(), name="correct"),
    path("arrets/<int:number>/dupliquer/", file.DuplicatePage.as_view(), name="duplicate"),
    path("arrets/<int:number>/supprimer/", file.DeletePage.as_view(), name="delete"),
    path("arrets/chantiers/", worksites.WorksiteListPage.as_view(), name="worksites"),
    path("arrets/chantiers/nouveau/", worksites.WorksitePage.as_view(), name="worksite_new"),
    path("arrets/chantiers/<int:number>/", worksites.WorksitePage.as_view(), name="worksite"),
    path(
        "arrets/chantiers/<int:number>/situation/", worksites.WorksiteOverPage.as_view(), name="worksite_over"
    ),
    path("remboursements/", refunds.RefundsPage.as_view(), name="refunds"),
    path("remboursements/exporter/", refunds.RefundsExport.as_view(), name="refunds_export"),
]
