"""« Mot de passe oublié ? », option 1 (product.md 3.5, R03, R19)."""

import pytest
import time_machine
from celery import Task
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from portal import clock
from portal.messaging.models import Message
from tests.accounts.conftest import link_in, mails_to, opened
from tests.alike import lasting
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
NEW = {"password": "Ardoise-Noire-8", "password_again": "Ardoise-Noire-8"}


def ask(client, email):
    return client.post("/mot-de-passe/oublie/", {"email": email}, follow=True)


def link_for(client, user):
    ask(client, user.email)
    return link_in(mails_to(user.email)[-1])


def test_a_known_and_an_unknown_address_get_the_same_page(client):
    """R03."""
    user = UserFactory()
    pages = [lasting(ask(client, email).content.decode()) for email in (user.email, "inconnue@exemple.fr")]
    assert pages[0] == pages[1]
    assert Message.objects.count() == 1


def test_an_unknown_address_costs_the_same_work_and_sends_nothing(client):
    """R03."""
    known = UserFactory().email
    with CaptureQueriesContext(connection) as for_known:
        ask(client, known)
    with CaptureQueriesContext(connection) as for_unknown:
        ask(client, "inconnue@exemple.fr")
    inserted = [
        sum(query["sql"].startswith("INSERT") for query in queries) for queries in (for_known, for_unknown)
    ]
    assert inserted[0] == inserted[1]
    assert [message.recipient for message in Message.objects.all()] == [known]


def down(monkeypatch, settings, what):
    """Something that the answer must not stand on."""

    def nobody_there(*given, **named):
        raise OSError(what)

    if what == "mail server":
        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", nobody_there)
    if what == "Redis":
        away = {"BACKEND": "portal.web.caching.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = {"default": away | {"OPTIONS": {"socket_connect_timeout": 0.1}}}
    if what in ("Redis", "worker"):  # a broker that refuses, or one that nobody serves
        asked = nobody_there if what == "Redis" else lambda *given, **named: None
        monkeypatch.setattr(Task, "apply_async", asked)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["nothing", "mail server", "Redis", "worker"])
def test_whatever_is_down_the_answer_is_the_same_and_the_mail_waits(monkeypatch, settings, what):
    """R03: it is written in the request and sent outside of it."""
    down(monkeypatch, settings, what)
    known, answers = UserFactory().email, []
    for email in (known, "inconnue@exemple.fr"):
        answer = Client().post("/mot-de-passe/oublie/", {"email": email})
        end = Client().get(answer["Location"])
        answers.append((answer.status_code, answer["Location"], end.status_code, without_token(end)))
    assert answers[0] == answers[1]
    assert answers[0][:3] == (302, "/mot-de-passe/oublie/envoye/", 200)
    assert mail.outbox == []
    assert [waiting.sent_at for waiting in Message.objects.filter(recipient=known)] == [None]


def without_token(page):
    return lasting(page.content.decode())


@pytest.mark.parametrize(
    ("typed", "reached"),
    [
        ("mike@exemple.fr", True),
        (" MIKE@Exemple.FR\u00a0", True),
        ("ｍike@exemple.fr", True),
        ("m\u200bike@exemple.fr", True),
        ("mıke@exemple.fr", False),
        ("mike@exеmple.fr", False),  # a Cyrillic letter
        ("mike@exemple.fr\n", True),
        ("mike@exemple.fr,pirate@exemple.fr", False),
        ("mike@exemple.fr\nbcc: pirate@exemple.fr", False),
    ],
)
def test_a_look_alike_reaches_nobody_and_the_mail_goes_to_the_address_on_file(client, typed, reached):
    """R05: never to what was typed."""
    UserFactory(email="mike@exemple.fr")
    client.post("/mot-de-passe/oublie/", {"email": typed})
    assert [one.recipient for one in Message.objects.all()] == ["mike@exemple.fr"] * reached


def test_the_link_changes_the_password_once_tells_the_person_and_signs_nobody_in(client):
    """R19."""
    user = UserFactory()
    link = link_for(client, user)
    assert client.get(link).status_code == 200
    assert client.post(link, NEW)["Location"] == "/connexion/"
    user.refresh_from_db()
    assert user.check_password(NEW["password"])
    assert client.get("/sites/").status_code == 302
    assert mails_to(user.email)[-1].kind == "accounts/mails/password_changed"
    again = client.post(link, NEW | {"password": "Autre-Ardoise-9", "password_again": "Autre-Ardoise-9"})
    assert again.status_code == 410


def test_changing_the_password_ends_the_open_sessions(client):
    user = owner_of(SiteFactory())
    other = Client()
    other.force_login(user)
    assert other.get("/sites/").status_code == 302
    link = link_for(client, user)
    client.post(link, NEW)
    assert other.get("/sites/")["Location"].startswith("/connexion/")


def test_the_link_lives_one_hour(client):
    """R19."""
    user = UserFactory()
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        link = link_for(client, user)
        now.shift(3600)
        assert client.get(link).status_code == 200
        now.shift(1)
        assert client.get(link).status_code == 410


def test_the_link_dies_when_the_person_signs_in_or_changes_address(client):
    """R19."""
    user = UserFactory()
    link = link_for(client, user)
    with time_machine.travel(clock.now(), tick=True) as now:
        now.shift(2)
        client.post("/connexion/", {"email": user.email, "password": PASSWORD})
    assert client.get(link).status_code == 410
    client.post("/deconnexion/")
    user.refresh_from_db()
    link = link_for(client, user)
    User.objects.filter(pk=user.pk).update(email="ailleurs@exemple.fr")
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "1-x", "1-", "-", "zzzzzzzzzzzzz-abc-def", "é-1"])
def test_a_forged_link_is_refused_politely(client, token):
    UserFactory()
    assert client.get(f"/mot-de-passe/nouveau/{token}/").status_code == 410


def test_an_account_not_activated_gets_its_activation_link_instead(client, letters):
    opened(client, letters)
    client.cookies.clear()
    ask(client, "marie.keller@exemple.fr")
    assert [mail.kind for mail in mails_to("marie.keller@exemple.fr")] == ["accounts/mails/activation"] * 2


def test_the_new_password_obeys_the_same_rule(client):
    user = UserFactory(last_name="Kermadec")
    link = link_for(client, user)
    for weak in ("court1A", "Conges2026!", "Kermadec-2026", "motdepasselong"):
        page = client.post(link, {"password": weak, "password_again": weak})
        assert page.status_code == 200, weak
        assert weak not in page.content.decode()


def test_a_locked_out_person_gets_back_in_by_mail(client):
    user = UserFactory()
    for _ in range(6):
        client.post("/connexion/", {"email": user.email, "password": "faux"})
    client.post(link_for(client, user), NEW)
    assert client.post("/connexion/", {"email": user.email, "password": NEW["password"]}).status_code == 302


def test_asking_often_is_limited_alike_for_known_and_unknown(client):
    known = UserFactory().email
    for email in (known, "inconnue@exemple.fr"):
        answers = [ask(client, email).status_code for _ in range(8)]
        assert answers == [200] * 6 + [429] * 2


def test_the_new_password_holds_nothing_of_ones_companies(client):
    site = SiteFactory()
    user = owner_of(site)
    weak = f"Bois-{site.siret}"
    page = client.post(link_for(client, user), {"password": weak, "password_again": weak})
    assert "ce qui désigne votre entreprise" in page.content.decode()
