"""The clock's ends are recorded and told, once, however late the worker is (product.md 6.3)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from delegations import ends, tasks
from delegations.accepting import accept
from delegations.changing import change
from delegations.closing import close
from delegations.giving import give, name_administrator
from delegations.invitations import read_link
from delegations.models import Delegation, Outcome, Role, Side, Status
from delegations.refusals import AlreadyOver
from delegations.terms import Terms
from portal import clock
from portal.journal.models import Entry
from portal.messaging.models import Message
from portal.origin import COMMAND
from tests.delegations.keeping_up import (
    LEVELS,
    TODAY,
    day,
    run_again_changes_nothing,
    told,
    until,
    waiting_firm,
)
from tests.factories import SiteFactory, UserFactory, beneficiary_of, firm_of, owner_of, passed_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2027-06-15 10:00+02:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(site):
    return owner_of(site, email="patronne@exemple.fr")


# --- ends -------------------------------------------------------------------------------------------


def test_an_end_is_stamped_journaled_and_told_to_the_beneficiary_and_to_whoever_gives(site, owner, marie):
    one = until(day(-1), site, beneficiary=marie)
    tasks.keep_up()
    one.refresh_from_db()
    assert (one.outcome, one.over_at, one.version) == (Outcome.EXPIRED, clock.now(), 2)
    line = Entry.objects.get()
    assert (line.action, line.cibtp_id, line.channel) == ("rights.expired", site.cibtp_id, "task")
    assert (
        line.sentence
        == "Fin des droits de Marie Keller (Utilisateur), dont le dernier jour était le 14/06/2027"
    )
    assert told() == [
        ("marie@exemple.fr", f"Vos droits sur {site.cibtp_id} ont pris fin"),
        ("patronne@exemple.fr", f"Des droits ont pris fin sur {site.cibtp_id}"),
    ]
    mails = {mail.recipient: mail.text for mail in Message.objects.all()}
    assert "leur dernier jour était le 14/06/2027" in mails["marie@exemple.fr"]
    assert (
        "Marie Keller (marie@exemple.fr)\u00a0: Utilisateur, du 07/03/2027 au 14/06/2027"
        in (mails["patronne@exemple.fr"])
    )
    assert f"/sites/{site.cibtp_id}/droits/{one.pk}/" in mails["patronne@exemple.fr"]
    run_again_changes_nothing()


def test_what_holds_today_or_has_no_last_day_is_left_alone(site):
    kept = [until(TODAY, site, days_warned=7), until(None, site)]
    tasks.keep_up()
    assert Delegation.objects.filter(over_at=None).count() == len(kept)
    assert Message.objects.count() == Entry.objects.count() == 0


def test_several_ends_on_a_site_are_one_mail_to_whoever_gives(site, owner):
    for _ in range(3):
        until(day(-1), site)
    tasks.keep_up()
    mail = Message.objects.get(recipient=owner.email)
    assert mail.text.count("Utilisateur, du 07/03/2027 au 14/06/2027") == 3
    assert f"/sites/{site.cibtp_id}/droits/\n" in mail.text
    assert Message.objects.count() == 4


def test_an_end_of_long_ago_is_recorded_too(site):
    until(day(-400), site, starts_on=day(-500))
    tasks.keep_up()
    assert Delegation.objects.get().outcome == Outcome.EXPIRED


def test_nobody_is_told_who_never_accepted_or_is_disabled(site, owner):
    never = {"beneficiary": None, "email": "jamais@exemple.fr", "accepted_at": None, "confirmed_at": None}
    until(day(-1), site, **never)
    until(day(-1), site, beneficiary=UserFactory(email="parti@exemple.fr", is_active=False))
    tasks.keep_up()
    assert [recipient for recipient, _ in told()] == ["patronne@exemple.fr"]
    text = Message.objects.get().text
    assert "jamais@exemple.fr\u00a0: Utilisateur" in text
    assert "invitation restée sans réponse" in text


def test_an_administrator_with_a_last_day_is_told_once_as_beneficiary(site, marie):
    until(day(-1), site, beneficiary=marie, role=Role.ADMINISTRATOR, read_bits=0, write_bits=0)
    tasks.keep_up()
    assert told() == [("marie@exemple.fr", f"Vos droits sur {site.cibtp_id} ont pris fin")]


def test_a_firms_end_ends_what_it_passed_on_in_the_same_run(site, owner, marie):
    firm = firm_of(site, LEVELS, starts_on=day(-50), ends_on=day(-1), beneficiary=marie)
    without, later = (passed_on(firm, LEVELS, starts_on=day(-50), ends_on=end) for end in (None, day(90)))
    tasks.keep_up()
    assert set(Delegation.objects.filter(side=Side.FIRM).values_list("outcome", flat=True)) == {"expired"}
    assert Entry.objects.filter(action="rights.expired").count() == 3
    addresses = [one.beneficiary.email for one in (firm, without, later)]
    assert sorted([*addresses, owner.email]) == [recipient for recipient, _ in told()]
    assert "Ce que votre cabinet a transmis" in Message.objects.get(recipient="marie@exemple.fr").text
    run_again_changes_nothing()


def test_the_end_of_what_a_firm_passed_on_is_told_to_the_firm_and_not_to_the_company(site, owner, marie):
    firm = firm_of(site, LEVELS, starts_on=day(-50), beneficiary=marie)
    passed_on(firm, LEVELS, starts_on=day(-50), ends_on=day(-1))
    tasks.keep_up()
    assert told("Des droits") == [("marie@exemple.fr", f"Des droits ont pris fin sur {site.cibtp_id}")]


def test_a_firm_left_unanswered_expires_after_its_thirtieth_day(site, owner, marie, now):
    firm = waiting_firm(site, 30, beneficiary=marie, days_reminded=10)
    tasks.keep_up()
    assert Entry.objects.count() == 0
    assert firm.status_on() is Status.TO_CONFIRM
    now.shift(dt.timedelta(days=1))
    tasks.keep_up()
    firm.refresh_from_db()
    assert firm.outcome == Outcome.EXPIRED
    assert "n’a pas répondu à temps" in Entry.objects.get().sentence
    assert told() == [
        ("marie@exemple.fr", f"Votre délégation sur {site.cibtp_id} a expiré"),
        ("patronne@exemple.fr", f"Des droits ont pris fin sur {site.cibtp_id}"),
    ]
    run_again_changes_nothing()


def test_a_worker_stopped_three_days_changes_no_right_and_tells_each_end_once(site, owner, marie, now):
    one = until(TODAY, site, beneficiary=marie)
    other = until(day(1), site)
    for expected in (200, 404, 404):
        browser = Client()
        browser.force_login(marie)
        assert browser.get(f"/sites/{site.cibtp_id}/").status_code == expected
        now.shift(dt.timedelta(days=1))
    assert [found.status_on() for found in (one, other)] == [Status.EXPIRED] * 2
    assert list(Delegation.objects.in_force().values_list("beneficiary", flat=True)) == [owner.pk]
    tasks.keep_up()
    assert Message.objects.filter(subject__startswith="Vos droits").count() == 2
    assert Message.objects.filter(recipient=owner.email).count() == 1
    run_again_changes_nothing()


def test_rights_that_ended_never_come_back_when_the_firms_date_moves(site, owner, marie, now):
    firm = firm_of(site, LEVELS, starts_on=day(-50), ends_on=day(90), beneficiary=marie)
    gone = passed_on(firm, LEVELS, starts_on=day(-50), ends_on=day(-1))
    tasks.keep_up()
    terms = Terms(Role.HEAD, firm.cells, firm.starts_on, None)
    common = {"site": site, "origin": COMMAND}
    change(person=owner, side=Side.COMPANY, number=firm.pk, terms=terms, version=1, **common)
    gone.refresh_from_db()
    assert gone.status_on() is Status.EXPIRED
    terms = Terms(Role.USER, gone.cells, gone.starts_on, day(30))
    with pytest.raises(AlreadyOver):
        change(person=marie, side=Side.FIRM, number=gone.pk, terms=terms, version=gone.version, **common)


@pytest.mark.parametrize("ran", [False, True], ids=["not recorded", "recorded"])
def test_a_firm_past_its_last_day_is_not_prolonged(site, owner, ran):
    firm = firm_of(site, LEVELS, starts_on=day(-50), ends_on=day(-1))
    child = passed_on(firm, LEVELS, starts_on=day(-50))
    if ran:
        tasks.keep_up()
        firm.refresh_from_db()
    terms = Terms(Role.HEAD, firm.cells, firm.starts_on, day(90))
    with pytest.raises(AlreadyOver):
        change(
            person=owner, site=site, side=Side.COMPANY, number=firm.pk, terms=terms, version=firm.version,
            origin=COMMAND,
        )  # fmt: skip
    child.refresh_from_db()
    assert child.status_on() is Status.EXPIRED


# --- acts before the task ran ------------------------------------------------------------------------


def test_giving_anew_before_the_task_ran_records_and_tells_the_former_end(site, owner, marie):
    until(day(-1), site, beneficiary=marie)
    give(
        person=owner, site=site, side=Side.COMPANY, email=marie.email,
        terms=Terms(Role.USER, beneficiary_of(SiteFactory(), LEVELS).cells), origin=COMMAND,
    )  # fmt: skip
    assert told("Vos droits") == [("marie@exemple.fr", f"Vos droits sur {site.cibtp_id} ont pris fin")]
    assert Entry.objects.filter(action="rights.expired").count() == 1
    run_again_changes_nothing()


def test_accepting_is_not_hindered_by_an_end_that_is_not_recorded(site, owner, marie):
    invited = give(
        person=owner, site=site, side=Side.COMPANY, email="marie@exemple.fr",
        terms=Terms(Role.USER, beneficiary_of(SiteFactory(), LEVELS).cells), origin=COMMAND,
    )  # fmt: skip
    until(day(-1), site, beneficiary=marie)  # since then hers, and over
    (taken,) = accept(invitation=invited.invitation, person=marie, origin=COMMAND)
    assert taken.status_on() is Status.ACTIVE
    assert Delegation.objects.filter(beneficiary=marie, outcome=Outcome.EXPIRED).count() == 1


def test_closing_a_firm_closes_what_lives_and_leaves_expired_what_was(site, owner):
    firm = firm_of(site, LEVELS, starts_on=day(-50))
    gone = passed_on(firm, LEVELS, starts_on=day(-50), ends_on=day(-1))
    alive = passed_on(firm, LEVELS, starts_on=day(-50))
    close(person=owner, site=site, side=Side.COMPANY, number=firm.pk, origin=COMMAND)
    assert [Delegation.objects.get(pk=one.pk).outcome for one in (gone, alive)] == ["expired", "closed"]


def test_whoever_opens_the_site_anew_leaves_his_former_end_expired(site, marie):
    one = until(day(-1), site, beneficiary=marie)
    name_administrator(site=site, user=marie, origin=COMMAND)
    one.refresh_from_db()
    assert one.outcome == Outcome.EXPIRED


def test_the_link_of_an_invitation_past_its_last_day_is_dead_and_its_end_recorded(site, owner, now):
    levels = beneficiary_of(SiteFactory(), LEVELS).cells
    give(
        person=owner, site=site, side=Side.COMPANY, email="jamais@exemple.fr",
        terms=Terms(Role.USER, levels, ends_on=day(1)), origin=COMMAND,
    )  # fmt: skip
    token = Message.objects.get().secret.rstrip("/").split("/")[-1]
    now.shift(dt.timedelta(days=2))
    before = read_link(token).state
    tasks.keep_up()
    assert read_link(token).state is before
    assert Delegation.objects.get(email="jamais@exemple.fr").outcome == Outcome.EXPIRED


# --- many -------------------------------------------------------------------------------------------


def test_chunks_go_on_to_the_last_and_queries_follow_chunks_not_rows(
    site, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(ends, "CHUNK", 4)
    for _ in range(10):
        until(day(-1), site)
    with django_assert_max_num_queries(60):
        assert ends.record_ends() == 10
    assert Entry.objects.filter(action="rights.expired").count() == 10


def test_a_run_that_dies_in_a_chunk_leaves_it_whole_to_the_next(site, owner, monkeypatch):
    monkeypatch.setattr(ends, "CHUNK", 2)
    for _ in range(5):
        until(day(-1), site)
    genuine, calls = ends.end_notices.tell_ended, []

    def dying(ended):
        calls.append(ended)
        if len(calls) == 2:
            raise MemoryError
        genuine(ended)

    monkeypatch.setattr(ends.end_notices, "tell_ended", dying)
    with pytest.raises(MemoryError):
        tasks.keep_up()
    recorded = Delegation.objects.filter(outcome=Outcome.EXPIRED).count()
    assert (recorded, Entry.objects.count(), len(told("Vos droits"))) == (2, 2, 2)
    tasks.keep_up()
    assert (Entry.objects.count(), len(told("Vos droits"))) == (5, 5)
    run_again_changes_nothing()
