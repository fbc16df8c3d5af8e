"""A small signed-in page, and Django's own sign-in."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("petite-page/", login_required(TemplateView.as_view(template_name="bench/bare.html"))),
    path("connexion/", LoginView.as_view(template_name="bench/bare.html", next_page="/petite-page/")),
]
