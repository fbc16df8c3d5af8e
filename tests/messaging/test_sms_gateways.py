"""The gateways against web servers of ours: taking, refusing, silent, lying (R84)."""

import socket

import ovh.client
import pytest

from portal.messaging.models import SmsState
from portal.messaging.sms import https, ovhcloud
from portal.messaging.sms.gateway import NotSent, Refused, Uncertain, current_gateway
from portal.messaging.sms.https import HttpsGateway
from portal.messaging.sms.ovhcloud import OvhGateway
from tests.messaging.gateways import NUMBER, fake_web

PATIENCE = 0.3
ALL_THE_TIME = 30  # for an answer that comes, however busy the machine
TEXT = "Votre code : 804617"
JOBS = "/1.0/sms/sms-ab1-1/jobs"
OUTGOING = "/1.0/sms/sms-ab1-1/outgoing/41"
TAKEN = {
    "ids": [41],
    "invalidReceivers": [],
    "validReceivers": [NUMBER],
    "totalCreditsRemoved": 1,
    "tag": "x",
}


@pytest.fixture
def web():
    with fake_web(PATIENCE) as started:
        yield started


def free_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


# --- any gateway over HTTPS ---------------------------------------------------------------------------


@pytest.fixture
def by_https(web, settings, monkeypatch):
    settings.SMS_GATEWAY = "https"
    settings.SMS_HTTPS_URL = f"{web.address}/v1/sms?account=7"
    settings.SMS_HTTPS_TOKEN = "jeton-canari"
    settings.SMS_HTTPS_NUMBER_FIELD, settings.SMS_HTTPS_TEXT_FIELD = "destinataire", "message"
    settings.SMS_HTTPS_SENDER_FIELD, settings.SMS_HTTPS_REFERENCE_FIELD = "emetteur", "ref"
    settings.SMS_SENDER = "CAISSE"

    def answering(told):
        monkeypatch.setattr(https, "PATIENCE", PATIENCE if told == "silent" else ALL_THE_TIME)
        web.answers["/v1/sms?account=7"] = told
        return current_gateway()

    return answering


def sent_by(gateway):
    return gateway.send(number=NUMBER, text=TEXT, row=12)


def test_https_posts_one_json_object_with_the_names_that_the_settings_give(web, by_https):
    gateway = by_https((201, {"ref": 41}))
    assert isinstance(gateway, HttpsGateway)
    assert sent_by(gateway).reference == "41"
    (asked,) = web.asked
    assert asked.method == "POST"
    assert asked.body == {"destinataire": NUMBER, "message": TEXT, "emetteur": "CAISSE"}
    assert asked.headers["Authorization"] == "Bearer jeton-canari"
    assert asked.headers["Idempotency-Key"] == "sms-12"
    assert gateway.became(reference="41", number=NUMBER, row=12) is None


@pytest.mark.parametrize(
    ("told", "raised"),
    [
        ((400, {}), Refused),
        ((401, {}), Refused),
        ((402, b"credit"), Refused),
        ((429, {}), NotSent),
        ((503, {}, ("Retry-After", "30")), NotSent),
        ((503, b"upstream reset"), Uncertain),
        ((500, {}), Uncertain),
        ((502, b"<html>"), Uncertain),
        ((302, {}), Uncertain),
        ((200, b"<html>Connexion au Wi-Fi</html>"), Uncertain),
        ((200, b""), Uncertain),
        ((200, []), Uncertain),
        ("silent", Uncertain),
        ("reset", Uncertain),
    ],
)
def test_https_says_what_it_knows_and_no_more(web, by_https, told, raised):
    with pytest.raises(raised) as failure:
        sent_by(by_https(told))
    assert len(web.asked) == 1
    assert TEXT not in str(failure.value)
    assert NUMBER not in str(failure.value)


def test_https_is_surely_not_sent_when_nobody_listens(by_https, settings):
    gateway = by_https((200, {}))
    settings.SMS_HTTPS_URL = free_address()
    with pytest.raises(NotSent, match="ConnectionRefusedError"):
        sent_by(gateway)


# --- OVHcloud, through its own client -----------------------------------------------------------------


@pytest.fixture
def by_ovh(web, settings, monkeypatch):
    settings.SMS_GATEWAY = "ovh"
    settings.SMS_OVH_ENDPOINT = "ovh-eu"
    settings.SMS_OVH_SERVICE = "sms-ab1-1"
    settings.SMS_OVH_APPLICATION_KEY, settings.SMS_OVH_APPLICATION_SECRET = "cle", "secret"
    settings.SMS_OVH_CONSUMER_KEY = "consommateur"
    monkeypatch.setitem(ovh.client.ENDPOINTS, "ovh-eu", f"{web.address}/1.0")
    web.answers["/1.0/auth/time"] = (200, 1_795_000_000)

    def answering(told):
        monkeypatch.setattr(ovhcloud, "PATIENCE", PATIENCE if told == "silent" else ALL_THE_TIME)
        web.answers[JOBS] = told
        return current_gateway()

    return answering


def test_ovh_is_given_one_signed_job_for_one_receiver(web, by_ovh):
    gateway = by_ovh((200, TAKEN))
    assert isinstance(gateway, OvhGateway)
    assert sent_by(gateway).reference == "41"
    time, job = web.asked
    assert (time.method, job.method, job.path) == ("GET", "POST", JOBS)
    assert job.body["receivers"] == [NUMBER]
    assert job.body["message"] == TEXT
    assert (job.body["noStopClause"], job.body["priority"]) == (True, "high")
    assert job.body["senderForResponse"] is True
    sent = {name.lower(): value for name, value in job.headers.items()}
    assert sent["x-ovh-application"] == "cle"
    assert sent["x-ovh-consumer"] == "consommateur"
    assert sent["x-ovh-signature"].startswith("$1$")


def test_ovh_shows_the_sender_that_the_caisse_has(web, by_ovh, settings):
    settings.SMS_SENDER = "CAISSE"
    sent_by(by_ovh((200, TAKEN)))
    assert web.asked[1].body["sender"] == "CAISSE"
    assert "senderForResponse" not in web.asked[1].body


@pytest.mark.parametrize(
    ("told", "raised"),
    [
        ((400, {"message": f"bad {NUMBER}"}), Refused),
        ((403, {"errorCode": "INVALID_CREDENTIAL", "message": "no"}), Refused),
        ((403, {"errorCode": "NOT_GRANTED_CALL", "message": "no"}), Refused),
        ((404, {"message": "no such service"}), Refused),
        ((200, TAKEN | {"ids": [], "invalidReceivers": [NUMBER]}), Refused),
        ((200, TAKEN | {"ids": []}), Uncertain),
        ((200, {}), Uncertain),
        ((200, []), Uncertain),
        ((200, b"<html>"), Uncertain),
        ((500, {"message": "oops"}), Uncertain),
        ((502, b"<html>"), Uncertain),
        ("silent", Uncertain),
        ("reset", Uncertain),
    ],
)
def test_ovh_says_what_it_knows_and_no_more(web, by_ovh, told, raised):
    with pytest.raises(raised) as failure:
        sent_by(by_ovh(told))
    assert [asked.path for asked in web.asked].count(JOBS) == 1
    assert TEXT not in str(failure.value)
    assert NUMBER not in str(failure.value)


@pytest.mark.parametrize("told", ["silent", "reset", (503, {"message": "later"})])
def test_ovh_is_surely_not_sent_when_the_clock_is_not_answered(web, by_ovh, told):
    gateway = by_ovh((200, TAKEN))
    web.answers["/1.0/auth/time"] = told
    with pytest.raises(NotSent):
        sent_by(gateway)
    assert JOBS not in [asked.path for asked in web.asked]


def test_ovh_that_cannot_be_made_has_sent_nothing(settings):
    settings.SMS_GATEWAY = "ovh"
    settings.SMS_OVH_ENDPOINT = "ovh-mars"
    settings.SMS_OVH_APPLICATION_KEY = settings.SMS_OVH_APPLICATION_SECRET = "x"
    settings.SMS_OVH_CONSUMER_KEY = "x"
    with pytest.raises(NotSent, match="InvalidRegion"):
        current_gateway()


@pytest.mark.parametrize(
    ("told", "became"),
    [
        ((200, {"deliveryReceipt": 1}), SmsState.DELIVERED),
        ((200, {"deliveryReceipt": 2}), SmsState.REFUSED),
        ((200, {"deliveryReceipt": 16}), SmsState.REFUSED),
        ((200, {"deliveryReceipt": 0}), None),
        ((200, {"deliveryReceipt": 4}), None),
        ((200, {}), None),
        ((200, {"id": 41, "receiver": NUMBER, "tag": "sms-12", "deliveryReceipt": 1}), SmsState.DELIVERED),
        ((200, {"id": 42, "deliveryReceipt": 1}), None),  # another's
        ((200, {"id": 41, "receiver": "+33699999999", "deliveryReceipt": 1}), None),
        ((200, {"id": 41, "receiver": NUMBER, "tag": "sms-13", "deliveryReceipt": 2}), None),
        ((200, {"deliveryReceipt": True}), None),
        ((200, {"deliveryReceipt": "1"}), None),
        ((200, {"deliveryReceipt": [1, 2]}), None),
        ((200, [{"deliveryReceipt": 1}, {"deliveryReceipt": 2}]), None),
        ((404, {"message": "not yet"}), None),
    ],
)
def test_ovh_says_later_what_became_of_it_and_of_no_other(web, by_ovh, told, became):
    """R84."""
    web.answers[OUTGOING] = told
    assert by_ovh((200, TAKEN)).became(reference="41", number=NUMBER, row=12) == became
