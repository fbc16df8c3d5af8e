"""What anybody signed in may ask, whatever the site."""

from django.urls import path

from contact.views import AnywherePage

app_name = "support"
urlpatterns = [
    path("contact/", AnywherePage.as_view(), name="caisse"),
]
