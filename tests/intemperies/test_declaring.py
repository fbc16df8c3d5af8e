"""A stop declared step by step: kept at each, checked, sent once, and what became of it (product.md 7.4)."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from intemperies.models import Line, LostHours, Period, State, Stoppage, Worksite
from portal import clock
from portal.access.levels import College
from portal.journal.models import Entry
from tests.factories import WorksiteFactory, employee_of, owner_of
from tests.intemperies.declaring import (
    MONDAY,
    SIGNED,
    TUESDAY,
    address,
    chosen,
    draft_by,
    lost,
    read,
    sent_by,
    stop,
    version,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# --- the worksite ----------------------------------------------------------------------------------------


def test_without_a_worksite_one_is_asked_for_first_and_leads_back(browser, site):
    new = address(site, "nouveau/")
    asked = browser.get(new)["Location"]
    assert asked.startswith(f"/sites/{site.cibtp_id}/intemperies/arrets/chantiers/nouveau/")
    typed = {"name": "Lycée", "address": "1 rue", "postal_code": "20 167", "town": "AJACCIO", "trade": "SO"}
    assert browser.post(asked, typed | {"next": new})["Location"] == new
    made = Worksite.objects.get()
    assert (made.departement, made.postal_code, made.altitude, made.trade) == ("2A", "20167", 0, "SO")


@pytest.mark.parametrize(
    ("code", "departement"), [("54000", "54"), ("20200", "2B"), ("20199", "2A"), ("01000", "01")]
)
def test_the_departement_follows_from_the_postal_code(browser, site, code, departement):
    typed = {"name": "Lycée", "address": "1 rue", "postal_code": code, "town": "LÀ", "trade": "GO"}
    browser.post(address(site, "chantiers/nouveau/"), typed)
    assert Worksite.objects.get().departement == departement


@pytest.mark.parametrize("code", ["97400", "98000", "5400", "L-1234"])
def test_a_worksite_is_in_metropolitan_france(browser, site, code):
    typed = {"name": "Lycée", "address": "1 rue", "postal_code": code, "town": "LÀ", "trade": "GO"}
    assert browser.post(address(site, "chantiers/nouveau/"), typed).status_code == 422
    assert not Worksite.objects.exists()


def test_a_worksite_that_is_over_is_offered_no_more(browser, site, worksite):
    browser.post(
        f"/sites/{site.cibtp_id}/intemperies/arrets/chantiers/{worksite.pk}/situation/", {"over": "oui"}
    )
    WorksiteFactory(site=site, name="Gymnase")
    offered = read(browser.get(address(site, "nouveau/"))).partition("<select")[2]
    assert "Gymnase" in offered
    assert "École Jules-Ferry" not in offered


# --- from the stop to the receipt ------------------------------------------------------------------------


def test_the_whole_way_in_five_steps(browser, site, worksite, owner, mason):
    """Rule 17: 12 h lost, one of carence, 11 × 14 € × 75 % = 115,50 €; rule 21: 40,85 € would come back."""
    draft = draft_by(browser, worksite, mason)
    checks = read(browser.get(address(site, "controles/", draft.pk)))
    assert "12 h perdues − 1 h de carence = 11 h" in checks
    assert "11 h × 14,00 € × 75 % = 115,50 €" in checks
    assert "40,85 €" in checks
    assert "À envoyer au plus tard le 14 février 2026" in checks
    sent = sent_by(browser, draft)
    assert (sent.state, sent.number) == (State.SENT, f"INT-2026-{draft.pk:06}")
    assert (sent.sent_at, sent.attested_by, sent.committee) == (clock.now(), "Anaïs Lefèvre", "consulted")
    assert not sent.out_of_time
    (line,) = sent.said["lines"].values()
    assert (line["lost"], line["owed"], line["refunded"]) == ("12.00", "115.50", "40.85")
    (entry,) = Entry.objects.filter(action="stoppage.sent")
    assert (entry.actor_id, entry.cibtp_id) == (owner.pk, site.cibtp_id)
    page = read(browser.get(address(site, "", sent.pk)))
    assert "115,50 €" in page
    assert "Envoyée à la caisse" in page


def test_the_receipt_bears_the_number_the_lines_and_the_sums(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    answer = browser.get(address(site, "recepisse/", sent.pk))
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for said in (sent.number, "MEYER Zoé", "115,50", "École Jules-Ferry"):
        assert said in text.replace("\u00a0", " ").replace("\u202f", " ")


def test_each_step_is_kept_in_a_draft_that_home_tells_of(browser, site, worksite):
    browser.post(address(site, "nouveau/"), stop(worksite, resume_day_0="", resume_time_0=""))
    draft = Stoppage.objects.get()
    assert (draft.state, draft.periods.get().resumes) == (State.DRAFT, None)
    assert "Un arrêt n’est pas encore envoyé : École Jules-Ferry" in read(
        browser.get(f"/sites/{site.cibtp_id}/")
    )
    again = read(browser.get(address(site, "arret/", draft.pk)))
    assert 'value="élévation de murs"' in again
    assert 'value="12/01/2026"' in again


def test_home_the_list_and_the_draft_say_by_when_it_is_sent_once_work_has_resumed(browser, site, worksite):
    """Rule 6: resumed on 14/01/2026, in time until 14/02/2026."""
    browser.post(address(site, "nouveau/"), stop(worksite))
    assert "au plus tard le 14/02/2026" in read(browser.get(f"/sites/{site.cibtp_id}/"))
    assert "au plus tard le 14/02/2026 : encore 25 jours" in read(browser.get(address(site, "")))
    file = read(browser.get(address(site, "", Stoppage.objects.get().pk)))
    assert "14 février 2026 : encore 25 jours" in file


def test_rule_5_without_the_resumption_a_draft_is_kept_and_is_not_sent(browser, site, worksite, mason):
    draft = draft_by(browser, worksite, mason, resume_day_0="", resume_time_0="")
    assert "Il manque la reprise" in read(browser.get(address(site, "controles/", draft.pk)))
    answer = browser.post(address(site, "envoi/", draft.pk), SIGNED | {"version": version(draft)})
    assert answer["Location"] == address(site, "controles/", draft.pk)
    assert Stoppage.objects.get().is_draft


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"stop_day_0": "21/01/2026"}, "L’arrêt est dans le futur"),
        ({"resume_day_0": "12/01/2026"}, "La reprise doit suivre l’arrêt"),
        ({"resume_day_0": "20/01/2026", "resume_time_0": "13 h"}, "La reprise est dans le futur"),
        ({"resume_time_0": ""}, "Saisissez aussi l’heure de la reprise"),
        ({"stop_time_0": "25 h"}, "Écrivez l’heure"),
        ({"cause": ""}, "Choisissez la cause de l’arrêt"),
        ({"work": ""}, "Dites quels travaux sont interrompus"),
    ],
)
def test_what_is_wrong_of_the_stop_is_said_beside_its_field(browser, site, worksite, typed, said):
    answer = browser.post(address(site, "nouveau/"), stop(worksite, **typed))
    assert answer.status_code == 422
    assert said in read(answer)
    assert not Stoppage.objects.exists()


def test_rule_3_two_stops_of_one_week_are_one_declaration(browser, site, worksite):
    second = {
        "spans": "2",
        "resume_day_0": "12/01/2026",
        "resume_time_0": "14 h",
        "stop_day_1": "13/01/2026",
        "stop_time_1": "9h30",
        "resume_day_1": "14/01/2026",
        "resume_time_1": "8",
    }
    assert browser.post(address(site, "nouveau/"), stop(worksite, **second)).status_code == 302
    assert Period.objects.filter(stoppage=Stoppage.objects.get()).count() == 2


@pytest.mark.parametrize(
    ("day", "said"),
    [("12/01/2026", "commence avant la reprise"), ("19/01/2026", "est d’une autre semaine que le premier")],
)
def test_the_stops_of_a_declaration_follow_each_other_in_one_week(browser, site, worksite, day, said):
    second = {"spans": "2", "stop_day_1": day, "stop_time_1": "11 h"}
    assert said in read(browser.post(address(site, "nouveau/"), stop(worksite, **second)))


def test_another_stop_can_be_added_without_losing_what_was_typed(browser, site, worksite):
    page = read(browser.post(address(site, "nouveau/"), stop(worksite, do="another")))
    assert 'name="stop_day_1"' in page
    assert 'value="élévation de murs"' in page
    assert not Stoppage.objects.exists()


def test_rule_3_a_second_declaration_of_the_week_is_shown_the_first_and_loses_nothing(
    browser, site, worksite
):
    browser.post(address(site, "nouveau/"), stop(worksite))
    first = Stoppage.objects.get()
    again = browser.post(address(site, "nouveau/"), stop(worksite, work="ferraillage", stop_time_0="11 h"))
    assert again.status_code == 422
    assert "Un brouillon existe déjà" in read(again)
    assert f'href="{address(site, "", first.pk)}"' in read(again)
    assert 'value="ferraillage"' in read(again)
    assert Stoppage.objects.count() == 1


def test_the_same_stop_begun_twice_goes_on_with_its_draft(browser, site, worksite):
    for _ in range(2):
        answer = browser.post(address(site, "nouveau/"), stop(worksite))
    assert answer["Location"] == address(site, "salaries/", Stoppage.objects.get().pk)


def test_rule_4_structural_and_finishing_work_are_two_declarations(browser, site, worksite):
    for trade in ("GO", "SO"):
        assert browser.post(address(site, "nouveau/"), stop(worksite, trade=trade)).status_code == 302
    assert sorted(Stoppage.objects.values_list("trade", flat=True)) == ["GO", "SO"]


def test_rule_6_what_is_late_is_marked_and_never_dropped(browser, site, worksite, mason, now):
    draft = draft_by(browser, worksite, mason)
    now.move_to("2026-02-15T00:00:00+01:00")
    browser.force_login(owner_of(site))
    assert "forclusion" in read(browser.get(address(site, "controles/", draft.pk)))
    sent = sent_by(browser, draft)
    assert sent.out_of_time
    assert "hors délai" in read(browser.get(address(site, "")))


# --- employees and hours ---------------------------------------------------------------------------------


def test_who_may_be_chosen_is_under_contract_during_the_stop(browser, site, worksite, mason):
    employee_of(site, last_name="PARTI", left_on=MONDAY.replace(day=11))
    employee_of(site, last_name="FUTUR", hired_on=MONDAY.replace(day=15))
    employee_of(site, last_name="RESTE", left_on=MONDAY)
    browser.post(address(site, "nouveau/"), stop(worksite))
    page = read(browser.get(address(site, "salaries/", Stoppage.objects.get().pk)))
    assert "MEYER Zoé" in page
    assert "RESTE" in page
    assert "PARTI" not in page
    assert "FUTUR" not in page


def test_what_the_declarant_states_instead_of_the_file_is_kept_with_his_name(browser, site, worksite, mason):
    """Rules 10 to 12."""
    browser.post(address(site, "nouveau/"), stop(worksite))
    draft = Stoppage.objects.get()
    typed = chosen(mason, wage="14,00", hours="199,99", days="12") | {"version": version(draft)}
    browser.post(address(site, "salaries/", draft.pk), typed)
    line = Line.objects.get()
    assert (line.wage, line.worked_hours, line.paid_days) == (Decimal(14), Decimal("199.99"), 12)
    assert line.stated_by == "Anaïs Lefèvre"
    hours = lost(draft, {MONDAY: "5"}) | {"version": version(draft)}
    browser.post(address(site, "heures/", draft.pk), hours)
    checks = read(browser.get(address(site, "controles/", draft.pk)))
    assert "199,99 h travaillées dans le BTP en deux mois : il en faut au moins 200 h" in checks
    assert browser.get(address(site, "envoi/", draft.pk)).status_code == 302


def test_what_is_wrong_of_a_ticked_employee_is_said_and_kept(browser, site, worksite, mason):
    browser.post(address(site, "nouveau/"), stop(worksite))
    draft = Stoppage.objects.get()
    typed = chosen(mason, wage="quatorze") | {"version": version(draft)}
    answer = browser.post(address(site, "salaries/", draft.pk), typed)
    assert answer.status_code == 422
    assert 'value="quatorze"' in read(answer)
    assert not Line.objects.exists()


def test_nobody_ticked_is_said(browser, site, worksite, mason):
    browser.post(address(site, "nouveau/"), stop(worksite))
    draft = Stoppage.objects.get()
    answer = browser.post(address(site, "salaries/", draft.pk), {"version": version(draft)})
    assert "Cochez au moins un salarié" in read(answer)


def test_the_row_for_all_fills_the_empty_cells_and_records_nothing(browser, site, worksite, mason):
    other = employee_of(site, last_name="KELLER")
    draft = draft_by(browser, worksite, mason, other)
    LostHours.objects.filter(line__employee=other).delete()
    typed = lost(draft, {MONDAY: "", TUESDAY: ""})
    typed[f"h_{draft.lines.get(employee=mason).pk}_{MONDAY:%Y%m%d}"] = "4"
    typed |= {f"tous_{MONDAY:%Y%m%d}": "5,5", "do": "fill", "version": version(draft)}
    page = read(browser.post(address(site, "heures/", draft.pk), typed))
    assert page.count('value="5,5"') == 2  # the row for all, and the empty cell
    assert 'value="4"' in page
    assert not LostHours.objects.filter(line__employee=other).exists()


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("7", "7"),
        ("7,5", "7.5"),
        ("7.25", "7.25"),
        ("7h30", "7.5"),
        ("7 h 20", "7.33"),
        (" 8 h ", "8"),
        ("24", "24"),
    ],
)
def test_hours_are_understood_as_people_type_them(browser, site, worksite, mason, typed, hours):
    draft = draft_by(browser, worksite, mason)
    sent = lost(draft, {MONDAY: typed}) | {"version": version(draft)}
    browser.post(address(site, "heures/", draft.pk), sent)
    assert LostHours.objects.get().hours == Decimal(hours)


@pytest.mark.parametrize("typed", ["abc", "-1", "7h75", "25", "1000000", "٣", "7,555"])
def test_what_is_no_hours_is_said_and_nothing_is_lost(browser, site, worksite, mason, typed):
    draft = draft_by(browser, worksite, mason)
    sent = lost(draft, {MONDAY: typed, TUESDAY: "6"}) | {"version": version(draft)}
    answer = browser.post(address(site, "heures/", draft.pk), sent)
    assert answer.status_code == 422
    assert "MEYER Zoé, lundi 12/01" in read(answer)
    assert sorted(LostHours.objects.values_list("hours", flat=True)) == [5, 7]


def test_a_stop_moved_away_from_the_hours_is_refused_until_they_are_cleared(browser, site, worksite, mason):
    draft = draft_by(browser, worksite, mason)
    moved = stop(worksite, stop_day_0="13/01/2026", version=version(draft))
    assert browser.post(address(site, "arret/", draft.pk), moved).status_code == 302
    checks = read(browser.get(address(site, "controles/", draft.pk)))
    assert "Le 12 janvier 2026 n’est plus dans aucun arrêt" in checks


def test_rule_14_hours_of_two_worksites_on_one_day_do_not_pass_nine(browser, site, worksite, mason):
    sent_by(browser, draft_by(browser, worksite, mason))
    other = WorksiteFactory(site=site, name="Gymnase")
    draft = draft_by(browser, other, mason)
    checks = read(browser.get(address(site, "controles/", draft.pk)))
    assert "Le 13 janvier 2026 : 14 h perdues sur 2 chantiers, 9 h au plus peuvent l’être" in checks


def test_rule_18_the_carence_of_a_week_is_borne_once_over_two_declarations(browser, site, worksite, mason):
    sent_by(browser, draft_by(browser, worksite, mason))
    other = WorksiteFactory(site=site, name="Gymnase")
    week = {
        "stop_day_0": "15/01/2026",
        "stop_time_0": "8 h",
        "resume_day_0": "15/01/2026",
        "resume_time_0": "17 h",
    }
    draft = draft_by(browser, other, mason, **week)
    hours = lost(draft, {MONDAY.replace(day=15): "7"}) | {"version": version(draft)}
    browser.post(address(site, "heures/", draft.pk), hours)
    checks = read(browser.get(address(site, "controles/", draft.pk)))
    assert "7 h perdues = 7 h" in checks


# --- by collège ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("college", list(College))
def test_a_line_bears_the_college_of_the_day_of_the_stop(browser, site, worksite, college):
    person = employee_of(site, college)
    draft_by(browser, worksite, person)
    assert Line.objects.get().college == college
