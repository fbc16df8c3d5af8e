"""No secret in a line of the log, and one record is one line (R21, R75, CVE-2025-48432)."""

import json
import logging
import time

import pytest

from portal.codes import posted
from portal.logs.error_reports import BareReporter
from portal.logs.lines import JsonLines, Redacting
from portal.logs.redaction import one_line, redacted
from portal.second_factor import recovery


def record_of(message="it failed", *args, error=None, **extra):
    trace = error and (type(error), error, error.__traceback__)
    record = logging.LogRecord("somewhere", logging.ERROR, "x", 1, message, args, trace)
    vars(record).update(extra)
    return record


def raised(error):
    try:
        raise error
    except type(error) as caught:
        return caught


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Gone: /activation/WzEs.1xU.abc/", "Gone: /activation/…/"),
        ("GET /compte/adresse/confirmation/WzEs.1xU.abc/", "GET /compte/adresse/confirmation/…/"),
        ("to=%2Fcompte%2Fadresse%2Fannulation%2Fa.b.c%2F", "to=/compte%2Fadresse%2Fannulation/…%2F"),
        (
            '"GET /mot-de-passe/nouveau/1-abc-def/ HTTP/1.1" 200',
            '"GET /mot-de-passe/nouveau/…/ HTTP/1.1" 200',
        ),
        (
            "/delegation/confirmation/abc/ and /delegation/abc/",
            "/delegation/confirmation/…/ and /delegation/…/",
        ),
        ("to=%2Fdelegation%2Fconfirmation%2Fa.b.c%2F", "to=/delegation%2Fconfirmation/…%2F"),
        ("{'path': 'activation/a.b.c/x/'}", "{'path': '/activation/…/x/'}"),
        ("'csrf_token': <SimpleLazyObject: 'abc'>", "'csrf_token': <SimpleLazyObject: …>"),
        ("to=%2Factivation%2Fa.b.c%2F", "to=/activation/…%2F"),
        ("GET /connexion/?next=/sites/&q=Keller HTTP/1.1", "GET /connexion/?… HTTP/1.1"),
        ("marie.keller+a@exemple.fr wrote", "m…@exemple.fr wrote"),
        ("to ['élise@keller.exemple.fr']", "to ['é…@keller.exemple.fr']"),
        ("email=marie%40exemple.fr&x=1", "email=m…@exemple.fr&x=1"),
        (
            "DETAIL:  Key (email)=(Marie Keller, 3) already exists.\nCONTEXT: x",
            "DETAIL: …\nCONTEXT: x",
        ),
        ("DÉTAIL : La ligne en échec contient (7, Keller)", "DÉTAIL : …"),
        ("FR76 3000 6000 0112 3456 7890 189.", "[IBAN]."),
        ("fr7630006000011234567890189", "[IBAN]"),
        ("LU28 0019 4006 4475 0000, DE89370400440532013000.", "[IBAN], [IBAN]."),
        ("+352 621 123 456, +32470123456", "[téléphone], [téléphone]"),
        ("2026-11-21T13:00:00+0200 of 12 +3", "2026-11-21T13:00:00+0200 of 12 +3"),
        ("Failing row contains (1, Keller).", "Failing row contains …"),
        ("DETAIL:  Key (address)=(1 rue\nKeller, 3) exists.\nCONTEXT: x", "DETAIL: …\nCONTEXT: x"),
        ("NIR 184127645108946", "NIR [NIR]"),
        ("NIR 1 84 12 76 451 089", "NIR [NIR]"),
        ("2 55 08 2A 588 157 38", "[NIR]"),
        ("06 12 34 56 78", "[téléphone]"),
        ("'0612345678', +33 6 12 34 56 78, +33(0)612345678", "'[téléphone]', [téléphone], [téléphone]"),
        ("0033612345678", "[téléphone]"),
        ("07.12-34.56-78", "[téléphone]"),
        ("code 7KQM-2XYZ-AB", "code [code]"),
        ("code 7KQM2XYZAB", "code [code]"),
        ("{'password': ['Tru elle'], 'a': 1}", "{'password': […], 'a': 1}"),
        ("Cookie: session=abc123; csrf=def", "Cookie: …; csrf=…"),
        ("csrfmiddlewaretoken=abc&x=1", "csrfmiddlewaretoken=…&x=1"),
        ("redis://:hush-hush@redis:6379/0", "redis://:…@redis:6379/0"),
        ("postgres://portal:a%2Fb@db:5432/portal", "postgres://portal:…@db:5432/portal"),
    ],
)
def test_what_is_secret_is_taken_out(line, shown):
    """R75."""
    assert redacted(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "/sites/29209-001-12/",
        "SIRET 52918344400015 and 529 183 444 00015",
        "SIREN 732 829 320",
        "GET sites/<cibtp:cibtp_id>/ 200 in 12.3 ms",
        "message 42 not sent (SMTPServerDisconnected), try 3",
        "exit code: 1, status=500, at 2026-11-21 12:16:47,239",
        "7f3a91c2-0b1d-4c55-9f10-0123456789ab",
        "Forbidden (CSRF token missing.): /connexion/",
        "MAÇONNERIE ENTREPRISE",
        "worker@7f3a91c20b1d ready.",
    ],
)
def test_what_operators_need_stays(line):
    assert redacted(line) == line


def test_no_code_that_can_be_drawn_passes():
    for _ in range(200):
        code = posted.draw()
        assert redacted(f"code {code}, {code.lower()}") == "code [code], [code]"
    for code in recovery.draw():
        assert redacted(f"codes {code}, '{code}'") == "codes [code], '[code]'"


@pytest.mark.parametrize(
    "piece",
    ["/", "a", "a.", "@", "0", "06 ", "1 84 ", "csrf", "://a:", "FR76 ", "A2-", "%2f", "DETAIL", "'", "?a"],
)
def test_no_text_takes_long_however_it_is_made(piece):
    started = time.perf_counter()
    redacted(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize("formatter", [Redacting(), JsonLines()])
def test_a_traceback_is_redacted_and_shows_no_local_variable(formatter):
    def fails(password):
        raise ValueError("/activation/SECRET-CANARY/ marie@exemple.fr")

    try:
        fails("Truelle-" + "Canari-26")
    except ValueError as error:
        line = formatter.format(record_of("failed %s", "/activation/SECRET-CANARY/", error=error))
    assert "SECRET-CANARY" not in line
    assert "marie" not in line
    assert "Truelle-Canari-26" not in line
    assert "ValueError: /activation/…/ m…@exemple.fr" in line
    assert "in fails" in line


@pytest.mark.parametrize("formatter", [Redacting(), JsonLines()])
@pytest.mark.parametrize(
    "forged",
    [
        "a\n2026-11-21 12:00:00,000 INFO forged",
        "a\r\nb",
        "\x1b[2Jwiped",
        "\u2028b",
        "\x85b",
        "\u202eb",
        "\ud800",
    ],
)
def test_a_visitor_forges_no_line_and_moves_no_terminal(formatter, forged):
    """R76."""
    line = formatter.format(record_of("Not Found: %s", forged, fields={"method": forged}))
    assert len(line.splitlines()) == 1
    assert not set(forged) & {"\n", "\r", "\x1b", "\u2028", "\x85", "\u202e", "\ud800"} & set(line)
    line.encode()


def test_what_an_exception_says_cannot_be_taken_for_a_line():
    error = raised(ValueError("a\n2026-11-21 12:00:00,000 INFO forged\x1b[2J"))
    first, *others = Redacting().format(record_of(error=error)).split("\n")
    assert "it failed" in first
    assert others
    assert all(line.startswith("    ") for line in others)
    assert "\x1b" not in "".join(others)


def test_in_json_a_record_is_one_line_that_reads_back():
    error = raised(ValueError("deux\nlignes « é »"))
    line = JsonLines().format(record_of("raté : %s", "é", error=error, fields={"status": 500, "site": None}))
    assert "\n" not in line
    values = json.loads(line)
    assert values["message"] == "raté : é"
    assert values["level"] == "ERROR"
    assert values["logger"] == "somewhere"
    assert values["status"] == 500
    assert values["time"].endswith("+00:00")
    assert values["exception"].endswith("ValueError: deux\nlignes « é »")
    assert {"site", "request"}.isdisjoint(values)


def test_what_others_attach_to_a_record_is_not_written():
    record = record_of(data={"args": "CANARY"}, request="CANARY", user="CANARY")
    assert "CANARY" not in Redacting().format(record) + JsonLines().format(record)


@pytest.mark.parametrize("formatter", [Redacting(), JsonLines()])
def test_arguments_that_do_not_fit_are_not_written(formatter, capsys):
    line = formatter.format(record_of("one %s", "a", "CANARY"))
    assert "one %s (arguments that do not fit)" in line
    assert "CANARY" not in line + capsys.readouterr().err


def test_control_characters_are_written_out():
    assert one_line("a\tb\x7f\x9b") == "a\\tb\\x7f\\x9b"


def test_an_error_report_says_where_it_broke_and_nothing_of_the_request(rf):
    """R75."""
    request = rf.post(
        "/activation/TOKEN-CANARY/", {"email": "CANARY@exemple.fr"}, HTTP_COOKIE="session=CANARY"
    )
    error = raised(ValueError("marie@exemple.fr"))
    for report in (
        BareReporter(request, type(error), error, error.__traceback__).get_traceback_text(),
        BareReporter(request, type(error), error, error.__traceback__).get_traceback_html(),
    ):
        assert "in raised" in report
        assert "m…@exemple.fr" in report
        assert "CANARY" not in report
    assert BareReporter(request, None, "0612345678", None).get_traceback_text() == "[téléphone]"
