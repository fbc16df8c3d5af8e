"""The dated figures and the holidays, as staff keep them: each change is told, and holds at once."""

import datetime as dt
import json
import os
import subprocess
import sys
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from intemperies import figures
from intemperies.calculation.parameters import CarenceScope, Tolerance
from intemperies.figures import current_parameters
from intemperies.models import CampaignFigures, HourlyCeiling, ReadingChoices, SeasonalExclusion
from intemperies.sending import assessed
from portal.holidays.models import Holiday
from portal.journal.models import Entry
from tests.factories import AdherentFactory, SiteFactory, UserFactory
from tests.intemperies.declared import MONDAY, draft_of, loses, worksite_of

pytestmark = pytest.mark.django_db

MIDSUMMER = dt.date(2027, 6, 28)
OTHER_PROCESS = """
import django, json, sys
django.setup()
from intemperies.figures import current_parameters
for _ in sys.stdin:
    print(json.dumps(str(current_parameters().hourly_ceilings[2026])), flush=True)
"""


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def browser(staff):
    browser = Client()
    browser.force_login(staff)
    return browser


def page(model, act="change", row=None):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{act}", args=[row.pk] if row else [])


def typed(shown, **changes):
    """What the form of that page would post, with changes; what is empty or unticked is left out."""
    form = shown.context["adminform"].form
    values = {name: form[name].value() for name in form.fields} | changes
    return {name: value for name, value in values.items() if value not in (None, False)}


def change(browser, row, **changes):
    address = page(type(row), row=row)
    return browser.post(address, typed(browser.get(address), **changes))


def lines():
    return Entry.objects.exclude(action="world.made").order_by("pk")


def test_a_change_of_a_campaign_is_told_from_what_to_what(browser, staff):
    row = CampaignFigures.objects.get(start_year=2026)
    assert change(browser, row, canicule="0,5").status_code == 302
    line = lines().get()
    assert (line.action, line.actor_id, line.cibtp_id) == ("figures.changed", staff.pk, "")
    name = staff.get_full_name()
    told = "81e campagne (2026-2027)\u00a0: coefficient de canicule, de rien à 0,5"
    assert line.sentence == f"{name} modifie «\u00a0paramètres d’une campagne\u00a0» {told}"
    assert (line.before["coefficient de canicule"], line.after["coefficient de canicule"]) == ("", "0,5")
    assert line.before["abattement (€)"] == line.after["abattement (€)"] == "96168"
    assert current_parameters().campaigns[2026].canicule == Decimal("0.5")


def test_what_is_saved_as_it_was_leaves_no_line(browser):
    assert change(browser, CampaignFigures.objects.get(start_year=2026)).status_code == 302
    assert not lines().exists()


def test_a_campaign_is_added_and_keeps_its_year(browser):
    given = {
        "start_year": 2027,
        "abattement": "97000",
        "structural_rate": "0,0068",
        "finishing_rate": "0,0013",
    }
    assert browser.post(page(CampaignFigures, "add"), given).status_code == 302
    row = CampaignFigures.objects.get(start_year=2027)
    assert lines().get().action == "figures.added"
    assert current_parameters().campaigns[2027].abattement == 97000
    change(browser, row, start_year=2030, abattement="98000")
    row.refresh_from_db()
    assert (row.start_year, row.abattement) == (2027, 98000)


@pytest.mark.parametrize("wrong", [{"structural_rate": "1,5"}, {"abattement": "0"}, {"abattement": "-1"}])
def test_a_figure_that_cannot_be_is_refused_in_words(browser, wrong):
    row = CampaignFigures.objects.get(start_year=2026)
    assert change(browser, row, **wrong).status_code == 200
    assert not lines().exists()


def test_a_ceiling_is_changed_and_deleted(browser):
    row = HourlyCeiling.objects.get(year=2026)
    change(browser, row, amount="31,25")
    assert current_parameters().hourly_ceilings[2026] == Decimal("31.25")
    assert browser.post(page(HourlyCeiling, "delete", row), {"post": "yes"}).status_code == 302
    assert 2026 not in current_parameters().hourly_ceilings
    assert [line.action for line in lines()] == ["figures.changed", "figures.deleted"]
    assert (lines()[1].before["plafond horaire (€)"], lines()[1].after) == ("31,25", None)


def test_a_season_is_added_and_its_days_exist(browser):
    given = {
        "departement": "2a", "activity": "", "altitude": 900, "first_day": 31, "first_month": 2,
        "last_day": 1, "last_month": 3,
    }  # fmt: skip
    refused = browser.post(page(SeasonalExclusion, "add"), given)
    assert "Ce mois n’a pas ce jour." in refused.content.decode()
    assert browser.post(page(SeasonalExclusion, "add"), given | {"departement": "99"}).status_code == 200
    assert browser.post(page(SeasonalExclusion, "add"), given | {"first_day": 29}).status_code == 302
    assert "2A" in {exclusion.departement for exclusion in current_parameters().exclusions}


def test_the_readings_are_one_row_that_is_changed_and_never_added_nor_deleted(browser):
    row = ReadingChoices.objects.get()
    values = {"carence_scope": "worksite", "tolerance": "end_of_month", "first_band_hours": "7,5"}
    change(browser, row, carence_first=False, **values)
    readings = current_parameters().readings
    assert (readings.carence_first, readings.carence_scope) == (False, CarenceScope.WORKSITE)
    assert (readings.tolerance, readings.first_band_hours) == (Tolerance.END_OF_MONTH, Decimal("7.5"))
    line = lines().get()
    assert "carence avant les plafonds, de oui à non" in line.sentence
    assert line.after["carence comptée"] == "par salarié et chantier"
    assert browser.get(page(ReadingChoices, "add")).status_code == 403
    assert browser.post(page(ReadingChoices, "delete", row), {"post": "yes"}).status_code == 403
    assert ReadingChoices.objects.count() == 1


@pytest.mark.parametrize("hours", ["-1", "46", "x", ""])
def test_a_first_band_that_no_week_has_is_refused(browser, hours):
    row = ReadingChoices.objects.get()
    assert change(browser, row, first_band_hours=hours).status_code == 200
    assert not lines().exists()


def test_a_holiday_is_added_changed_and_deleted_and_counts_at_once(browser):
    current_parameters()
    assert browser.post(page(Holiday, "add"), {"day": "28/06/2027", "name": "Essai"}).status_code == 302
    row = Holiday.objects.get(name="Essai")
    assert MIDSUMMER in current_parameters().holidays
    change(browser, row, alsace_moselle=True)
    assert MIDSUMMER not in current_parameters().holidays
    assert MIDSUMMER in current_parameters().holidays_in("67")
    change(browser, row, alsace_moselle=False, day="29/06/2027")
    assert MIDSUMMER + dt.timedelta(days=1) in current_parameters().holidays
    browser.post(page(Holiday, "delete", row), {"post": "yes"})
    assert MIDSUMMER + dt.timedelta(days=1) not in current_parameters().holidays
    actions = ["holidays.added", "holidays.changed", "holidays.changed", "holidays.deleted"]
    assert [line.action for line in lines()] == actions


def test_holidays_that_nobody_saved_one_by_one_count_too():
    current_parameters()
    Holiday.objects.filter(day__year=2026).delete()
    Holiday.objects.bulk_create([Holiday(day=MIDSUMMER, name="Essai")], ignore_conflicts=True)
    assert MIDSUMMER in current_parameters().holidays
    assert dt.date(2026, 5, 1) not in current_parameters().holidays


@pytest.mark.parametrize(
    "model", [CampaignFigures, HourlyCeiling, SeasonalExclusion, ReadingChoices, Holiday]
)
def test_no_action_writes_several_rows_and_no_line(browser, model):
    shown = browser.get(page(model, "changelist"))
    assert shown.status_code == 200
    assert "delete_selected" not in shown.content.decode()
    rows = model.objects.count()
    keys = list(model.objects.values_list("pk", flat=True))
    browser.post(
        page(model, "changelist"), {"action": "delete_selected", "_selected_action": keys, "post": "y"}
    )
    assert model.objects.count() == rows


def test_staff_without_the_permission_only_read(staff):
    reader, browser = UserFactory(is_staff=True), Client()
    reader.user_permissions.add(Permission.objects.get(codename="view_campaignfigures"))
    browser.force_login(reader)
    row = CampaignFigures.objects.get(start_year=2026)
    assert browser.get(page(CampaignFigures, row=row)).status_code == 200
    assert browser.post(page(CampaignFigures, row=row), {"abattement": "1"}).status_code == 403


def test_a_change_whose_line_cannot_be_written_is_not_made(browser, monkeypatch):
    def failing(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("portal.administration.recorded.record", failing)
    row = HourlyCeiling.objects.get(year=2026)
    with pytest.raises(RuntimeError):
        change(browser, row, amount="31")
    row.refresh_from_db()
    assert row.amount == 30


def test_one_query_while_nothing_changed(django_assert_num_queries):
    current_parameters()
    with django_assert_num_queries(1):
        current_parameters()


def test_figures_that_were_rolled_back_are_not_taken_for_the_next_ones():
    def changed_to(amount):
        row = HourlyCeiling.objects.get(year=2026)
        row.amount = Decimal(amount)
        row.save()
        return current_parameters().hourly_ceilings[2026]

    with transaction.atomic():
        assert changed_to("99") == 99
        transaction.set_rollback(True)
    assert changed_to("31") == 31


def test_an_estimate_follows_a_figure_that_staff_change(browser):
    site = SiteFactory(adherent=AdherentFactory(payroll=Decimal(900000)))
    draft = draft_of(worksite_of(site))
    loses(draft, {MONDAY: "5.00", MONDAY + dt.timedelta(days=1): "7.00"}, wage="60.00")
    before = assessed(draft)
    change(browser, HourlyCeiling.objects.get(year=2026), amount="20")
    after = assessed(draft)
    assert before.owed > after.owed > 0
    assert before.refunded > after.refunded > 0


def test_figures_known_to_a_process_are_read_again_when_another_changed_them(monkeypatch):
    """Each process has its own memory of them; the edition is in the database."""
    here, there = {}, {}
    monkeypatch.setattr(figures, "_known", there)
    assert current_parameters().hourly_ceilings[2026] == 30
    monkeypatch.setattr(figures, "_known", here)
    current_parameters()
    row = HourlyCeiling.objects.get(year=2026)
    row.amount = Decimal(31)
    row.save()
    assert current_parameters().hourly_ceilings[2026] == 31
    monkeypatch.setattr(figures, "_known", there)
    assert current_parameters().hourly_ceilings[2026] == 31


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_another_process_reckons_with_a_change_at_once(browser):
    of_the_test = connection.settings_dict
    where = f"{of_the_test['HOST']}:{of_the_test['PORT'] or 5432}/{of_the_test['NAME']}"
    url = f"postgres://{of_the_test['USER']}:{of_the_test['PASSWORD']}@{where}"
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings.testing"},
    )  # fmt: skip

    def ceiling_there():
        other.stdin.write("?\n")
        other.stdin.flush()
        return Decimal(json.loads(other.stdout.readline()))

    with other:
        assert [ceiling_there(), ceiling_there()] == [30, 30]
        change(browser, HourlyCeiling.objects.get(year=2026), amount="31,5")
        assert ceiling_there() == Decimal("31.5")
        other.stdin.close()
