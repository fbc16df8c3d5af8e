"""The pages at the foot of every page (product.md 3.7, 11)."""

from django.urls import path

from contact.legal_pages import AcceptTermsPage, LegalTextPage
from contact.models import LegalPage

app_name = "legal"
urlpatterns = [
    *(path(f"{page.value}/", LegalTextPage.as_view(page=page.value), name=page.value) for page in LegalPage),
    path("conditions-generales/accepter/", AcceptTermsPage.as_view(), name="accept_terms"),
]
