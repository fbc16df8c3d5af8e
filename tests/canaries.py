"""Every secret that a run of the tests makes or types, held against all that the run logs, queues and keeps.

Passwords, codes, tokens of links, session ids, seeds and NIR are learnt where they are made or typed; lines
of the log, what goes to the broker, rows of the outbox that left, the journal and what real processes print
are kept as they come. `leaks` holds one against the other: `tests.conftest` asks when the whole run is over,
in each of its workers, and the run fails (R17, R75).
"""

from __future__ import annotations

import base64
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import redis
from celery.signals import before_task_publish
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import DatabaseError
from django.db.models import Q
from django.test import Client

from portal import tokens
from portal.codes import posted, sms
from portal.journal.models import Entry
from portal.logs import request_id
from portal.logs.lines import Redacting
from portal.messaging.models import Message, Sms, SmsState
from portal.second_factor import recovery, seeds
from tests import factories

SHORTEST = 8
RUN = re.compile(r"[^\s\"'<>(){}\[\],;=&?|\\]{8,}")
LINK = re.compile(r"https?://[^\s\"<>]+/[^\s\"<>/]{20,}/")
IBAN = re.compile(r"(?<!\w)FR\d\d(?: ?[0-9A-Z]){23}(?!\w)")
TYPED = {"password", "password_again", "reauth_password", "code", "recovery_code", "mobile_code"}


@dataclass
class Watch:
    """What is secret, and what was written by whom."""

    secrets: dict[str, str] = field(default_factory=dict)  # each with its kind
    runs: dict[str, tuple[str, str]] = field(default_factory=dict)  # each with its place and test
    told: set[tuple[str, str, str]] = field(default_factory=set)
    test: str = "(no test)"
    short: set[str] = field(default_factory=set)  # codes of six digits, of this test
    lines: list[tuple[str, str]] = field(default_factory=list)  # of this test
    records: list[tuple[logging.LogRecord, str]] = field(default_factory=list)  # likewise, not written yet

    def learn(self, kind: str, *values: str) -> None:
        """These are secret. Of one that holds a separator, its longest part is looked for."""
        for value in values:
            longest = max(RUN.findall(value), key=len, default="")
            if longest:
                self.secrets.setdefault(longest, kind)

    def learn_digits(self, code: str) -> None:
        """Six digits are a secret of this test alone: elsewhere they are a number like any other."""
        self.short.add(code)

    def keep(self, place: str, text: str) -> None:
        """This was written there."""
        for run in RUN.findall(text):
            self.runs.setdefault(run, (place, self.test))
        if IBAN.search(text):
            self.told.add(("IBAN", place, self.test))
        self.lines.append((place, text))

    def keep_records(self) -> None:
        """Write the lines of the log as production does, but for their time and their request's id.

        Not sooner, for some tests measure how long a line takes.
        """
        formatter = Redacting()
        for record, request in self.records:
            line = formatter.format(record).removeprefix(formatter.formatTime(record))
            self.keep("the log", line.replace(f"[{request}]", "", 1))
        self.records = []

    def begin(self, test: str) -> None:
        """A test begins: hold the short codes of the one before against its own lines."""
        self.keep_records()
        for code in self.short:
            shape = re.compile(rf"(?<![\w.]){code[:3]}[ \u00a0]?{code[3:]}(?!\w)")
            self.told |= {("SMS code", place, self.test) for place, line in self.lines if shape.search(line)}
        self.short, self.lines, self.test = set(), [], test

    def leaks(self) -> list[str]:
        """What was found, where and in which test; never the secret itself."""
        self.begin(self.test)
        starts: dict[str, list[str]] = defaultdict(list)
        for secret in self.secrets:
            starts[secret[:SHORTEST]].append(secret)
        for run, (place, test) in self.runs.items():
            for begin in range(len(run) - SHORTEST + 1):
                for secret in starts.get(run[begin : begin + SHORTEST], ()):
                    if run.startswith(secret, begin):
                        self.told.add((self.secrets[secret], place, test))
        return [f"{kind} in {place}, by {test}" for kind, place, test in sorted(self.told)]


watch = Watch()


# --- where secrets are made and typed --------------------------------------------------------------------


def install() -> None:
    """Learn and keep from now on, once for the run."""
    _learning(posted, "draw", lambda code, *_: _learn_code("posted code", code))
    _learning(recovery, "draw", lambda codes, *_: [_learn_code("recovery code", one) for one in codes])
    _learning(sms, "draw", lambda code, *_: watch.learn_digits(code))
    _learning(tokens, "make", lambda token, *_: watch.learn("token of a link", token))
    _learning(PasswordResetTokenGenerator, "make_token", lambda token, *_: watch.learn("reset token", token))
    _learning(seeds, "sealed", lambda _, seed: watch.learn("seed", base64.b32encode(seed).decode()))
    _learning(factories, "nir", lambda nir, *_: watch.learn("NIR", nir, nir[:13]))
    _learning(Client, "request", lambda _, client, *__: _learn_cookies(client))
    _learning(Client, "post", lambda _, client, *sent: _learn_form(sent[1] if len(sent) > 1 else None))
    _keeping_lines()
    before_task_publish.connect(_published, weak=False)


def _learning(owner: Any, name: str, learn: Callable[..., Any]) -> None:
    """Whatever that function gives is given to `learn`, with what it was given."""
    genuine = getattr(owner, name)

    @wraps(genuine)
    def learning(*given: Any, **named: Any) -> Any:
        made = genuine(*given, **named)
        learn(made, *given)
        return made

    setattr(owner, name, learning)


def _learn_code(kind: str, code: str) -> None:
    bare = code.replace("-", "")
    watch.learn(kind, code, code.lower(), bare, bare.lower())


def _learn_cookies(client: Client) -> None:
    cookies = client.cookies.items()
    watch.learn("session id", *(cookie.value for name, cookie in cookies if "session" in name))
    watch.learn("token of a form", *(cookie.value for name, cookie in cookies if "csrf" in name))


def _learn_form(sent: Any) -> None:
    if isinstance(sent, dict):
        learn_typed(sent)


def learn_typed(fields: dict[str, Any]) -> None:
    """What somebody types where a secret is asked for, if it may be one: of three kinds of signs at least.

    Of what was typed with spaces in it, the longest word alone: « confidentiel » is no secret.
    """
    for name in TYPED & set(fields):
        value = max(RUN.findall(str(fields[name])), key=len, default="")
        kinds = [re.search(kind, value) for kind in ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]")]
        if sum(map(bool, kinds)) > 2 and "@" not in value:
            watch.learn("what was typed", value)


def learn_links(text: str) -> None:
    """The tokens of the links in a mail."""
    for link in LINK.findall(text):
        watch.learn("token of a link", link.strip("/").rpartition("/")[2])


# --- where they could be found ---------------------------------------------------------------------------


def _keeping_lines() -> None:
    """Whatever reaches a logger at the level of production."""
    genuine = logging.Logger.handle

    def handle(self: logging.Logger, record: logging.LogRecord) -> None:
        genuine(self, record)
        if record.levelno >= logging.INFO:
            watch.records.append((record, request_id.current.get() or "-"))

    logging.Logger.handle = handle  # type: ignore[method-assign]


def _published(sender: Any = None, body: Any = None, headers: Any = None, **kwargs: Any) -> None:
    """What a broker is given: arguments, and what is said of them."""
    given = body[:2] if isinstance(body, tuple | list) else body
    named = {name: value for name, value in (headers or {}).items() if name not in {"id", "root_id"}}
    watch.keep("the broker", f"{sender} {given!r} {named!r}")


def keep_rows() -> None:
    """Of the test that ends: what left the outbox or was given up, and the journal, if it has a database."""
    try:
        for link in Message.objects.exclude(secret="").values_list("secret", flat=True):
            learn_links(link)
        for text in _rows():
            watch.keep(*text)
    except (RuntimeError, DatabaseError):
        return


def _rows() -> Iterator[tuple[str, str]]:
    gone = Q(sent_at__isnull=False) | Q(abandoned_at__isnull=False)
    mails = Message.objects.filter(gone).values_list("subject", "text", "html", "secret", "last_error")
    texts = Sms.objects.exclude(state=SmsState.WAITING).values_list("text", "secret", "last_error")
    yield from (("the outbox", " ".join(row)) for row in [*mails, *texts])
    for row in Entry.objects.values_list("sentence", "actor_name", "before", "after"):
        yield "the journal", " ".join(map(str, row))


def keep_file(path: Path) -> None:
    """What a real process printed."""
    if path.exists():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            watch.keep("what a process printed", line)


def keep_redis(address: str) -> None:
    """Every key and every value of the server, the cache's included."""
    with redis.Redis.from_url(address) as server:
        for text in dump_of(server):
            watch.keep("Redis", text)


def dump_of(server: Any) -> Iterator[str]:
    """Each key of a Redis with its value."""
    read = {b"string": server.get, b"hash": server.hgetall, b"set": server.smembers}
    read |= {b"list": lambda key: server.lrange(key, 0, -1), b"zset": lambda key: server.zrange(key, 0, -1)}
    for key in server.scan_iter():
        kind = server.type(key)
        if kind != b"none":  # gone since: other tests use the same server
            yield f"{key!r} {read[kind](key)!r}"
