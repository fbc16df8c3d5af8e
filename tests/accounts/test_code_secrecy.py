"""A code is nowhere but on paper, and serves one site (R17)."""

import pytest
from django.apps import apps
from django.test import Client

from portal.codes import posted
from tests.accounts.conftest import NEW_PASSWORD, opened, send_all
from tests.factories import SiteFactory, UserFactory, letters_of

pytestmark = pytest.mark.django_db


def test_the_code_is_nowhere_but_on_paper(client, letters, caplog):
    """R17."""
    opened(client, letters)
    send_all()
    dumped = "".join(str(list(model.objects.values())) for model in apps.get_models() if model._meta.managed)
    bare = letters.code.replace("-", "")
    for secret in (letters.code, bare, bare.lower(), NEW_PASSWORD):
        assert secret not in dumped
        assert secret not in caplog.text


def test_no_page_of_the_admin_shows_a_code_or_its_hash(letters, supervisor):
    """R17."""
    (row,) = letters.site.provisional_codes.all()
    browser = supervisor
    pages = [f"/admin/accounts/provisionalcode/{row.pk}/{end}" for end in ("change/", "history/")]
    pages += ["/admin/accounts/provisionalcode/", f"/admin/adherents/site/{letters.site.pk}/change/"]
    pages += [f"/admin/accounts/letterbatch/{row.batch_id}/change/", "/admin/journal/entry/"]
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        shown = answer.content.decode()
        for secret in (letters.code, letters.code.replace("-", ""), row.digest, row.digest[:12]):
            assert secret not in shown, page


@pytest.fixture
def supervisor():
    """A superviseur's browser."""
    browser = Client()
    browser.force_login(UserFactory(is_staff=True, is_superuser=True))
    return browser


def test_a_code_serves_one_site_only(db):
    """R14."""
    site, other = SiteFactory(), SiteFactory()
    code, row = letters_of(site)
    assert posted.matches(code, row.digest, site_id=site.pk)
    assert not posted.matches(code, row.digest, site_id=other.pk)
