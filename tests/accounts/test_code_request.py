"""« Demande d’un nouveau code confidentiel » (product.md 3.5, option 2; R03, R04, R06, R15)."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.code_requests import request_code
from accounts.letters import awaiting_letters, print_letters
from accounts.limits import CODE_REQUESTS_OVERALL
from accounts.models import CodeRequest, LetterBatch, Opening, ProvisionalCode
from accounts.undoing import undo_stale_openings
from delegations.models import Delegation
from portal import clock
from portal.journal.models import Entry, Kind
from portal.origin import Origin
from tests.accounts.conftest import connection, link_in, mails_to, opened
from tests.accounts.printing import codes
from tests.factories import PASSWORD, SiteFactory, UserFactory, letters_of, owner_of
from tests.timing.subjects import asked_before

pytestmark = pytest.mark.django_db
PAGE, SENT = "/code-confidentiel/nouveau/", "/code-confidentiel/nouveau/envoye/"


def arrived():
    """Every letter was printed a week ago, and none is on its way any more."""
    LetterBatch.objects.update(printed_at=clock.now() - dt.timedelta(days=7))


@pytest.fixture
def letters(letters):
    arrived()
    return letters


def ask(client, identifier):
    return client.post(PAGE, {"cibtp_id": identifier})


def journal():
    return list(Entry.objects.filter(action="letters.code_requested").order_by("pk"))


def test_the_page_after_a_request_says_once_whom_to_call(client, db):
    assert client.get(SENT).content.decode().count("Besoin d’aide") == 1


def test_the_forgotten_page_offers_both_options_and_step_one_leads_to_the_second(client):
    page = client.get("/mot-de-passe/oublie/").content.decode()
    assert "Votre espace est créé mais vous avez oublié votre mot de passe." in page
    assert (
        "Votre espace n’est pas créé et vous ne connaissez pas votre mot de passe (perte du courrier "
        "comportant le mot de passe)." in page
    )
    assert f'href="{PAGE}">Demande d’un nouveau code confidentiel' in page
    for step in ("/ouverture/", "/association/"):
        assert f'href="{PAGE}">En obtenir un nouveau' in client.get(step).content.decode()
    asked = client.get(PAGE).content.decode()
    assert "Recevoir mon code confidentiel par courrier" in asked
    assert "Demande d’un nouveau code confidentiel" in asked


def test_the_site_waits_for_a_letter_and_the_next_printing_holds_it(client, letters, tmp_path):
    assert not awaiting_letters().exists()
    assert ask(client, letters.site.cibtp_id)["Location"] == SENT
    assert awaiting_letters().get() == letters.site
    printing = print_letters(folder=tmp_path, printed_by="Zoé")
    request = CodeRequest.objects.get()
    assert (printing.count, request.batch, request.answered_at) == (
        1,
        printing.batch,
        printing.batch.printed_at,
    )
    assert not awaiting_letters().exists()
    [newer] = codes(tmp_path)
    assert client.post("/ouverture/", letters.typed | {"code": newer})["Location"] == "/ouverture/connexion/"


def test_the_former_code_lives_until_the_letter_is_printed_and_not_after(client, letters, tmp_path):
    """R15."""
    ask(client, letters.site.cibtp_id)
    assert client.post("/ouverture/", letters.typed).status_code == 302
    print_letters(folder=tmp_path, printed_by="Zoé")
    other = client.__class__()
    assert other.post("/ouverture/", letters.typed).status_code == 200
    assert ProvisionalCode.objects.live().count() == 1


def test_one_request_waits_at_a_time_for_a_site(client, letters, tmp_path):
    for _ in range(2):
        ask(client, letters.site.cibtp_id)
    assert CodeRequest.objects.count() == 1
    print_letters(folder=tmp_path / "first", printed_by="Zoé")
    ProvisionalCode.objects.update(expires_at=clock.now())
    ask(client, letters.site.cibtp_id)
    assert CodeRequest.objects.pending().count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeRequest.objects.create(site=letters.site)


def test_a_stranger_does_not_void_the_code_that_is_in_the_post(client, letters, tmp_path):
    """Whoever knows an identifier would have letters printed without end, each voiding the one before."""
    with time_machine.travel(clock.now(), tick=False) as now:
        print_letters(folder=tmp_path, printed_by="Zoé", sites=[letters.site])
        [code] = codes(tmp_path)
        for _ in range(6):
            now.shift(dt.timedelta(days=1))
            assert ask(client.__class__(), letters.site.cibtp_id)["Location"] == SENT
            assert not awaiting_letters().exists()
        assert client.post("/ouverture/", letters.typed | {"code": code}).status_code == 302
        now.shift(dt.timedelta(days=1))
        ask(client, letters.site.cibtp_id)
        assert awaiting_letters().get() == letters.site


def test_a_code_asked_for_is_voided_by_no_other_request_as_long_as_it_serves(client, letters, tmp_path):
    """R15: strangers who ask every day for three weeks void the caisse's own letter, once, and no other."""
    with time_machine.travel(clock.now(), tick=False) as now:
        printed = []
        for day in range(22):
            ask(client.__class__(), letters.site.cibtp_id)
            if awaiting_letters().exists():
                printed.append(day)
                print_letters(folder=tmp_path / str(day), printed_by="Zoé")
            now.shift(dt.timedelta(days=1))
        assert printed == [0]
        [code] = codes(tmp_path / "0")
        now.shift(dt.timedelta(hours=-1))  # the end of its last day
        while clock.day_of(clock.now()) > ProvisionalCode.objects.live().get().last_day:
            now.shift(dt.timedelta(hours=-1))
        assert client.post("/ouverture/", letters.typed | {"code": code}).status_code == 302


def test_once_it_serves_no_more_or_staff_printed_another_a_code_can_be_asked_for_again(
    client, letters, tmp_path
):
    with time_machine.travel(clock.now(), tick=False) as now:
        ask(client, letters.site.cibtp_id)
        print_letters(folder=tmp_path / "asked", printed_by="Zoé")
        now.shift(dt.timedelta(days=22))
        ask(client, letters.site.cibtp_id)
        assert awaiting_letters().get() == letters.site
        print_letters(folder=tmp_path / "again", printed_by="Zoé")
        now.shift(dt.timedelta(days=8))
        print_letters(folder=tmp_path / "staff", printed_by="Zoé", sites=[letters.site])
        now.shift(dt.timedelta(days=8))
        ask(client, letters.site.cibtp_id)
        assert CodeRequest.objects.pending().get().site == letters.site


def test_a_code_that_serves_no_more_holds_no_letter_back(client, letters):
    gone, _ = SiteFactory(), letters_of(site := SiteFactory(), expires_at=clock.now())
    letters_of(gone)
    ProvisionalCode.objects.filter(site=gone).void(clock.now())
    for one in (site, gone):
        ask(client, one.cibtp_id)
    assert set(awaiting_letters()) == {site, gone}


def test_letters_asked_for_from_all_sides_are_told_to_staff_once_and_nobody_is_refused(client, letters):
    spray = Entry.objects.filter(action="letters.requests_spray")
    most = max(CODE_REQUESTS_OVERALL.waits)
    for number in range(most + 2):
        assert spray.count() == (number >= most)
        origin = Origin("web", address=f"192.0.{number // 200}.{number % 200}")
        request_code(f"{number:05}-001-12", origin=origin)
    assert spray.get().kind == Kind.LETTERS
    assert ask(client, letters.site.cibtp_id)["Location"] == SENT
    assert awaiting_letters().get() == letters.site


@pytest.fixture
def kinds(letters):
    """An identifier of each kind; only « waits » gets a letter."""
    opened_site, posted = SiteFactory(), SiteFactory()
    owner_of(opened_site)
    letters_of(posted)
    asked_before([replaced := SiteFactory()])
    return {
        "waits": letters.site.cibtp_id,
        "opened": opened_site.cibtp_id,
        "posted": posted.cibtp_id,
        "replaced": replaced.cibtp_id,
        "closed": SiteFactory(closed_on=clock.today()).cibtp_id,
        "unknown": "99999-999-99",
    }


def test_the_answer_is_the_same_whatever_the_identifier(client, kinds):
    """R03."""
    answers = set()
    for identifier in kinds.values():
        visitor = client.__class__()
        answer = ask(visitor, identifier)
        answers.add((answer.status_code, answer["Location"], visitor.get(SENT).content))
    assert len(answers) == 1
    assert [request.site.cibtp_id for request in CodeRequest.objects.pending()] == [kinds["waits"]]


def test_staff_read_each_request_in_the_journal_and_companies_do_not(client, kinds):
    for identifier in kinds.values():
        ask(client, identifier)
    lines = {line.sentence.partition("\u00a0: ")[2]: line for line in journal()}
    assert lines[""].cibtp_id == kinds["waits"]
    assert lines["espace déjà ouvert, aucun courrier"].cibtp_id == kinds["opened"]
    assert lines["un courrier est déjà en route"].cibtp_id == kinds["posted"]
    assert lines["le code déjà demandé ici sert encore, aucun courrier"].cibtp_id == kinds["replaced"]
    assert lines["site fermé, aucun courrier"].cibtp_id == kinds["closed"]
    assert lines["identifiant inconnu, aucun courrier"].cibtp_id == ""
    assert {line.kind for line in lines.values()} == {Kind.LETTERS}


@pytest.mark.parametrize(
    "typed",
    [
        "{0}",
        "{1}",
        " {0} ",
        "{0}".replace("-", " "),
        "\u00a0{2}\u00a0",
        "{3}",
        "Identifiant CIBTP : {0}",
        "identifiant cibtp n° {1}",
        "{4}",
    ],
)
def test_an_identifier_is_understood_as_people_type_or_paste_it(client, letters, typed):
    printed = letters.site.cibtp_id
    full_width = printed.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    forms = (printed, printed.replace("-", ""), printed.replace("-", "\u00a0"), full_width)
    assert ask(client, typed.format(*forms, printed.replace("-", " \u2013 "))).status_code == 302
    assert CodeRequest.objects.get().site == letters.site


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Saisissez l’identifiant CIBTP"), ("29209-001", "s’écrit comme 29209-001-12"), ("é" * 201, "200")],
)
def test_what_is_no_identifier_is_said_in_words_and_kept(client, typed, said):
    page = ask(client, typed)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not journal()


def test_a_site_with_an_opening_to_activate_may_get_one_and_the_newer_code_wins(client, letters, tmp_path):
    opened(client, letters)
    ask(client, letters.site.cibtp_id)
    print_letters(folder=tmp_path, printed_by="Zoé")
    [newer] = codes(tmp_path)
    other = client.__class__()
    other.post("/ouverture/", letters.typed | {"code": newer})
    other.post("/ouverture/connexion/", connection("zoe@exemple.fr"))
    assert Opening.objects.pending().get().user.email == "zoe@exemple.fr"
    assert undo_stale_openings() == 0


def test_a_space_opened_meanwhile_needs_no_letter_any_more(client, letters):
    ask(client, letters.site.cibtp_id)
    opened(client, letters)
    client.post(link_in(mails_to("marie.keller@exemple.fr")[0]))
    assert not awaiting_letters().exists()
    answered = CodeRequest.objects.get()
    assert answered.answered_at is not None
    assert answered.batch is None


def test_an_association_meanwhile_answers_the_request_too(client, letters):
    ask(client, letters.site.cibtp_id)
    user = UserFactory()
    client.post("/association/", letters.typed)
    client.post("/association/connexion/", {"email": user.email, "password": PASSWORD})
    assert Delegation.objects.get().beneficiary == user
    assert not CodeRequest.objects.pending().exists()


def test_a_named_printing_answers_the_request(client, letters, tmp_path):
    ask(client, letters.site.cibtp_id)
    print_letters(folder=tmp_path, printed_by="Zoé", sites=[letters.site])
    assert not CodeRequest.objects.pending().exists()


def test_a_printing_that_fails_leaves_the_request_waiting(client, letters, tmp_path, monkeypatch):
    ask(client, letters.site.cibtp_id)
    monkeypatch.setattr("accounts.letters.compile_joined", lambda *given, **named: 0)
    with pytest.raises(Exception, match="0 pages"):
        print_letters(folder=tmp_path, printed_by="Zoé")
    assert CodeRequest.objects.pending().exists()
    assert ProvisionalCode.objects.get().is_usable()


def test_requests_are_limited_by_identifier_known_or_not(client, letters):
    for identifier in (letters.site.cibtp_id, "99999-999-99"):
        for typed in (identifier, identifier.replace("-", ""), f"Identifiant : {identifier}"):
            assert ask(client.__class__(), typed).status_code == 302
        refused = ask(client.__class__(), identifier)
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= 24 * 3600


def test_requests_are_limited_by_network(client):
    answers = [ask(client, f"{number:05}-001-12").status_code for number in range(21)]
    assert answers == [302] * 20 + [429]


def test_the_limit_of_a_day_ends_with_the_day(client, letters):
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(3):
            ask(client, letters.site.cibtp_id)
        now.shift(dt.timedelta(days=1))
        assert ask(client, letters.site.cibtp_id).status_code == 302


def test_a_get_changes_nothing(client, letters):
    client.get(PAGE, {"cibtp_id": letters.site.cibtp_id})
    assert not CodeRequest.objects.exists()


def test_a_code_asked_for_by_letter_expires_like_any_other(client, letters, tmp_path):
    letters_of(SiteFactory())
    ask(client, letters.site.cibtp_id)
    print_letters(folder=tmp_path, printed_by="Zoé")
    code = ProvisionalCode.objects.live().get(site=letters.site)
    assert (code.last_day - clock.today()).days == 21
