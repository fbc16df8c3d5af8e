"""What the employees' pages add to the navigation and to the home page."""

from employees.features import EMPLOYEE
from portal.home.registry import Entry, Menu, navigation, tiles


def register() -> None:
    """Add « Gérer mes salariés » to the menu and to the tiles."""
    entry = Entry(
        name=EMPLOYEE,
        label="Gérer mes salariés",
        url_name="employees:list",
        rule=EMPLOYEE,
        icon="user-group",
        summary="Qui travaille pour vous sur ce site, et depuis quand.",
        menu=Menu.EMPLOYEES,
    )
    navigation.add(entry)
    tiles.add(entry)
