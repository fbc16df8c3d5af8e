"""Profiles as staff edit them: a level for each row."""

import pytest
from django.test import Client
from django.urls import reverse

from delegations.matrix import RightsMatrix
from delegations.models import RightsProfile
from portal.access.levels import Access
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    browser = Client()
    browser.force_login(UserFactory(is_staff=True, is_superuser=True))
    return browser


def sent(shown, **changes):
    form = shown.context["adminform"].form
    return {name: form[name].value() for name in form.fields} | changes


def test_a_level_is_changed_with_a_select(browser):
    profile = RightsProfile.objects.get(name="Paie")
    page = reverse("admin:delegations_rightsprofile_change", args=[profile.pk])
    shown = browser.get(page)
    assert "Gérer mes salariés" in shown.content.decode()
    before = profile.matrix
    assert browser.post(page, sent(shown, documents_upload="1")).status_code == 302
    profile.refresh_from_db()
    assert profile.matrix == before.join(RightsMatrix.of({("documents.upload", None): Access.READ}))


def test_a_profile_is_added_and_one_that_gives_nothing_is_not(browser):
    page = reverse("admin:delegations_rightsprofile_add")
    empty = sent(browser.get(page), name="Chantier")
    assert "Un profil donne au moins un droit." in browser.post(page, empty).content.decode()
    assert browser.post(page, empty | {"intemperies_stoppage": "2"}).status_code == 302
    made = RightsProfile.objects.get(name="Chantier")
    assert made.matrix == RightsMatrix.of({("intemperies.stoppage", None): Access.WRITE})


def test_a_row_that_cannot_be_written_is_not_written(browser):
    page = reverse("admin:delegations_rightsprofile_add")
    shown = browser.post(page, sent(browser.get(page), name="Chantier", employees_planning="2"))
    assert shown.status_code == 200
    assert not RightsProfile.objects.filter(name="Chantier").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_empties_the_tables_leaves_the_profiles_to_the_next(turn):
    assert RightsProfile.objects.count() == 4
