"""No page takes a body larger than its form."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_large_body_is_refused_before_it_is_read(client):
    answer = client.post("/connexion/", b"x" * 3_200_000, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_a_form_passes(client):
    assert (
        client.post("/connexion/", {"email": "a@exemple.fr", "password": "x" * 1_000_000}).status_code == 200
    )


def test_zeros_before_the_length_hide_nothing(client):
    answer = client.generic("POST", "/connexion/", b"x", CONTENT_LENGTH="0" * 20 + "300000000")
    assert answer.status_code == 413
