"""What never reaches a log, whoever wrote the line (R21, R75): a second net under careful code.

Each pattern is linear in the length of the text: no quantifier follows another over the same characters.
"""

from __future__ import annotations

import re

SECRET_ADDRESSES = re.compile(
    r"(?:/|%2f|(?<![\w-]))(activation|mot-de-passe(?:/|%2f)nouveau|certification|delegation(?:(?:/|%2f)confirmation)?"
    r"|compte(?:/|%2f)adresse(?:/|%2f)(?:confirmation|annulation))"
    r"(?:/|%2f)(?!<str:)(?:(?!%2f)[^/\s\"'])+",
    re.IGNORECASE,
)
_GAP = r"[ .\-\u00a0\u202f]?"
_NOT_IN_A_NAME = r"\s@<>\"'(),:;\[\]{}\\=/|&?%"
_PATTERNS: list[tuple[re.Pattern[str], str]] = [
    (SECRET_ADDRESSES, r"/\1/…"),
    # What was asked: gunicorn writes whole addresses when all else fails.
    (re.compile(r"\?[\w%.~-]{1,60}=[^\s\"']*"), "?…"),
    # A server's password in its address.
    (re.compile(r"(://[^\s/@:]{0,64}):[^\s/@]{1,200}@"), r"\1:…@"),
    # PostgreSQL quotes the values of the row that it refuses, whatever they are.
    (
        re.compile(
            r"(D[EÉ]TAIL[ \u00a0]?:)[^\n]*(?:\n(?!CONTEXT|HINT|Traceback|  ?File|\S+Error|\n)[^\n]*)*"
        ),
        r"\1 …",
    ),
    (re.compile(r"(Failing row contains)[^\n]*"), r"\1 …"),
    (
        re.compile(
            r"((?:password|passwd|mot_de_passe|session|csrf|token|secret|authorization|cookie)"
            r"[\w-]{0,20}[\"']?\s{0,2}[=:]\s{0,2}\[?(?:<\w{1,40}: )?)"
            r"(?:\"[^\"]{0,200}\"|'[^']{0,200}'|[^\s\"',;&)\]}>]+)",
            re.IGNORECASE,
        ),
        r"\1…",
    ),
    (
        re.compile(
            rf"(?<![^{_NOT_IN_A_NAME}])([^{_NOT_IN_A_NAME}])[^{_NOT_IN_A_NAME}]*"
            r"(?:@|%40)([\w-]{1,63}(?:\.[\w-]{1,63})+)"
        ),
        r"\1…@\2",
    ),
    (re.compile(rf"(?<!\w)FR{_GAP}\d\d(?:{_GAP}[0-9A-Z]){{23}}(?!\w)", re.IGNORECASE), "[IBAN]"),
    (re.compile(r"(?<!\w)[A-Z]{2}\d\d(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?(?!\w)"), "[IBAN]"),
    (
        re.compile(
            rf"(?<!\w)[1-478](?:{_GAP}\d\d){{2}}{_GAP}(?:\d\d|2[AB])(?:{_GAP}\d{{3}}){{2}}(?:{_GAP}\d\d)?(?!\w)",
            re.IGNORECASE,
        ),
        "[NIR]",
    ),
    (re.compile(rf"(?<!\w)(?:\+|00)33{_GAP}(?:\(0\))?{_GAP}[1-9](?:{_GAP}\d\d){{4}}(?!\w)"), "[téléphone]"),
    (re.compile(rf"(?<![\w.])\+[1-9](?:{_GAP}\d){{7,14}}(?!\w)"), "[téléphone]"),
    (re.compile(rf"(?<!\w)0[1-9](?:{_GAP}\d\d){{4}}(?!\w)"), "[téléphone]"),
    # A posted code, in the alphabet of portal.codes.posted, with its dashes or without.
    (re.compile(r"(?<![\w-])[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2}(?![\w-])", re.IGNORECASE), "[code]"),
    # A recovery code, in the same alphabet.
    (re.compile(r"(?<![\w-])[A-HJKMNP-Z2-9]{5}-[A-HJKMNP-Z2-9]{5}(?![\w-])"), "[code]"),
    (re.compile(r"(?<![\w-])(?=[A-Z]*[2-9])(?=[2-9]*[A-Z])[A-HJKMNP-Z2-9]{10}(?![\w-])"), "[code]"),
]
# What moves a terminal or begins a line of its own, and what no encoding writes.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CONTROLS_BUT_LINES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def redacted(text: str) -> str:
    """The text without tokens of links, passwords, e-mail addresses, phones, IBAN, NIR and posted codes."""
    for pattern, shown in _PATTERNS:
        text = pattern.sub(shown, text)
    return text


def one_line(text: str) -> str:
    """The text with every control character written out: a visitor forges no line (CVE-2025-48432)."""
    return _CONTROLS.sub(_written_out, text)


def own_lines(text: str) -> str:
    """Likewise for a text of several lines, a traceback: its line ends stay."""
    return _CONTROLS_BUT_LINES.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
