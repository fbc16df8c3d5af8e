"""Figures that Python understands and people do not write never reach the database."""

from __future__ import annotations

import pytest

from intemperies.models import Line, Stoppage
from tests.intemperies.declaring import address, chosen, read, stop, version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.mark.parametrize("typed", ["1e2", "1_0", "٣٠", "0e99999999999999", "-1", "-0"])
@pytest.mark.parametrize(
    ("field", "said"), [("wage", "Écrivez le salaire horaire"), ("hours", "Écrivez un nombre d’heures")]
)
def test_odd_figures_of_an_employee_are_said_and_kept(browser, site, worksite, mason, field, said, typed):
    browser.post(address(site, "nouveau/"), stop(worksite))
    draft = Stoppage.objects.get()
    sent = chosen(mason, **{field: typed}) | {"version": version(draft)}
    answer = browser.post(address(site, "salaries/", draft.pk), sent)
    assert answer.status_code == 422
    assert said in read(answer)
    assert f'value="{typed}"' in read(answer)
    assert not Line.objects.exists()
