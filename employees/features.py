"""The rows of the rights matrix that belong to the employees."""

from portal.access.features import Feature, Group

EMPLOYEE = "employees.employee"

FEATURES = (
    Feature(
        "employees.nominative_declaration",
        "Mes déclarations nominatives",
        Group.DECLARATIONS,
        slot=8,
        writable=True,
        per_college=True,
    ),
    Feature(EMPLOYEE, "Gérer mes salariés", Group.EMPLOYEES, slot=9, writable=True, per_college=True),
    Feature(
        "employees.group_leave",
        "Mes congés groupés",
        Group.EMPLOYEES,
        slot=10,
        writable=True,
        per_college=True,
    ),
    Feature("employees.planning", "Mon planning", Group.EMPLOYEES, slot=11, writable=False, per_college=True),
    Feature(
        "employees.allowance",
        "Liste des indemnités",
        Group.EMPLOYEES,
        slot=12,
        writable=False,
        per_college=True,
    ),
)
