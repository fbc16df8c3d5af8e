"""What the tests of the rights' pages share: where they are, what a list shows."""

from __future__ import annotations

import html
import re

from django.utils.html import strip_tags

from delegations.giving import give
from delegations.matrix import RightsMatrix
from delegations.models import Role, Side
from delegations.terms import Terms
from portal.access.levels import Access
from portal.origin import COMMAND
from tests.factories import AccountingFirmFactory, UserFactory

PROFILE = ("adherents.profile", None)
READ = {PROFILE: Access.READ}
WRITE = {PROFILE: Access.WRITE}
ROW = re.compile(r"<tr>\s*<td data-label=\"Rôle\">.*?</tr>", re.DOTALL)


def rights(site, path=""):
    """An address under « Gérer les droits d'accès »."""
    return f"/sites/{site.cibtp_id}/droits/{path}"


def words(response):
    """What a person reads of a page, without its marks."""
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"[ \n]+", " ", html.unescape(strip_tags(re.sub("</t[dh]>", " ", body))))


def rows(response, caption="Liste des bénéficiaires"):
    """The rows of one table of a page, as plain text."""
    page = response.content.decode()
    table = page.partition(f'<caption class="visually-hidden">{caption}')[2].partition("</table>")[0]
    return [re.sub(r"\s+", " ", html.unescape(strip_tags(row))).strip() for row in ROW.findall(table)]


def invited(site, giver, email="invitee@exemple.fr", side=Side.COMPANY, **terms):
    """Rights offered to an address that has not answered."""
    offered = Terms(terms.pop("role", Role.USER), RightsMatrix.of(terms.pop("levels", READ)), **terms)
    return give(person=giver, site=site, side=side, email=email, terms=offered, origin=COMMAND)


def with_firm_on_file(site, name="CABINET KIEFFER"):
    """The firm that the caisse's file names."""
    site.adherent.accounting_firm = AccountingFirmFactory(name=name)
    site.adherent.save()
    return site.adherent.accounting_firm


def person_named(last_name, **fields):
    """Somebody whom `names` finds in a list."""
    return UserFactory(last_name=last_name, first_name="Zoé", **fields)


def names(response):
    """The last names of a list, in its order."""
    return [re.search(r"[A-ZÀ-Ü][\w’-]+ (?:Zoé|Anne)", row)[0].split()[0] for row in rows(response)]


def page_of(site, delegation, path=""):
    """The page of one delegation, or a page under it."""
    return rights(site, f"{delegation.pk}/{path}")
