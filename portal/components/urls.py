"""/composants/"""

from django.urls import path

from portal.components.views import ExamplePage, IndexPage

app_name = "components"
urlpatterns = [
    path("", IndexPage.as_view(), name="index"),
    path("<slug:family>/", ExamplePage.as_view(), name="family"),
    path("<slug:family>/<slug:example>/", ExamplePage.as_view(), name="example"),
]
