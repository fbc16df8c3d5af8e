"""/connexion/ and /deconnexion/: one answer, one hash, a new session (R01, R02, R06-R10, R29, R32, R76)."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

import accounts.sign_in
from portal.journal.models import Entry
from portal.sessions.models import Session
from tests.alike import neutral
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db


def told_by_headers(response):
    """All of them but the request's own number, and the length of what was typed, which the page repeats."""
    own = {"X-Request-ID", "Content-Length"}
    return tuple(sorted((name, value) for name, value in response.headers.items() if name not in own))


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/connexion/", {"email": email, "password": password}, **extra)


@pytest.fixture
def personas():
    return {
        "unknown": "inconnue@exemple.fr",
        "wrong password": UserFactory().email,
        "not activated": UserFactory(is_active=False, email_certified_at=None).email,
        "disabled": UserFactory(is_active=False).email,
        "changing address": UserFactory(is_active=False, address_changing=True).email,
        "unusable password": UserFactory(password="!").email,
    }


def test_whatever_is_wrong_the_answer_is_one_and_the_same(client, personas):
    """R01."""
    answers = [sign_in(client, email, "Faux-mot-2-passe") for email in personas.values()]
    assert {answer.status_code for answer in answers} == {200}
    assert len({neutral(answer) for answer in answers}) == 1
    assert len({tuple(sorted(answer.cookies)) for answer in answers}) == 1
    assert len({told_by_headers(answer) for answer in answers}) == 1
    assert all("session" not in answer.cookies for answer in answers)


def test_a_right_password_of_an_account_not_activated_is_the_same_answer(client, personas):
    """R01."""
    wrong = sign_in(client, personas["unknown"], PASSWORD)
    for name in ("not activated", "disabled", "changing address"):
        right = sign_in(client, personas[name], PASSWORD)
        assert (neutral(right), told_by_headers(right)) == (neutral(wrong), told_by_headers(wrong)), name


def test_exactly_one_hash_is_computed_whoever_asks(client, personas, monkeypatch):
    """R02."""
    counted = []
    genuine_verify, genuine_encode = Argon2PasswordHasher.verify, Argon2PasswordHasher.encode
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda *a: counted.append("verify") or genuine_verify(*a)
    )
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda *a: counted.append("encode") or genuine_encode(*a)
    )
    tried = [(name, email, "Faux-mot-2-passe") for name, email in personas.items()]
    tried += [(f"{name}, right", personas[name], PASSWORD) for name in ("not activated", "disabled")]
    tried += [("right", owner_of(SiteFactory()).email, PASSWORD)]
    tried += [("staff", UserFactory(is_staff=True).email, PASSWORD)]
    for name, email, password in tried:
        counted.clear()
        sign_in(Client(), email, password)
        assert len(counted) == 1, name


def test_one_site_leads_home_and_several_to_the_choice(client):
    one = owner_of(SiteFactory())
    response = client.post("/connexion/", {"email": one.email, "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == f"/sites/{one.delegations.get().site.cibtp_id}/"


@pytest.mark.parametrize("typed", ["Loic@Exemple.FR", "  loic@exemple.fr\u00a0", "ｌｏｉｃ@exemple.fr"])
def test_an_address_is_understood_however_it_is_typed(client, typed):
    owner_of(SiteFactory(), email="loic@exemple.fr")
    assert sign_in(client, typed).status_code == 302


def test_a_look_alike_address_is_not_the_address(client):
    """R05."""
    owner_of(SiteFactory(), email="mike@exemple.fr")
    assert sign_in(client, "mıke@exemple.fr").status_code == 200


def test_the_session_id_changes_and_the_old_one_is_worth_nothing(client):
    """R29."""
    user = owner_of(SiteFactory())
    client.session["planted"] = True
    session = client.session
    session["planted"] = True
    session.save()
    before = client.cookies["session"].value if "session" in client.cookies else session.session_key
    sign_in(client, user.email)
    after = client.cookies["session"].value
    assert after != before
    thief = Client()
    thief.cookies["session"] = before
    assert thief.get("/sites/").status_code == 302
    assert thief.get("/sites/")["Location"].startswith("/connexion/")


def test_signing_out_ends_the_session_on_the_server_by_post_only(client):
    """R32."""
    user = owner_of(SiteFactory())
    sign_in(client, user.email)
    cookie = client.cookies["session"].value
    assert client.get("/deconnexion/")["Location"] == "/"
    assert client.get("/sites/")["Location"].startswith("/sites/")
    response = client.post("/deconnexion/")
    assert response["Location"] == "/connexion/"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    replayed = Client()
    replayed.cookies["session"] = cookie
    assert replayed.get("/sites/")["Location"].startswith("/connexion/")


def test_the_sign_in_page_says_once_that_one_has_signed_out_without_a_session(client):
    sign_in(client, owner_of(SiteFactory()).email)
    told = client.post("/deconnexion/")
    assert told["Clear-Site-Data"] == '"cache", "storage"'  # not "cookies", by which it is said
    assert told.cookies["signed-out"]["max-age"] == 60
    page = client.get("/connexion/")
    assert "Vous êtes déconnecté." in page.content.decode()
    assert [name for name, cookie in page.cookies.items() if cookie.value and "session" in name] == []
    assert page.cookies["signed-out"].value == ""
    assert "Vous êtes déconnecté." not in client.get("/connexion/").content.decode()


def test_who_did_not_sign_out_or_goes_elsewhere_is_told_nothing(client):
    assert "Vous êtes déconnecté." not in client.get("/connexion/").content.decode()
    sign_in(client, owner_of(SiteFactory()).email)
    assert "signed-out" not in client.post("/deconnexion/", {"next": "/mentions-legales/"}).cookies


def test_pages_are_never_kept_by_a_browser_or_a_proxy(client):
    user = owner_of(SiteFactory())
    assert client.get("/connexion/")["Cache-Control"] == "no-store"
    assert "session" not in client.get("/connexion/").cookies
    sign_in(client, user.email)
    assert client.get("/sites/", follow=True)["Cache-Control"] == "no-store"


def test_a_second_tab_that_signs_out_or_in_again_is_led_where_it_wanted(client):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/deconnexion/")["Location"] == "/connexion/"
    strict.force_login(owner_of(SiteFactory()))
    assert strict.post("/connexion/", {"email": "a@exemple.fr", "password": "x"})["Location"] == "/sites/"


def test_a_form_sent_after_the_session_ended_does_not_come_back_as_a_page(client):
    assert client.post("/sites/favori/", {"favori": "29209-001-12"})["Location"] == "/connexion/"
    assert client.get("/sites/favori/")["Location"].startswith("/connexion/?next=")


def test_every_form_refuses_a_missing_token(db):
    strict = Client(enforce_csrf_checks=True)
    for address in (
        "/connexion/",
        "/ouverture/",
        "/association/",
        "/activation/x/",
        "/mot-de-passe/oublie/",
        "/mot-de-passe/nouveau/x/",
        "/admin/login/",
    ):
        assert strict.post(address, {}).status_code == 403, address


@pytest.mark.parametrize(
    "target",
    ["//e.example", "/\\e.example", "https:/e.example", "https://e.example", "javascript:alert(1)",
     "%2f%2fe.example", "/\r\nx", "\\\\e.example", "///e.example", "http:///e.example", "/\te.example/.."],
)  # fmt: skip
def test_the_way_on_stays_on_this_portal(client, target):
    user = owner_of(SiteFactory())
    response = client.post("/connexion/", {"email": user.email, "password": PASSWORD, "next": target})
    assert response.status_code == 302
    assert "e.example" not in response["Location"].split("?")[0] or response["Location"].startswith("/%")
    assert not response["Location"].startswith(("//", "/\\", "http", "javascript"))


def test_the_way_on_is_followed_when_it_is_ours(client):
    user = owner_of(SiteFactory())
    target = f"/sites/{user.delegations.get().site.cibtp_id}/adherent/informations/"
    response = client.post("/connexion/", {"email": user.email, "password": PASSWORD, "next": target})
    assert response["Location"] == target


def test_the_admin_has_no_door_of_its_own(client):
    staff = UserFactory(is_staff=True, is_superuser=True)
    response = client.post("/admin/login/", {"username": staff.email, "password": PASSWORD})
    assert response["Location"] == "/connexion/?next=%2Fadmin%2F"
    assert client.get("/admin/").status_code == 302
    assert sign_in(client, staff.email)["Location"] == "/admin/"
    assert client.get("/admin/")["Location"].startswith("/admin/second-facteur/")  # no factor yet: R45


def test_signing_out_of_the_admin_ends_the_session_too(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    response = client.post("/admin/logout/", follow=True)
    assert response.redirect_chain == [("/connexion/", 302)]
    assert client.get("/admin/").status_code == 302
    assert Entry.objects.filter(action="sign_in.ended").exists()


def test_the_admins_password_page_proves_nothing(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    answer = client.post("/admin/password_change/", {"old_password": "x"})
    assert answer["Location"] == "/admin/mot-de-passe/"
    assert client.get("/admin/auth/group/").status_code == 404


@pytest.mark.parametrize(
    "lookup",
    ["accounts/user/?password__startswith=argon2", "accounts/user/?password=x",
     "accounts/provisionalcode/?digest__startswith=a", "messaging/message/?secret__startswith=http",
     "messaging/message/?text__contains=activation", "messaging/message/?html__contains=a"],
)  # fmt: skip
def test_the_admin_does_not_tell_hidden_fields_letter_by_letter(client, lookup):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(f"/admin/{lookup}").status_code == 400


def test_the_admins_own_filters_work(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for lookup in (
        "accounts/user/?is_active__exact=1",
        "journal/entry/?kind__exact=sign_in",
        "accounts/user/?q=a",
    ):
        assert client.get(f"/admin/{lookup}").status_code == 200, lookup


def test_who_is_not_staff_is_not_let_into_the_admin(client):
    client.force_login(owner_of(SiteFactory()))
    assert client.get("/admin/accounts/user/").status_code == 302
    assert client.get("/admin/login/")["Location"] == "/connexion/?next=%2Fadmin%2F"


def test_each_sign_in_refusal_block_and_sign_out_is_one_line_of_the_journal(client):
    """R76."""
    user = UserFactory()
    sign_in(client, user.email)
    client.post("/deconnexion/")
    for _ in range(6):
        sign_in(client, user.email, "faux")
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["sign_in.done", "sign_in.ended"] + ["sign_in.refused"] * 4 + ["sign_in.blocked"]
    assert all("faux" not in str(values) for values in Entry.objects.values())


def test_a_session_opens_with_its_line_in_the_journal_or_not_at_all(client, monkeypatch):
    user = UserFactory()

    def unwritable(*args, **facts):
        raise OSError("the journal cannot be written")

    monkeypatch.setattr(accounts.sign_in, "record", unwritable)
    with pytest.raises(OSError, match="journal"):
        sign_in(client, user.email)
    user.refresh_from_db()
    assert user.last_login is None
    assert not Session.objects.exists()
