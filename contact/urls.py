"""Pages under /sites/<identifiant>/contact/."""

from django.urls import path

from contact.views import CaissePage

app_name = "contact"
urlpatterns = [
    path("", CaissePage.as_view(), name="caisse"),
]
