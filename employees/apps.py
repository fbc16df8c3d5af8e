"""Employees: who may see and declare them."""

from django.apps import AppConfig


class EmployeesConfig(AppConfig):
    """Registers the app's rows of the matrix."""

    name = "employees"
    verbose_name = "Salariés"

    def ready(self) -> None:
        """Tell the registry of features."""
        from employees.features import FEATURES
        from portal.access import features

        features.register(FEATURES)
