"""What was taken, when: a batch names its declarations, and a declaration its batches."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intemperies.models import State, Stoppage, TakenDeclaration, Taking
from intemperies.taking import take
from portal import clock
from portal.origin import COMMAND
from portal.templatetags.french import short_date
from tests.factories import SiteFactory, UserFactory
from tests.intemperies.declared import declared, draft_of, worksite_of

pytestmark = pytest.mark.django_db

LOST = "Non conservé"


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))


def taken():
    return take(UserFactory(is_staff=True), COMMAND)


def cancelled(sent):
    Stoppage.objects.filter(pk=sent.pk).update(state=State.CANCELLED, over_at=clock.now())


def address(row):
    return reverse(f"admin:intemperies_{row._meta.model_name}_change", args=[row.pk])


def link(row):
    return f'<a href="{address(row)}">{row}</a>'


def page_of(client, row):
    answer = client.get(address(row))
    assert answer.status_code == 200
    return answer.content.decode()


def may_only(client, *codenames):
    person = UserFactory(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(person)


def test_a_batch_keeps_its_declarations_and_their_states_in_the_order_of_its_file(site):
    first, second = declared(site), declared(SiteFactory())
    cancelled(first)
    batch = taken()
    kept = list(batch.taken.values_list("stoppage__number", "state"))
    assert kept == [(first.number, State.CANCELLED), (second.number, State.SENT)]


def test_its_page_names_them_with_a_link_to_each(client, staff, site):
    first, second = declared(site), declared(SiteFactory())
    cancelled(first)
    page = page_of(client, taken())
    rows = [f"<tr><td>{link(one)}</td><td>{state}</td></tr>" for one, state in (
        (first, "Annulée"), (second, "Envoyée"),
    )]  # fmt: skip
    assert "".join(rows) in page


def test_what_becomes_of_a_declaration_later_does_not_change_the_batch(client, staff, site):
    sent = declared(site)
    batch = taken()
    cancelled(sent)
    assert f"<td>{link(sent)}</td><td>Envoyée</td>" in page_of(client, batch)


def test_a_declaration_names_the_batches_that_held_it(client, staff, site):
    sent, other = declared(site), declared(SiteFactory())
    first = taken()
    cancelled(sent)
    second = taken()
    page = page_of(client, sent)
    rows = [f"<td>{link(batch)}</td><td>{short_date(batch.at)} à " for batch in (first, second)]
    assert page.index(rows[0]) < page.index(rows[1])
    assert page.index("<td>Envoyée</td>") < page.index("<td>Annulée</td>")
    assert link(second) not in page_of(client, other)


def test_a_batch_made_before_they_were_kept_says_so(client, staff, site):
    sent = declared(site)
    batch = taken()
    TakenDeclaration.objects.all().delete()
    assert LOST in page_of(client, batch)
    assert LOST in page_of(client, sent)


def test_what_was_never_taken_was_in_no_batch(client, staff, site):
    for one in (declared(site), draft_of(worksite_of(SiteFactory()))):
        page = page_of(client, one)
        assert "Lots qui l’ont prise" in page
        assert LOST not in page


def test_only_who_may_read_the_other_page_has_a_link_to_it(client, site):
    sent = declared(site)
    batch = taken()
    may_only(client, "view_taking")
    page = page_of(client, batch)
    assert address(sent) not in page
    assert f"<td>{sent}</td><td>Envoyée</td>" in page
    may_only(client, "view_stoppage")
    page = page_of(client, sent)
    assert address(batch) not in page
    assert f"<td>{batch}</td>" in page
    may_only(client, "view_taking", "view_stoppage")
    assert link(sent) in page_of(client, batch)
    assert link(batch) in page_of(client, sent)


def test_neither_page_asks_more_for_many_than_for_one(client, staff, site):
    def asked(row):
        page_of(client, row)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, row)
        assert not any('"content"' in query["sql"] for query in queries)
        return len(queries)

    sent = declared(site)
    single = taken()
    once = asked(sent)
    for _ in range(3):
        declared(SiteFactory())
    cancelled(sent)
    several = taken()
    assert several.declarations == 4
    assert asked(several) == asked(single)
    assert asked(sent) == once


def test_the_database_holds_that_a_declaration_is_once_in_a_batch_and_never_a_draft(site):
    sent = declared(site)
    batch = taken()
    other = Taking.objects.create(by="Zoé Meyer", declarations=1, lines=1, content=b"")
    for of, state in ((batch, State.SENT), (other, State.DRAFT)):
        with pytest.raises(IntegrityError), transaction.atomic():
            TakenDeclaration.objects.create(taking=of, stoppage=sent, state=state)


def test_the_button_of_its_file_stands_apart_as_the_admins_own_do(client, staff, site):
    declared(site)
    page = " ".join(page_of(client, taken()).split())
    button = '<input class="default" type="submit" value="Télécharger le fichier">'
    assert f'<div class="submit-row"> {button} </div>' in page
