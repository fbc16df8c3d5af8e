"""Pages of the employees, under /sites/<identifiant>/salaries/."""

from django.urls import path

from employees.views import EmployeeExport, EmployeeListPage

app_name = "employees"
urlpatterns = [
    path("", EmployeeListPage.as_view(), name="list"),
    path("exporter/", EmployeeExport.as_view(), name="export"),
]
