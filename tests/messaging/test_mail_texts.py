"""Every mail of an account as a person reads it: who, when, what to do if it was not him; in both parts."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from portal.messaging.models import Message
from portal.messaging.outbox import queue_mail
from tests.factories import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.BASE_DIR) / "templates/accounts/mails"
KINDS = sorted(path.name.removesuffix(".subject.txt") for path in FOLDER.glob("*.subject.txt"))
LINK = "http://localhost:8000/x/"
WITH_LINK = {
    "activation", "address_change_asked", "address_confirmation", "address_known", "address_taken",
    "certification", "password_reset", "second_factor",
}  # fmt: skip
# What was done to the account: its holder is told when, for he may not have done it.
DONE = {
    "address_change_asked", "address_changed", "address_restored", "contact_changed", "mobile_changed",
    "password_changed", "password_reset", "second_factor",
}  # fmt: skip
VARIANTS = [{}, {"here": True, "lapsed": True, "reset": True, "stays": True}]


def written(kind, **variant):
    facts = {
        "person": UserFactory.build(first_name="Marie", last_name="Keller"),
        "site": SiteFactory.build(),
        "hours": 24,
        "days": 7,
        "last_day": dt.date(2026, 11, 30),
        "labels": ["prénom", "téléphone fixe"],
        "former": "",
        "number": "06\u00a0••\u00a0••\u00a0••\u00a012",
        "what": "La clé d’accès «\u00a0Bleue\u00a0» vient d’être ajoutée à votre compte.",
    }
    unless = dict.fromkeys(("here", "lapsed", "reset", "stays", "blocked"), False)
    link = {"url": LINK} if kind in WITH_LINK else {}
    with time_machine.travel("2026-11-21T21:05:00+01:00", tick=False):
        queue_mail(f"accounts/mails/{kind}", to="marie@exemple.fr", context=facts | unless | link | variant)
    return Message.objects.latest("pk")


def told_in_html(message):
    """The words of the other part, without what it has for the button alone."""
    sheet = (
        message.html.partition('<p class="from">')[2].partition("</p>")[2].partition('<div class="foot">')[0]
    )
    sheet = re.sub(r'<p><a class="button".*?</p>\s*<p class="link">.*?</p>', "", sheet, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", sheet)).split()


@pytest.mark.parametrize("variant", VARIANTS, ids=["plain", "otherwise"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_greets_says_when_and_what_to_do_if_it_was_not_the_person(kind, variant):
    message = written(kind, **variant)
    text = message.text.replace("\u00a0", " ")
    assert text.startswith("Bonjour Marie Keller,\n\n")
    assert re.search(r"\bSi (vous|ce n’est pas vous)\b.*(caisse|message|cliquez pas)", text), text
    if kind in DONE:
        assert "21 novembre 2026 à 21 h 05" in text
    assert (LINK in message.text) == (kind in WITH_LINK)


@pytest.mark.parametrize("variant", VARIANTS, ids=["plain", "otherwise"])
@pytest.mark.parametrize("kind", KINDS)
def test_its_text_is_laid_out_and_says_what_its_html_says(kind, variant):
    message = written(kind, **variant)
    assert "\n\n\n" not in message.text
    assert "  " not in message.text
    assert not re.search(r"[^\u00a0] ?[ ][:;!?»]|« ", message.text.replace("\u00a0", "_"))
    words = message.text.partition("\n--\n")[0].replace(LINK, "").split()
    assert words == told_in_html(message)


def test_a_password_changed_here_and_one_changed_by_link_are_not_told_alike():
    here, by_link = written("password_changed", stays=True).text, written("password_changed").text
    assert "Vous restez connecté" in here
    assert "Toutes vos connexions ont pris fin." in by_link
    for text in (here, by_link):
        assert "Mot de passe oublié" in text
