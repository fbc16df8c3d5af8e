"""The texts at the foot of every page: dated versions that nobody rewrites (product.md 3.7)."""

import datetime as dt
import itertools
import re

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from contact import first_texts
from contact.models import LegalPage, LegalText
from portal import clock
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
ADDRESSES = [f"/{page.value}/" for page in LegalPage]
DAY = dt.timedelta(days=1)


def body_of(response):
    return response.content.decode()


def version(page=LegalPage.NOTICE, days=0, body="# Un titre\n\nUn texte."):
    """A version that begins that many days from now."""
    return LegalText.objects.create(page=page, starts_on=clock.today() + days * DAY, body=body)


@pytest.mark.parametrize("page", LegalPage)
def test_each_page_is_delivered_with_a_serious_text_of_the_caisses_own(client, page, settings):
    told = body_of(client.get(f"/{page.value}/"))
    assert f"<h1>{page.label}</h1>" in told
    assert settings.CAISSE.name in told
    assert settings.CAISSE.email in told
    assert re.search(r"lorem|à compléter|\$\w|XXX|None", told, re.IGNORECASE) is None
    assert len(re.sub(r"<[^>]+>", "", told).split()) > 200


def test_the_four_are_linked_from_the_foot_of_pages_signed_in_and_out(client):
    site = SiteFactory()
    out = body_of(client.get("/connexion/"))
    client.force_login(owner_of(site))
    inside = body_of(client.get(f"/sites/{site.cibtp_id}/"))
    for address in ADDRESSES:
        for source in (out, inside):
            assert f'<a href="{address}">' in source.partition('<footer class="foot">')[2]


@pytest.mark.parametrize("address", ADDRESSES)
def test_headings_come_in_order_under_the_title(client, address):
    levels = [int(level) for level in re.findall(r"<h([1-6])", body_of(client.get(address)))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_publishing_again_writes_nothing_and_a_lost_page_comes_back():
    before = LegalText.objects.count()
    first_texts.publish()
    assert LegalText.objects.count() == before == len(LegalPage)


def test_a_version_takes_effect_on_its_day_and_those_before_stay_readable(client):
    first = LegalText.objects.get(page=LegalPage.NOTICE)
    version(days=2, body="# Nouveau\n\nLe texte de demain.")
    address = f"/{LegalPage.NOTICE.value}/"
    assert "Le texte de demain" not in body_of(client.get(address))
    assert client.get(address, {"version": f"{clock.today() + 2 * DAY}"}).status_code == 404
    with time_machine.travel(clock.now() + 2 * DAY):
        now = body_of(client.get(address))
        assert "Le texte de demain" in now
        former = f"?version={first.starts_on}"
        assert f'href="{former}"' in now
        past = body_of(client.get(address + former))
        assert "Cette version n’est plus en vigueur." in past
        assert "Le texte de demain" not in past


@pytest.mark.parametrize("asked", ["2020-01-01", "hier", "2026-13-45", "\0", "0001-01-01"])
def test_a_version_that_never_was_is_not_found(client, asked):
    assert client.get(ADDRESSES[0], {"version": asked}).status_code == 404


def test_the_database_refuses_to_rewrite_or_delete_a_version_in_effect():
    text = LegalText.objects.get(page=LegalPage.TERMS)
    for act in (
        lambda: LegalText.objects.filter(pk=text.pk).update(body="Autre chose"),
        lambda: LegalText.objects.filter(pk=text.pk).delete(),
        lambda: LegalText.objects.filter(pk=text.pk).update(starts_on=clock.today() + 9 * DAY),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    text.refresh_from_db()
    assert text.body != "Autre chose"


def test_a_version_to_come_may_still_be_rewritten_or_given_up():
    coming = version(days=3)
    LegalText.objects.filter(pk=coming.pk).update(body="Mieux dit")
    LegalText.objects.filter(pk=coming.pk).delete()
    assert LegalText.objects.filter(page=LegalPage.NOTICE).count() == 1


def test_a_version_to_come_is_never_moved_into_the_past():
    """It would have been in effect before anybody read it."""
    coming = version(days=3)
    with pytest.raises(DatabaseError), transaction.atomic():
        LegalText.objects.filter(pk=coming.pk).update(starts_on=clock.today() - 2 * DAY)
    LegalText.objects.filter(pk=coming.pk).update(starts_on=clock.today() + DAY)


def test_two_versions_of_a_page_never_begin_the_same_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        version()


# --- the admin ----------------------------------------------------------------------------------


@pytest.fixture
def staff(client):
    person = UserFactory(is_staff=True, is_superuser=True, first_name="Camille", last_name="Dubois")
    client.force_login(person)
    return client


def form(**changes):
    return {"page": LegalPage.TERMS.value, "starts_on": "", "body": "# Titre\n\nTexte."} | changes


def test_staff_write_a_version_to_come_and_read_it_as_it_will_show(staff):
    day = clock.today() + 5 * DAY
    values = form(starts_on=f"{day:%d/%m/%Y}", body="# Titre\n\nUn texte **fort** : lisez-le.")
    assert staff.post(reverse("admin:contact_legaltext_add"), values).status_code == 302
    made = LegalText.objects.get(starts_on=day)
    assert made.written_by == "Camille Dubois"
    page = body_of(staff.get(reverse("admin:contact_legaltext_change", args=[made.pk])))
    assert "<strong>fort</strong>&nbsp;: lisez-le" in page
    assert 'name="body"' in page


def test_the_next_version_begins_from_the_latest_text_and_tomorrow(staff):
    LegalText.objects.create(page=LegalPage.TERMS, starts_on=clock.today() + 9 * DAY, body="Le tout dernier")
    listed = body_of(staff.get(reverse("admin:contact_legaltext_changelist")))
    leading = reverse("admin:contact_legaltext_add", query={"page": LegalPage.TERMS})
    assert listed.count(f'href="{leading}"') == 1
    asked = staff.get(leading).context["adminform"].form
    assert asked["body"].value() == "Le tout dernier"
    assert asked["page"].value() == LegalPage.TERMS
    assert asked["starts_on"].value() == clock.today() + DAY


def test_staff_do_not_write_in_the_past_nor_twice_for_a_day(staff):
    add = reverse("admin:contact_legaltext_add")
    past = staff.post(add, form(starts_on=f"{clock.today() - DAY:%d/%m/%Y}"))
    assert "Cette date est passée" in body_of(past)
    again = staff.post(add, form(starts_on=f"{clock.today():%d/%m/%Y}"))
    assert "Cette page a déjà une version qui prend effet ce jour-là." in body_of(again)


def test_staff_read_a_version_in_effect_and_cannot_change_or_delete_it(staff):
    text = LegalText.objects.get(page=LegalPage.TERMS)
    change = reverse("admin:contact_legaltext_change", args=[text.pk])
    assert 'name="body"' not in body_of(staff.get(change))
    assert staff.post(change, form(starts_on="01/01/2099")).status_code == 403
    assert (
        staff.post(reverse("admin:contact_legaltext_delete", args=[text.pk]), {"post": "yes"}).status_code
        == 403
    )
    listed = body_of(staff.get(reverse("admin:contact_legaltext_changelist")))
    assert "En vigueur" in listed
