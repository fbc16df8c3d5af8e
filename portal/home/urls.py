"""/sites/<identifiant>/"""

from django.urls import path

from portal.home.views import HomePage

app_name = "home"
urlpatterns = [
    path("", HomePage.as_view(), name="home"),
]
