"""The certification of an address lapses and is renewed by a mail (product.md 4.4, R06, R18, R23)."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from accounts import lapses
from accounts.certification import has_lapsed, last_day
from accounts.models import Recertification, User
from delegations.invitations import send_again
from portal import clock
from portal.messaging.models import Message
from tests.access import policy
from tests.access.world import make_world
from tests.accounts.conftest import link_in, mails_to
from tests.accounts.invitations import invited, read
from tests.accounts.own_account import ask_address, browser_of, confirmation_link, mail_of_kind, sign_in
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CERTIFIED = dt.datetime(2026, 3, 14, 10, tzinfo=dt.UTC)
LAST = dt.date(2027, 3, 14)


def at(day, hour=9):
    """Nine o'clock that day."""
    return time_machine.travel(clock.start_of(day) + dt.timedelta(hours=hour), tick=False)


@pytest.fixture
def person():
    return owner_of(SiteFactory(), email_certified_at=CERTIFIED)


def link_of(person):
    return link_in(mail_of_kind(person.email, "certification"))


# --- until when ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2026, 3, 14), 12, dt.date(2027, 3, 14)),
        (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28)),
        (dt.date(2027, 2, 28), 12, dt.date(2028, 2, 28)),
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2026, 12, 31), 1, dt.date(2027, 1, 31)),
        (dt.date(2026, 3, 14), -12, dt.date(2025, 3, 14)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, later):
    assert clock.months_after(day, months) == later


def test_every_day_is_found_again_from_the_day_on_which_it_lapses(settings):
    day = dt.date(2027, 12, 1)
    while day < dt.date(2029, 4, 1):
        first = lapses.first_day_lapsing(day)
        assert clock.months_after(first, 12) >= day
        assert clock.months_after(first - DAY, 12) < day
        day += DAY


def test_the_last_day_is_a_whole_day_of_paris():
    late = User(email_certified_at=dt.datetime(2026, 3, 14, 23, 30, tzinfo=dt.UTC))  # the 15th in Paris
    assert last_day(late) == dt.date(2027, 3, 15)
    with at(dt.date(2027, 3, 15), 23):
        assert not has_lapsed(late)
    with at(dt.date(2027, 3, 16), 0):
        assert has_lapsed(late)


def test_staff_do_not_lapse_and_an_address_never_certified_has():
    assert has_lapsed(User())
    assert not has_lapsed(User(is_staff=True))


# --- the warnings --------------------------------------------------------------------------------


def test_warned_thirty_and_seven_days_before_once_each(person):
    """R23."""
    for left, count in ((31, 0), (30, 1), (29, 1), (8, 1), (7, 2), (1, 2), (0, 2), (-1, 2)):
        with at(LAST - left * DAY):
            lapses.warn()
            lapses.warn()
            assert len(mails_to(person.email)) == count, left
    mail = mails_to(person.email)[0]
    assert "14 mars 2027" in mail.text
    assert "/certification/" in mail.text


def test_a_task_stopped_for_three_days_catches_up_without_a_mail_too_many(person):
    with at(LAST - 27 * DAY):
        lapses.warn()
    with at(LAST - 4 * DAY):
        lapses.warn()
    assert len(mails_to(person.email)) == 2


def test_when_both_notices_were_missed_only_the_last_goes_out(person):
    with at(LAST - 3 * DAY):
        assert lapses.warn() == 1
        assert lapses.warn() == 0
    assert len(mails_to(person.email)) == 1


def test_whoever_renewed_is_warned_again_a_year_later(person):
    with at(LAST - 20 * DAY):
        lapses.warn()
        Client().post(link_of(person))
        lapses.warn()
    with at(dt.date(2028, 2, 10)):
        assert lapses.warn() == 1


def test_neither_staff_nor_disabled_people_nor_the_others_are_warned():
    UserFactory(email_certified_at=CERTIFIED, is_staff=True)
    UserFactory(email_certified_at=CERTIFIED, is_active=False)
    UserFactory(email_certified_at=CERTIFIED + 60 * DAY)
    with at(LAST - 5 * DAY):
        assert lapses.warn() == 0
    assert not Message.objects.exists()


def test_a_thousand_people_cost_a_few_queries_each_chunk(django_assert_max_num_queries):
    User.objects.bulk_create(
        User(email=f"p{n}@exemple.fr", is_active=True, email_certified_at=CERTIFIED) for n in range(60)
    )
    with at(LAST - 5 * DAY), django_assert_max_num_queries(40):
        assert lapses.warn() == 60


# --- the link ------------------------------------------------------------------------------------


@pytest.fixture
def link(person):
    with at(LAST - 20 * DAY):
        lapses.warn()
    return link_of(person)


def test_a_mail_scanner_that_follows_the_link_renews_nothing(person, link):
    with at(LAST):
        for _ in range(3):
            page = Client().get(link)
            assert page.status_code == 200
            assert "Certifier mon adresse" in read(page)
    person.refresh_from_db()
    assert person.email_certified_at == CERTIFIED


def test_signed_out_it_renews_and_ends_on_the_sign_in_page(person, link):
    """R23."""
    visitor = Client()
    with at(LAST):
        assert visitor.post(link)["Location"] == "/connexion/"
        assert "certifiée de nouveau" in read(visitor.get("/connexion/"))
        assert visitor.get("/compte/").status_code == 302
        person.refresh_from_db()
        assert clock.day_of(person.email_certified_at) == LAST
        for page in (visitor.get(link), visitor.post(link)):
            assert page.status_code == 200
            assert "déjà certifiée" in read(page)


@pytest.mark.parametrize(("days", "status"), [(0, 302), (7, 302), (8, 410)])
def test_it_lives_until_seven_days_after_the_last_day(person, link, days, status):
    """R18."""
    with at(LAST + days * DAY):
        assert Client().post(link).status_code == status


def test_a_newer_one_replaces_it(person, link):
    """R18."""
    with at(LAST - 5 * DAY):
        lapses.warn()
        assert "remplacé" in read(Client().post(link))
        assert Client().post(link_of(person)).status_code == 302


def test_a_change_of_address_kills_it(person, link):
    """R18."""
    with at(LAST - 10 * DAY):
        browser = browser_of(person)
        ask_address(browser)
        assert Client().post(link).status_code == 410  # deactivated meanwhile
        Client().post(confirmation_link())
        assert Client().post(link).status_code == 410
    person.refresh_from_db()
    assert person.email == "nouvelle@exemple.fr"


# --- after the date ------------------------------------------------------------------------------


def home_of(person):
    return f"/sites/{person.delegations.get().site.cibtp_id}/"


def test_on_the_last_day_everything_opens_and_on_the_next_only_the_page_that_sends_the_mail(person):
    """R23."""
    with at(LAST, 23):
        browser = browser_of(person)
        assert browser.get(home_of(person)).status_code == 200
    with at(LAST + DAY, 1):
        browser = browser_of(person)
        for page in ("/", "/sites/", home_of(person), f"{home_of(person)}droits/", "/sites/99999-999-99/"):
            answer = browser.get(page)
            assert answer["Location"].partition("?")[0] == "/compte/certification/", page
        assert browser.post("/sites/favori/", {"favori": "x"})["Location"] == "/compte/certification/"
        assert browser.post("/deconnexion/")["Location"] == "/connexion/"


def test_every_address_that_asks_to_sign_in_leads_there_the_account_too():
    """Only what is for anybody stays open, the terms, and the invitation whose acceptance certifies."""
    world = make_world()
    lapsed = world.people["owner"]
    User.objects.filter(pk=lapsed.pk).update(email_certified_at=clock.now() - 400 * DAY)
    browser, tried = world.client_of("owner"), []
    for route, lines in policy.written().items():
        doors = route.startswith(("admin/", "connexion/", "conditions-generales/"))
        if doors or any(line.answers[0] != "sign in" for line in lines):
            continue
        for method in ("GET", "POST"):
            answer = browser.generic(method, world.address(route))
            if route == "compte/certification/":
                assert answer.status_code == (200 if method == "GET" else 302)
            else:
                assert answer["Location"].partition("?")[0] == "/compte/certification/", (method, route)
        tried.append(route)
    assert {"compte/", "compte/adresse/", "compte/securite/", "compte/securite/application/"} < set(tried)


def test_the_page_leads_nowhere_else_but_out_and_says_whom_to_call(person):
    with at(LAST + DAY):
        page = read(browser_of(person).get("/compte/certification/"))
    assert "Appelez votre caisse" in page
    assert "Se déconnecter" in page
    led = re.findall(r'href="(/[^"#]*)"', page)
    assert not [link for link in led if link.startswith(("/compte/", "/sites/"))]


def test_the_page_sends_the_mail_and_the_way_on_is_open_once_it_is_renewed(person):
    with at(LAST + 40 * DAY):
        browser = browser_of(person)
        page = browser.get(home_of(person), follow=True)
        assert "14 mars 2027" in read(page)
        assert browser.post("/compte/certification/")["Location"] == "/compte/certification/"
        assert "Un courriel vient d’être envoyé" in read(browser.get("/compte/certification/"))
        link = link_of(person)
        assert browser.get(link).status_code == 200  # though the last day is long past
        assert browser.post(link)["Location"] == "/"
        assert browser.get(home_of(person)).status_code == 200
        assert browser.get("/compte/certification/")["Location"] == "/compte/"


def test_once_sent_the_page_says_how_long_the_link_lives_and_sends_another(person):
    with at(LAST + 40 * DAY) as now:
        browser = browser_of(person)
        assert "Recevoir le courriel" in read(browser.get("/compte/certification/"))
        browser.post("/compte/certification/")
        sent = read(browser.get("/compte/certification/"))
        for said in ("Envoyer de nouveau le courriel", "sert pendant 24 heures", "parmi les indésirables"):
            assert said in sent
        assert "Recevoir le courriel" not in sent
        now.shift(dt.timedelta(hours=24, seconds=1))
        assert "Recevoir le courriel" in read(browser_of(person).get("/compte/certification/"))


def test_a_link_asked_for_long_after_lives_a_day(person):
    with at(LAST + 40 * DAY) as now:
        browser_of(person).post("/compte/certification/")
        now.shift(dt.timedelta(hours=24))
        assert Client().get(link_of(person)).status_code == 200
        now.shift(1)
        assert "Ce lien a expiré" in read(Client().post(link_of(person)))


def test_the_same_press_sent_twice_sends_one_mail_whose_link_lives(person):
    with at(LAST + DAY):
        browser = browser_of(person)
        (latest,) = re.findall(r'name="after" value="([0-9]+)"', read(browser.get("/compte/certification/")))
        for _ in range(8):  # no limit is reached either
            answer = browser.post("/compte/certification/", {"after": latest})
            assert answer["Location"] == "/compte/certification/"
        assert len(mails_to(person.email)) == 1
        page = read(browser.get("/compte/certification/"))
        assert "Un courriel vient d’être envoyé" in page
        (again,) = re.findall(r'name="after" value="([0-9]+)"', page)
        browser.post("/compte/certification/", {"after": again})
        assert len(mails_to(person.email)) == 2  # asked for anew
        assert browser.post(link_of(person))["Location"] == "/"


def test_asking_for_the_mail_is_limited(person):
    with at(LAST + DAY):
        browser = browser_of(person)
        answers = [browser.post("/compte/certification/").status_code for _ in range(7)]
    assert answers == [302] * 6 + [429]


def test_reading_the_page_sends_nothing(person):
    with at(LAST + DAY):
        browser_of(person).get("/compte/certification/")
    assert not mails_to(person.email)


def test_accepting_an_invitation_certifies_too(person):
    waiting = invited(person.email)
    with at(LAST + DAY):
        browser = browser_of(person)
        send_again(waiting.invitation)
        browser.post(waiting.link, {"accept": "oui"})
        assert browser.get("/sites/").status_code == 200


def test_staff_are_let_into_the_admin(client):
    staff = UserFactory(is_staff=True, is_superuser=True, email_certified_at=None)
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_of_an_address_that_was_never_certified_one_is_asked_the_same(client):
    person = UserFactory(email_certified_at=None)
    sign_in(client, person.email)
    assert client.get("/sites/")["Location"].startswith("/compte/certification/")
    client.post("/compte/certification/")
    client.post(link_of(person))
    assert client.get("/sites/").status_code == 200
    assert Recertification.objects.get().number == 1


def test_a_stranger_who_asks_for_resets_does_not_keep_anybody_from_certifying(person):
    """R06: what is asked signed out and what is asked signed in are counted apart."""
    with at(LAST + DAY):
        browser, stranger = browser_of(person), Client(REMOTE_ADDR="198.51.100.7")
        statuses = [
            stranger.post("/mot-de-passe/oublie/", {"email": person.email}).status_code for _ in range(7)
        ]
        assert statuses[-1] == 429
        assert browser.post("/compte/certification/").status_code == 302
        assert "/certification/" in link_of(person)


def test_an_address_that_is_none_shows_nothing_of_the_site_either(person):
    with at(LAST):
        assert "MAÇONNERIE" in read(browser_of(person).get(f"{home_of(person)}nimporte/"))
    with at(LAST + DAY, 1):
        page = browser_of(person).get(f"{home_of(person)}nimporte/")
        assert page.status_code == 404
        assert "MAÇONNERIE" not in read(page)
