"""« Journal »: what a site's Administrateurs read of who did what (product.md 6.6)."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from adherents import profile_changes
from delegations.deciding import access_of
from delegations.giving import name_administrator
from delegations.models import Role
from portal import clock
from portal.access.levels import Access
from portal.journal.models import KINDS_READ_BY_COMPANIES, READ_BY_COMPANIES, Entry, Kind
from portal.origin import COMMAND, TASK, Origin
from tests.access.world import reader_of
from tests.factories import DelegationFactory, SiteFactory, UserFactory, firm_of, owner_of
from tests.journal.lines import a_line

pytestmark = pytest.mark.django_db
FROM = Origin("web", "203.0.113.77")
MANY = 1000


@pytest.fixture
def owner(client, site):
    person = owner_of(site)
    client.force_login(person)
    return person


def address(site):
    return f"/sites/{site.cibtp_id}/droits/journal/"


def read(client, site, /, **filters):
    return client.get(address(site), filters)


def sentences(response):
    return re.findall(r'data-label="Ce qui s’est passé">\s*<div>\s*(.*?)\s*<', response.content.decode())


def paris(day, hour, minute=0):
    return clock.start_of(day) + dt.timedelta(hours=hour, minutes=minute)


def test_a_line_says_when_in_paris_who_and_what(client, site, owner):
    july = dt.datetime(2026, 7, 14, 22, 5, tzinfo=dt.UTC)
    a_line(at=july, site=site, actor_name="Zoé Meyer", sentence="Zoé Meyer ferme les droits de Karim Noël")
    page = read(client, site).content.decode()
    assert "15/07/2026, 0\u00a0h\u00a005" in page.replace("&nbsp;", "\u00a0")
    assert "Droits" in page
    assert ">Zoé Meyer<" in page
    assert "Zoé Meyer ferme les droits de Karim Noël" in page


def test_the_latest_comes_first(client, site, owner):
    now = clock.now()
    for age in (3, 1, 2):
        a_line(at=now - dt.timedelta(days=age), site=site, sentence=f"Il y a {age}")
    assert sentences(read(client, site)) == ["Il y a 1", "Il y a 2", "Il y a 3"]


def test_lines_of_another_site_never_show(client, site, owner):
    sister, stranger = SiteFactory(adherent=site.adherent), SiteFactory()
    for other in (sister, stranger, None):
        a_line(site=other, sentence="CANARI", actor_name="CANARI", before={"role": "CANARI"}, after={})
    a_line(site=site)
    for filters in ({}, {"genre": "rights"}, {"site": sister.cibtp_id}, {"cibtp_id": stranger.cibtp_id}):
        response = read(client, site, **filters)
        assert sentences(response) == ["Une ligne"]
        assert "CANARI" not in response.content.decode()


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.RIGHTS, Kind.COMPANY}])
def test_what_is_for_staff_never_shows(client, site, owner, kind):
    a_line(site=site, kind=kind, action="opening.refused", sentence="CANARI", origin=FROM)
    for filters in ({}, {"genre": kind.value}):
        assert "CANARI" not in read(client, site, **filters).content.decode()


def test_neither_sign_ins_nor_addresses_of_the_network_show(client, site, owner):
    for kind in Kind:
        a_line(site=site, kind=kind, origin=FROM)
    response = read(client, site)
    assert len(sentences(response)) == 2
    assert "Connexion" not in re.findall(r"<tbody>.*</tbody>", response.content.decode(), re.DOTALL)[0]
    assert FROM.address not in response.content.decode()


def test_the_activation_of_an_administrator_shows_and_other_lines_of_accounts_do_not(client, site, owner):
    a_line(site=site, kind=Kind.ACCOUNT, action="account.activated", sentence="Elle active son compte")
    a_line(site=site, kind=Kind.ACCOUNT, action="opening.refused", sentence="Code faux")
    assert sentences(read(client, site)) == ["Elle active son compte"]
    assert sentences(read(client, site, genre="account")) == ["Elle active son compte"]


def test_every_kind_that_companies_read_can_be_filtered_by():
    for kind in Kind:
        a_line(kind=kind, action="account.activated" if kind is Kind.ACCOUNT else "x.y")
    read_kinds = Entry.objects.filter(READ_BY_COMPANIES).values_list("kind", flat=True)
    assert set(read_kinds) == set(KINDS_READ_BY_COMPANIES)


@pytest.mark.parametrize(
    ("channel", "said"), [(COMMAND, "La caisse"), (TASK, "Le portail"), (FROM, "Le portail")]
)
def test_a_line_in_nobodys_name_says_who_acted_all_the_same(client, site, owner, channel, said):
    a_line(site=site, origin=channel)
    assert f'data-label="Qui">{said}<' in read(client, site).content.decode()


def test_what_changed_shows_before_and_after(client, site, owner):
    values = profile_changes.current_values(site.adherent) | {"phone": "+33387001122"}
    profile_changes.ask_change(site=site, person=owner, values=values, origin=FROM)
    page = " ".join(read(client, site).content.decode().split())
    changes = re.search(r'<dl class="changes in-row">.*?</dl>', page).group()
    assert "Téléphone" in changes
    assert "Non renseigné" in changes.partition("→")[0]
    assert "03 87 00 11 22" in changes.partition("→")[2]


def test_what_was_given_shows_without_a_before(client, site, owner):
    name_administrator(site=site, user=UserFactory(last_name="Noël"), origin=FROM)
    page = " ".join(read(client, site).content.decode().split())
    changes = re.search(r'<dl class="changes in-row">.*?</dl>', page).group()
    assert "Administrateur" in changes
    assert f"{clock.today():%d/%m/%Y}" in changes
    assert "→" not in changes


def test_rights_say_their_role_and_days_then_each_row_of_the_matrix(client, site, owner):
    kept = {"Mon planning (ETAM)": "Mise à jour", "Date de fin": "sans", "Rôle": "Utilisateur"}
    a_line(site=site, action="rights.changed", before={"Mon planning (ETAM)": "Consultation"}, after=kept)
    page = " ".join(read(client, site).content.decode().split())
    assert re.findall(r"<dt>(.*?)</dt>", page) == ["Rôle", "Date de fin", "Mon planning (ETAM)"]
    assert "<details>" not in page
    a_line(site=site, action="rights.given", after=kept | {"Mes salariés": "Consultation"})
    assert read(client, site).content.decode().count("<details>") == 1


def test_a_fact_that_nobody_named_does_not_show(client, site, owner):
    a_line(site=site, action="company.x", before={"number": 51, "secret": "CANARI"}, after={"number": 52})
    a_line(site=site, action="elsewhere.x", after={"secret": "CANARI"})
    a_line(site=site, before=["CANARI"], after="CANARI")
    page = read(client, site).content.decode()
    assert "CANARI" not in page
    assert "changes in-row" not in page


def test_what_people_typed_is_inert(client, site, owner):
    a_line(site=site, sentence="<script>alert(1)</script>", actor_name="<b>x</b>", after={"role": "<i>"})
    page = read(client, site).content.decode()
    assert "<script>alert" not in page
    assert "<b>x" not in page
    assert "<i>" not in page


def test_the_filters_narrow_by_kind_and_by_whole_days_of_paris(client, site, owner):
    day = dt.date(2026, 3, 29)  # of twenty-three hours
    a_line(at=paris(day, 0) - dt.timedelta(seconds=1), site=site, sentence="La veille")
    a_line(at=paris(day, 0), site=site, sentence="À minuit", kind=Kind.COMPANY)
    a_line(at=clock.start_of(dt.date(2026, 3, 30)) - dt.timedelta(seconds=1), site=site, sentence="Le soir")
    a_line(at=clock.start_of(dt.date(2026, 3, 30)), site=site, sentence="Le lendemain")
    written = "29/03/2026"
    assert sentences(read(client, site, du=written, au=written)) == ["Le soir", "À minuit"]
    assert sentences(read(client, site, du=written)) == ["Le lendemain", "Le soir", "À minuit"]
    assert sentences(read(client, site, au=written)) == ["Le soir", "À minuit", "La veille"]
    assert sentences(read(client, site, du=written, au=written, genre="company")) == ["À minuit"]


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"du": "32/01/2026"}, "Écrivez la date"),
        ({"au": "01/01/0001"}, "entre le 01/01/2000"),
        ({"au": "31/12/9999"}, "entre le 01/01/2000"),
        ({"du": "02/02/2026", "au": "01/02/2026"}, "précède"),
        ({"genre": "sign_in"}, "Choisissez un genre"),
        ({"genre": "x\0"}, "Choisissez un genre"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_and_narrows_nothing(client, site, owner, filters, said):
    a_line(at=paris(dt.date(2026, 5, 4), 12), site=site)
    response = read(client, site, **filters)
    assert said in response.content.decode()
    assert sentences(response) == ["Une ligne"]


def test_an_empty_journal_and_one_filtered_to_nothing_say_so(client, site, owner):
    empty = read(client, site).content.decode()
    assert "Rien n’est encore inscrit" in empty
    assert "Filtrer" not in empty
    a_line(site=site)
    nothing = read(client, site, au="01/01/2001").content.decode()
    assert "Aucune ligne ne correspond aux filtres" in nothing
    assert "Effacer les filtres" in nothing


def test_twenty_five_lines_a_page_and_the_filters_stay_from_page_to_page(client, site, owner):
    for number in range(30):
        a_line(at=clock.now() - dt.timedelta(hours=number), site=site, sentence=f"n° {number}")
    first = read(client, site, genre="rights")
    assert sentences(first) == [f"n° {number}" for number in range(25)]
    assert "30 lignes" in first.content.decode()
    assert "?genre=rights&amp;page=2" in first.content.decode()
    second = read(client, site, genre="rights", page="2")
    assert sentences(second) == [f"n° {number}" for number in range(25, 30)]
    assert "(page 2 sur 2)" in second.content.decode()


def test_as_many_queries_for_a_thousand_lines_as_for_ten(client, site, owner):
    counts = []
    for wanted in (10, MANY):
        lines = [a_line_unsaved(site) for _ in range(wanted - Entry.objects.count())]
        Entry.objects.bulk_create(lines)
        with CaptureQueriesContext(connection) as queries:
            read(client, site, genre="rights", du="01/01/2001")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def a_line_unsaved(site):
    return Entry(action="rights.x", sentence="x", kind=Kind.RIGHTS, cibtp_id=site.cibtp_id, channel="web")


def test_only_who_administers_the_site_reads_it(client, site):
    a_line(site=site, sentence="CANARI")
    firm = firm_of(site, {("adherents.profile", None): Access.READ}).beneficiary
    refused = ((reader_of(site), 403), (firm, 403), (owner_of(SiteFactory()), 404))
    for person, status in refused:
        client.force_login(person)
        response = read(client, site)
        assert response.status_code == status
        assert "CANARI" not in response.content.decode()


def test_the_lines_themselves_refuse_whoever_does_not_administer(site):
    a_line(site=site)
    deputy = DelegationFactory(site=site, role=Role.USER, read_bits=-1).beneficiary
    assert not Entry.objects.visible_to(access_of(deputy, site.cibtp_id)).exists()
    assert Entry.objects.visible_to(access_of(owner_of(site), site.cibtp_id)).count() == 1
