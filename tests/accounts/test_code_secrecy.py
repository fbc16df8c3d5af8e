"""A code is nowhere but on paper, and serves one site (R17)."""

import pytest
from django.apps import apps

from portal.codes import posted
from tests.accounts.conftest import NEW_PASSWORD, opened, send_all
from tests.factories import SiteFactory, letters_of

pytestmark = pytest.mark.django_db


def test_the_code_is_nowhere_but_on_paper(client, letters, caplog):
    opened(client, letters)
    send_all()
    dumped = "".join(str(list(model.objects.values())) for model in apps.get_models() if model._meta.managed)
    bare = letters.code.replace("-", "")
    for secret in (letters.code, bare, bare.lower(), NEW_PASSWORD):
        assert secret not in dumped
        assert secret not in caplog.text


def test_a_code_serves_one_site_only(db):
    site, other = SiteFactory(), SiteFactory()
    code, row = letters_of(site)
    assert posted.matches(code, row.digest, site_id=site.pk)
    assert not posted.matches(code, row.digest, site_id=other.pk)
