"""The back office takes what was declared: nothing twice, nothing lost, nothing of a draft."""

import csv
import datetime as dt
import io

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse

from intemperies import taking
from intemperies.models import Line, State, Stoppage, Taking, Worksite
from intemperies.taken_file import HEADS
from intemperies.taking import NothingToTake, take
from intemperies.undoing import cancel
from portal import clock
from portal.journal.models import Entry
from portal.origin import COMMAND
from portal.spreadsheets import in_cp1252
from tests.factories import SiteFactory, UserFactory
from tests.imports.extract_files import FORMULA
from tests.intemperies.declared import MONDAY, declared, draft_of, loses, marked_sent, worksite_of

pytestmark = pytest.mark.django_db

LIST = reverse("admin:intemperies_taking_changelist")
BUTTON = reverse("admin:intemperies_taking_take")
TOLD = {
    "activite": "charpente", "marche_public": "O", "travaux": "Pose de fermes", "cause": "CANICULE",
    "temps": "36\u00a0°C à l’ombre", "vigilance": "ORANGE", "arrete_prefectoral": "O", "cse": "CONSULTE",
    "maitre_oeuvre": "Luc Noël", "atteste_par": "Zoé Meyer", "heures_deux_mois": "280,50",
    "jours_deja_indemnises": "12", "declare_par": "Zoé Meyer",
}  # fmt: skip


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def staff(client):
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def taken(person=None):
    return take(person or UserFactory(is_staff=True), COMMAND)


def rows(batch):
    text = bytes(batch.content).decode("cp1252")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def numbers(batch):
    return [row["numero"] for row in rows(batch)]


def test_a_line_for_each_employee_and_day(site):
    draft = draft_of(worksite_of(site))
    loses(draft, {MONDAY: "5.00", MONDAY + dt.timedelta(days=1): "7.50"}, wage="14.50", matricule="0007")
    loses(draft, {MONDAY: "6.25"}, wage="21.00", matricule="0008")
    sent = marked_sent(draft)
    batch = taken()
    raw = bytes(batch.content)
    assert raw.startswith(";".join(HEADS).encode() + b"\r\n")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 4
    first, second, third = rows(batch)
    today = f"{clock.today():%d/%m/%Y}"
    assert first == {
        "identifiant_cibtp": site.cibtp_id, "numero": sent.number, "etat": "ENVOYEE", "corrige": "",
        "date_envoi": today, "hors_delai": "N", "chantier": "Lycée Fabert", "adresse": "2 rue Saint-Vincent",
        "code_postal": "57000", "ville": "Metz", "departement": "57", "altitude": "0", "activite": "",
        "marche_public": "N", "categorie": "GO", "travaux": "Coulage", "cause": "GEL", "temps": "",
        "vigilance": "", "arrete_prefectoral": "N", "cse": "", "maitre_oeuvre": "", "atteste_par": "",
        "arret": "12/01/2026 10:00:00", "reprise": "14/01/2026 08:00:00", "matricule": "0007",
        "college": "OUVRIER", "jour": "12/01/2026", "heures": "5,00", "salaire_horaire": "14,50",
        "heures_deux_mois": "303,00", "jours_deja_indemnises": "0", "declare_par": "",
        "indemnite_estimee": "87,41", "remboursement_estime": "9,20", "date_fin": "", "motif": "",
    }  # fmt: skip
    assert (second["jour"], second["heures"], second["indemnite_estimee"]) == ("13/01/2026", "7,50", "")
    assert (third["matricule"], third["heures"], third["indemnite_estimee"]) == ("0008", "6,25", "87,41")
    assert (batch.declarations, batch.lines) == (1, 3)


def test_a_line_tells_all_that_a_declaration_must_tell(site):
    worksite = worksite_of(site)
    Worksite.objects.filter(pk=worksite.pk).update(activity="charpente", public_works=True)
    worksite.refresh_from_db()
    draft = draft_of(
        worksite, cause="canicule", work="Pose de fermes", weather="36\u00a0°C à l’ombre", vigilance="orange",
        prefect_order=True, committee="consulted", project_manager="Luc Noël", attested_by="Zoé Meyer",
    )  # fmt: skip
    line = loses(draft, {MONDAY: "5.00", MONDAY + dt.timedelta(days=1): "7.50"})
    Line.objects.filter(pk=line.pk).update(worked_hours="280.50", paid_days=12, stated_by="Zoé Meyer")
    marked_sent(draft)
    for row in (found := rows(taken())):
        assert {name: row[name] for name in TOLD} == TOLD
    assert [row["indemnite_estimee"] for row in found] == ["87,41", ""]


@pytest.mark.parametrize(("committee", "written"), [("consulted", "CONSULTE"), ("none", "AUCUN"), ("", "")])
def test_what_is_attested_of_the_works_council(site, committee, written):
    declared(site, committee=committee)
    assert {row["cse"] for row in rows(taken())} == {written}


def test_what_is_not_known_of_an_employee_is_left_empty(site):
    Line.objects.filter(stoppage=declared(site)).update(worked_hours=None, paid_days=None)
    assert {(row["heures_deux_mois"], row["jours_deja_indemnises"]) for row in rows(taken())} == {("", "")}


def test_what_was_taken_says_so_and_is_not_taken_again(site):
    sent = declared(site)
    batch = taken()
    sent.refresh_from_db()
    assert (sent.taken_at, sent.taken_state) == (batch.at, State.SENT)
    with pytest.raises(NothingToTake):
        taken()
    other = declared(SiteFactory())
    assert set(numbers(taken())) == {other.number}


def test_nothing_of_a_draft_is_taken(site):
    draft = draft_of(worksite_of(site))
    loses(draft, {MONDAY: "5.00"})
    with pytest.raises(NothingToTake):
        taken()
    declared(SiteFactory())
    text = bytes(taken().content).decode("cp1252")
    assert site.cibtp_id not in text
    draft.refresh_from_db()
    assert draft.taken_at is None


def test_one_cancelled_after_it_was_taken_is_in_the_next_batch_as_cancelled(site, monkeypatch):
    sent = declared(site)
    taken()
    monkeypatch.setattr("intemperies.undoing.require_whole", lambda *given: None)
    person = sent.begun_by
    reason = "Le chantier a repris"
    cancel(number=sent.pk, site=site, person=person, access=None, reason=reason, origin=COMMAND)
    batch = taken()
    assert {(row["numero"], row["etat"], row["motif"]) for row in rows(batch)} == {
        (sent.number, "ANNULEE", reason)
    }
    assert rows(batch)[0]["date_fin"] == f"{clock.today():%d/%m/%Y}"
    with pytest.raises(NothingToTake):
        taken()


def test_one_cancelled_within_the_same_second_by_another_clock_is_not_lost(site):
    sent = declared(site)
    taken()
    earlier = clock.now() - dt.timedelta(hours=1)
    Stoppage.objects.filter(pk=sent.pk).update(state=State.CANCELLED, over_at=earlier)
    assert numbers(taken()) == [sent.number] * 2


def test_a_correction_and_what_it_replaces_are_taken_in_this_order(site):
    former = declared(site)
    taken()
    Stoppage.objects.filter(pk=former.pk).update(state=State.REPLACED, over_at=clock.now())
    draft = draft_of(former.worksite, corrects=former)
    loses(draft, {MONDAY: "4.00"})
    correction = marked_sent(draft)
    assert [(row["numero"], row["etat"], row["corrige"]) for row in rows(taken())] == [
        (former.number, "REMPLACEE", ""),
        (former.number, "REMPLACEE", ""),
        (correction.number, "ENVOYEE", former.number),
    ]


def test_what_a_batch_cannot_hold_is_in_the_next_one(monkeypatch):
    monkeypatch.setattr(taking, "MOST", 2)
    sent = [declared(SiteFactory()).number for _ in range(5)]
    batches = [set(numbers(taken())) for _ in range(3)]
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert set().union(*batches) == set(sent)
    with pytest.raises(NothingToTake):
        taken()


def test_a_batch_that_fails_takes_nothing(site, monkeypatch):
    sent = declared(site)

    def failing(*args, **kwargs):
        raise OSError("no journal")

    with monkeypatch.context() as patch:
        patch.setattr(taking, "record", failing)
        with pytest.raises(OSError, match="no journal"):
            taken()
    assert not Taking.objects.exists()
    assert numbers(taken()) == [sent.number] * 2


def test_as_many_queries_for_many_declarations_as_for_one(site, django_assert_num_queries):
    for _ in range(4):
        declared(SiteFactory())
    person = UserFactory(is_staff=True)
    with django_assert_num_queries(10):  # two savepoints, four of the rows, and what is written
        taken(person)


def test_formulas_are_inert_and_letters_that_cp1252_lacks_are_told_by_their_nearest(site):
    declared(site, name=FORMULA)
    declared(SiteFactory(), name="Łódź\u202f→ œuvre n°\u00a01 🏗\n=1+1")
    written = {"work": FORMULA, "weather": FORMULA, "project_manager": FORMULA, "attested_by": FORMULA}
    last = declared(SiteFactory(), name="＝1+1", **written)
    Line.objects.filter(stoppage=last).update(stated_by=FORMULA)
    found = rows(taken())
    names = [row["chantier"] for row in found]
    assert set(names) == {f"'{FORMULA}", "Lódz\u00a0-> œuvre n°\u00a01 ? =1+1", "'=1+1"}
    columns = ("travaux", "temps", "maitre_oeuvre", "atteste_par", "declare_par")
    assert [found[-1][column] for column in columns] == [f"'{FORMULA}"] * len(columns)


@pytest.mark.parametrize(
    ("text", "written"),
    [("Œuvrard", "Œuvrard"), ("e\u0301te\u0301", "été"), ("Şahin Čech", "Sahin Cech"), ("a\u200bb", "ab")],
)
def test_a_letter_of_another_alphabet(text, written):
    assert in_cp1252(text) == written


def test_staff_take_by_a_button_and_have_the_file_again_the_same(client, staff, site):
    sent = declared(site)
    page = client.get(LIST).content.decode()
    assert "1 déclaration attend d’être prise." in " ".join(page.split())
    shown = client.post(BUTTON, follow=True)
    batch = Taking.objects.get()
    assert "1 déclaration prise." in shown.content.decode()
    assert shown.redirect_chain[-1][0] == reverse("admin:intemperies_taking_change", args=[batch.pk])
    files = [client.post(reverse("admin:intemperies_taking_download", args=[batch.pk])) for _ in range(2)]
    assert files[0].content == files[1].content == bytes(batch.content)
    assert files[0]["Content-Disposition"] == f'attachment; filename="{batch.file_name}"'
    assert files[0]["Content-Type"] == "text/csv; charset=windows-1252"
    Stoppage.objects.filter(pk=sent.pk).update(state=State.CANCELLED, over_at=clock.now())
    again = client.post(reverse("admin:intemperies_taking_download", args=[batch.pk]))
    assert again.content == files[0].content
    lines = Entry.objects.filter(action__startswith="stoppages.").order_by("pk")
    assert [line.action for line in lines] == ["stoppages.taken", *["stoppages.downloaded"] * 3]
    assert lines[0].after == {"batch": batch.pk, "declarations": 1, "lines": 2}
    assert {line.actor_id for line in lines} == {staff.pk}


def test_a_second_click_is_told_that_nothing_is_left(client, staff, site):
    declared(site)
    client.post(BUTTON)
    shown = client.post(BUTTON, follow=True)
    assert "Rien à prendre" in shown.content.decode()
    assert Taking.objects.count() == 1


def test_asking_for_the_page_takes_nothing(client, staff, site):
    declared(site)
    assert client.get(BUTTON).status_code == 405
    assert not Taking.objects.exists()


def test_only_who_may_take_does(client, site):
    declared(site)
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_taking"))
    client.force_login(reader)
    assert "Prendre les arrêts" not in client.get(LIST).content.decode()
    assert client.post(BUTTON).status_code == 403
    assert not Taking.objects.exists()
    batch = taken()
    download = reverse("admin:intemperies_taking_download", args=[batch.pk])
    assert client.post(download).status_code == 403
    page = client.get(reverse("admin:intemperies_taking_change", args=[batch.pk])).content.decode()
    assert "Télécharger le fichier" not in page
    taker = UserFactory(is_staff=True)
    taker.user_permissions.add(Permission.objects.get(codename="take_stoppages"))
    client.force_login(taker)
    assert client.post(download).status_code == 200
    declared(SiteFactory())
    assert client.post(BUTTON)["Location"] == reverse("admin:index")
    assert Taking.objects.count() == 2


@pytest.mark.parametrize("number", ["999999", "x", "²", "9" * 5000])
def test_a_batch_that_does_not_exist_is_not_found(client, staff, number):
    address = reverse("admin:intemperies_taking_download", args=[number])
    assert client.post(address).status_code == 404


def test_the_database_holds_that_what_was_taken_says_in_which_state(site):
    sent = declared(site)
    for values in ({"taken_at": clock.now()}, {"taken_state": "sent"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Stoppage.objects.filter(pk=sent.pk).update(**values)


def test_staff_read_the_stops_by_state_and_by_what_was_taken(client, staff, site):
    first, late = declared(site), declared(SiteFactory(), name="Pont des Morts")
    taken()
    Stoppage.objects.filter(pk=late.pk).update(out_of_time=True, state="cancelled", over_at=clock.now())
    waiting = declared(SiteFactory(), name="Halle")
    page = reverse("admin:intemperies_stoppage_changelist")

    def found(**asked):
        answer = client.get(page, asked)
        assert answer.status_code == 200
        return set(answer.context["cl"].queryset.values_list("pk", flat=True))

    assert found() == {first.pk, late.pk, waiting.pk}
    assert found(out_of_time__exact="1") == found(state__exact="cancelled") == {late.pk}
    assert found(prise="oui") == {first.pk}
    assert found(prise="a-prendre") == {late.pk, waiting.pk}
    assert found(prise="reprendre") == {late.pk}
    assert found(q=first.number) == found(q=site.cibtp_id) == {first.pk}
    assert client.get(page, {"begun_by__password__startswith": "a"}).status_code == 400


def test_staff_read_who_lost_which_hours_and_write_nothing(client, staff, site):
    draft = draft_of(worksite_of(site))
    line = loses(draft, {MONDAY: "5.50"}, last_name="ŒUVRARD", matricule="0042")
    Line.objects.filter(pk=line.pk).update(worked_hours="280.50", paid_days=12, stated_by="Ève Klein")
    sent = marked_sent(draft)
    page = reverse("admin:intemperies_stoppage_change", args=[sent.pk])
    shown = client.get(page).content.decode()
    for told in (
        "ŒUVRARD",
        "0042",
        "12/01/2026\u00a0: 5,5\u00a0h",
        "87,41\u00a0€",
        "Du 12/01/2026 à 10\u00a0h",
        '<th scope="col">Heures des deux mois</th>',
        "280,5\u00a0h",
        '<th scope="col">Jours déjà indemnisés</th>',
        "<td>12</td>",
        '<th scope="col">Déclaré par</th>',
        "Ève Klein",
    ):
        assert told in shown, told
    assert client.post(page, {"state": "draft"}).status_code == 403


def test_a_draft_shows_an_empty_cell_for_what_is_not_known_of_an_employee(client, staff, site):
    draft = draft_of(worksite_of(site))
    line = loses(draft, {MONDAY: "5.50"})
    Line.objects.filter(pk=line.pk).update(worked_hours=None, paid_days=None)
    shown = client.get(reverse("admin:intemperies_stoppage_change", args=[draft.pk])).content.decode()
    assert "<td>None</td>" not in shown
    assert "<td></td>" in shown
