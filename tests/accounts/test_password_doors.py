"""One rule at every place where a password is chosen: opening, invitation, reset, change (R24, R25)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import Letters, connection, link_in, mails_to
from tests.accounts.invitations import TYPED, invited, read
from tests.accounts.own_account import OWN_PASSWORD, browser_of, proved_on
from tests.deploy_check import ROOT
from tests.factories import SiteFactory, UserFactory, letters_of

pytestmark = pytest.mark.django_db


@dataclass
class Door:
    """A page where a password is chosen, in a browser that may open it, and what else it asks for."""

    browser: Client
    page: str
    typed: dict[str, str] = field(default_factory=dict)

    def shown(self) -> str:
        """The page before anything is typed."""
        return read(self.browser.get(self.page, follow=True))

    def sent(self, password: str) -> str:
        """What is answered to a password."""
        typed = self.typed | {"password": password, "password_again": password}
        return read(self.browser.post(self.page, typed, follow=True))


def at_the_opening() -> Door:
    """Step 2 of an opening."""
    site, browser = SiteFactory(), Client()
    code, _ = letters_of(site)
    browser.post("/ouverture/", Letters(site, code).typed)
    return Door(browser, "/ouverture/connexion/", connection("marie@exemple.fr"))


def at_an_invitation() -> Door:
    """The account that an invited person opens."""
    return Door(Client(), invited("marie@exemple.fr").link, TYPED)


def at_a_reset() -> Door:
    """The page behind the mailed link."""
    person, browser = UserFactory(email="marie@exemple.fr"), Client()
    browser.post("/mot-de-passe/oublie/", {"email": person.email})
    return Door(browser, link_in(mails_to("marie@exemple.fr")[-1]))


def at_the_change() -> Door:
    """« Modifier mot de passe »."""
    browser = browser_of(UserFactory(email="marie@exemple.fr"))
    proved_on(browser, OWN_PASSWORD)
    return Door(browser, OWN_PASSWORD)


DOORS = [at_the_opening, at_an_invitation, at_a_reset, at_the_change]
REFUSED = {
    "Aa1-xyz": "trop court : choisissez-en un d’au moins 8 caractères",
    "truelle7": "3 de ces 4 sortes",
    "Conges2026!": "trop facile à deviner",
    "Cibtp-12345": "trop facile à deviner",
    "x" * 150 + "A1" + "y" * 100: "200 caractères au plus",
}
TAKEN = ["Équerre7", "Mortier\u00a0gris\u00a03", "m1🙂trottoir", "Z1-" + "x" * 61, "Z1-" + "x" * 62]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("password", REFUSED)
def test_the_same_password_is_refused_in_the_same_words_everywhere(door, password):
    """R24, R25."""
    assert REFUSED[password] in door().sent(password)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("password", TAKEN)
def test_the_same_password_is_taken_everywhere_and_kept_whole(door, password):
    """R24, R25."""
    door().sent(password)
    person = User.objects.get(email="marie@exemple.fr")
    assert person.check_password(password)
    assert not person.check_password(password + "y")
    assert not person.check_password(password[:-1])


FIELD = re.compile(r'<input[^>]*name="password(?:_again)?"[^>]*>')


@pytest.mark.parametrize("door", DOORS)
def test_the_rule_is_shown_before_typing_and_nothing_hinders_a_password_manager(door):
    """R24, R25: the same words everywhere; pasting, filling in and long passwords are welcome."""
    page = door().shown()
    assert "8 caractères au moins" in page
    assert "3 au moins de ces 4 sortes" in page
    fields = FIELD.findall(page)
    assert len(fields) == 2
    for one in fields:
        assert 'autocomplete="new-password"' in one
        assert "maxlength" not in one
        assert 'autocomplete="off"' not in one


def test_a_password_is_chosen_behind_these_doors_alone():
    """R24: a form with a new password, which no door above shows, fails here."""
    ours = [path for path in (ROOT / "accounts").rglob("*.py") if "migrations" not in path.parts]
    setting = {path.name for path in ours if "validate_password(" in path.read_text(encoding="utf-8")}
    assert setting == {"forms.py"}
