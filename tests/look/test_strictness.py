"""What the tests' client refuses on any page: each rule seen to fail on a spoilt page."""

import pytest
from django.template import engines
from django.test import Client

from portal.messaging import outbox
from portal.messaging.models import Message
from tests import strictness
from tests.strictness import UndefinedVariable, check_mail, check_page, faults_of

GOOD = """<!DOCTYPE html><html lang="fr"><head><title>Essai – Espace sécurisé</title>
<script src="/a.js"></script></head><body><h1>Essai\u00a0: un</h1>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x">
<label for="a">Nom</label><input id="a"><label>Oui <input type="checkbox"></label>
<button aria-label="Fermer">x</button></form><a href="#a">voir</a></body></html>"""


def test_a_good_page_has_no_fault():
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("good", "spoilt", "fault"),
    [
        ('<script src="/a.js">', "<script>", "inline script or style"),
        ("<h1>", '<h1 style="color: red">', "inline script or style"),
        ("</head>", "<style></style></head>", "inline script or style"),
        ("<button ", '<button onclick="x()" ', "inline script in an attribute"),
        ('href="#a"', 'href="javascript:x()"', "inline script in an attribute"),
        ("<h1>", "<h1>Un</h1><h1>", "2 h1"),
        ("h1>", "h2>", "0 h1"),
        ("<h1>", '<h1 id="a">', "the id a twice"),
        ('<label for="a">', "<label>", "a field without label"),
        ('lang="fr"', 'lang="en"', "lang='en'"),
        ("Essai – Espace", "Essai – Space", "title"),
        ("\u00a0:", " :", "a straight space"),
        ("Nom", "Nom ?", "a straight space"),
        ("Fermer", "Fermer !", "a straight space"),
        ("un</h1>", "« un\u00a0»</h1>", "a straight space"),
        ('href="#a"', 'href="#b"', "href names no id: b"),
        ("Nom", "L'adresse", "a straight apostrophe"),
        ("Nom", "Nom de l'Espace", "a straight apostrophe"),
        ("Fermer", "Fermer l'aide", "a straight apostrophe"),
        ("Nom", "None", "« None » is shown"),
        ('name="csrfmiddlewaretoken"', 'name="x"', "a form without its token"),
        ("<h1>", '<img src="x"><h1>', "an image without alt"),
    ],
)
def test_each_fault_is_seen(good, spoilt, fault):
    assert good in GOOD
    found = faults_of(GOOD.replace(good, spoilt))
    assert any(told.startswith(fault) for told in found), found


@pytest.mark.django_db
def test_the_client_of_every_test_is_strict(client):
    spoilt = client.get("/sante/")
    spoilt.headers["Content-Type"] = "text/html"
    with pytest.raises(AssertionError, match="h1"):
        check_page(spoilt, "/sante/")
    assert Client.request.__module__ == strictness.__name__


def test_a_name_of_the_extracts_keeps_its_apostrophe():
    assert faults_of(GOOD.replace("Nom", "D'ARC-VALLON, D'Angelo")) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        {"subject": "Activez l'espace"},
        {"text": "Bonjour,\nvoici l'adresse."},
        {"html": "<p>C'est fait.</p>"},
        {"text": "Attention !"},
    ],
)
def test_a_mail_is_held_to_the_same_writing(spoilt):
    good = {"subject": "Activez l’espace", "text": "Voici\u00a0: http://x.fr/", "html": "<p>C’est fait.</p>"}
    assert check_mail(Message(**good)).subject
    with pytest.raises(AssertionError, match="a straight"):
        check_mail(Message(**good | spoilt))


@pytest.mark.django_db
def test_every_mail_written_in_a_test_is_held_to_it(monkeypatch):
    monkeypatch.setattr(outbox, "render_to_string", lambda *given: "C'est fait")
    with pytest.raises(AssertionError, match="a straight apostrophe"):
        outbox.queue_mail("any", to="a@exemple.fr", context={})


def test_a_variable_that_no_context_holds_is_an_error(monkeypatch):
    monkeypatch.setattr(strictness, "TEMPLATES", "")
    template = engines["django"].from_string("{{ nobody.name }}")
    with pytest.raises(UndefinedVariable, match=r"nobody\.name"):
        template.render({})
    for said in ('{{ nobody|default:"x" }}', "{% if nobody %}x{% endif %}", "{% firstof nobody %}"):
        engines["django"].from_string(said).render({})
