"""Who decides a right: the portal, and three libraries given the same rights on the same database.

Loaded with `bench.rights_settings` only. `first` decides with nothing remembered of the person, `again`
gives a function that decides once more within the same request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import rules
from casbin import FastEnforcer
from casbin.model import FastModel
from casbin.persist import Adapter
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from guardian.backends import ObjectPermissionBackend
from guardian.core import ObjectPermissionChecker
from guardian.models import UserObjectPermission

from accounts.models import User
from adherents.models import Site
from delegations.backend import DelegationBackend, remember
from delegations.deciding import access_of
from delegations.models import Delegation
from portal.access import features
from portal.access.levels import Access, College

PERMISSION = "employees.write_employee"
OURS = "the portal"
NOUNS = ("read_employee", "write_employee", "read_document")  # what `given.LEVELS` comes to
CASBIN_MODEL = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
"""

Decide = Callable[[], bool]


class Decider(Protocol):
    """One way to decide."""

    name: str

    def first(self, user: User, site: Site) -> bool:
        """Whether the person may, asked of the database."""
        ...

    def again(self, user: User, site: Site) -> Decide:
        """The same, once the request has asked already."""
        ...


class Portal:
    """Our backend: one prepared query, then the access that the middleware remembers."""

    name = OURS
    backend = DelegationBackend()

    def first(self, user: User, site: Site) -> bool:
        """One query."""
        return self.backend.has_perm(user, PERMISSION, site)

    def again(self, user: User, site: Site) -> Decide:
        """As after the middleware."""
        access = access_of(user, site.cibtp_id)
        if access is not None:
            remember(user, access)
        return lambda: self.backend.has_perm(user, PERMISSION, site)


class EmptyBackend:
    """What Django's own way to a backend costs."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """No."""
        return False


class Guardian:
    """django-guardian: a row for each person, site and permission; it knows no days and no firm."""

    name = "django-guardian"
    backend = ObjectPermissionBackend()
    noun = PERMISSION.split(".")[1]

    def __init__(self) -> None:
        """Give in its own tables what the delegations give."""
        kind = ContentType.objects.get_for_model(Site)
        made = [Permission(codename=noun, name=noun, content_type=kind) for noun in NOUNS]
        Permission.objects.bulk_create(made)
        own, theirs = UserObjectPermission._meta.db_table, Delegation._meta.db_table
        statement = f"""
            INSERT INTO {own} (permission_id, content_type_id, object_pk, user_id)
            SELECT permission, %s, site_id::text, beneficiary_id
            FROM {theirs}, unnest(%s::bigint[]) permission"""  # noqa: S608  names of tables
        with connection.cursor() as cursor:
            cursor.execute(statement, [kind.pk, [one.pk for one in made]])
            cursor.execute(f"ANALYZE {own}")

    def first(self, user: User, site: Site) -> bool:
        """Its backend, which asks the database each time."""
        return bool(self.backend.has_perm(user, self.noun, site))

    def again(self, user: User, site: Site) -> Decide:
        """Its checker, which keeps what it read."""
        checker = ObjectPermissionChecker(user)
        checker.has_perm(self.noun, site)
        return lambda: bool(checker.has_perm(self.noun, site))


class Rules:
    """rules: a predicate, which asks our tables with a plain queryset and keeps the answer on the person."""

    name = "rules"

    def __init__(self) -> None:
        """Register the permission."""
        employee = features.get("employees.employee")

        def writes(user: Any, site: Any) -> bool:
            known = user.__dict__.setdefault("held_in_bench", {})
            if site.pk not in known:
                held = Delegation.objects.in_force().filter(beneficiary=user, site=site)
                known[site.pk] = [one.matrix for one in held.select_related("parent")]
            return any(matrix.level(employee, College.ETAM) is Access.WRITE for matrix in known[site.pk])

        rules.add_perm(PERMISSION, rules.predicate(writes))

    def first(self, user: User, site: Site) -> bool:
        """The predicate asks."""
        return bool(rules.has_perm(PERMISSION, user, site))

    def again(self, user: User, site: Site) -> Decide:
        """The predicate remembers."""
        self.first(user, site)
        return lambda: bool(rules.has_perm(PERMISSION, user, site))


class Delegations(Adapter):  # type: ignore[misc, unused-ignore]
    """PyCasbin's way to our delegations: a line for each person, site and permission."""

    def is_filtered(self) -> bool:
        """A part can be asked for."""
        return True

    def load_policy(self, model: Any) -> None:
        """All of them."""
        self._load(model, Delegation.objects.in_force())

    def load_filtered_policy(self, model: Any, pair: tuple[int, int]) -> None:
        """Those of one person on one site."""
        self._load(model, Delegation.objects.in_force().filter(beneficiary=pair[0], site=pair[1]))

    def _load(self, model: Any, held: Any) -> None:
        lines = model.model["p"]["p"].policy
        for line in _lines(held.values_list("beneficiary_id", "site_id", "read_bits", "write_bits")):
            lines.append(line)


def _lines(rows: Iterable[tuple[int, int, int, int]]) -> Iterable[list[str]]:
    asked = [
        (noun, *found)
        for noun in ("employees.read_employee", PERMISSION, "documents.read_document")
        if (found := features.asked_by(noun))
    ]
    for person, site, read_bits, write_bits in rows:
        for noun, feature, level in asked:
            if (write_bits if level is Access.WRITE else read_bits) & feature.mask:
                yield [str(person), str(site), noun]


class Casbin:
    """PyCasbin: asked anew, the lines of the person and site; and all lines kept in memory, indexed."""

    name = "PyCasbin"

    def __init__(self) -> None:
        """Load everything, and note how long that takes."""
        began = time.perf_counter()
        self.whole = self._enforcer()
        self.whole.load_policy()
        self.load_seconds = time.perf_counter() - began
        self.part = self._enforcer()

    def _enforcer(self) -> Any:
        model = FastModel([0, 1])
        model.load_model_from_text(CASBIN_MODEL)
        made = FastEnforcer(model, cache_key_order=[0, 1])
        made.adapter = Delegations()
        return made

    def first(self, user: User, site: Site) -> bool:
        """What keeps it as true as the database: load the lines, then ask."""
        self.part.load_filtered_policy((user.pk, site.pk))
        return bool(self.part.enforce(str(user.pk), str(site.pk), PERMISSION))

    def again(self, user: User, site: Site) -> Decide:
        """Everything in memory, as true as when it was loaded."""
        asked = str(user.pk), str(site.pk), PERMISSION
        return lambda: bool(self.whole.enforce(*asked))
