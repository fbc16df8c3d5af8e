"""Employees: who may see and declare them."""

from django.apps import AppConfig


class EmployeesConfig(AppConfig):
    """Registers what the app adds to the portal."""

    name = "employees"
    verbose_name = "Salariés"

    def ready(self) -> None:
        """Tell the registries."""
        from employees import entries, imports
        from employees.features import FEATURES
        from portal.access import features

        features.register(FEATURES)
        entries.register()
        imports.register()
