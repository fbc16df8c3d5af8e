"""A mail server that can be told to misbehave: enough SMTP for Django's own client."""

from __future__ import annotations

import email
import socketserver
import threading
import time
from dataclasses import dataclass
from email.message import Message

GREETINGS = {"busy": "421 too many of you", "garbage": "HTTP/1.1 400 Bad Request"}


@dataclass(frozen=True)
class Received:
    """A mail whose last line arrived, whatever was answered then."""

    recipient: str
    message: Message

    @property
    def text(self) -> str:
        """Its text part, decoded."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/plain"]
        return "".join(bytes(part.get_payload(decode=True)).decode() for part in parts)

    @property
    def message_id(self) -> str:
        """By which a repeat is known."""
        return str(self.message["Message-ID"])


class MailServer:
    """Listens on 127.0.0.1. `manner` says how it behaves; `replies` what it answers some recipients.

    Manners: accept; busy; slow (silent for `slow` seconds); dripping (a line that never ends); garbage
    (speaks something else); cut in data; cut after data (takes the mail, and ends before saying so);
    cut after acceptance.
    """

    def __init__(self) -> None:
        self.port = 0
        self.slow = 6.0
        self.reset()
        self.start()

    def reset(self) -> None:
        """Empty and well-behaved."""
        self.manner = "accept"
        self.replies: dict[str, str] = {}
        self.received: list[Received] = []

    def start(self) -> None:
        """Listen, on the same port as before."""
        owner = self

        class Session(_Session):
            mails = owner

        class Listener(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._listener = Listener(("127.0.0.1", self.port), Session)
        self.port = self._listener.server_address[1]
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuse every connection."""
        self._listener.shutdown()
        self._listener.server_close()

    def to(self, recipient: str) -> list[Received]:
        """What arrived for one address."""
        return [one for one in self.received if one.recipient == recipient]


class _Session(socketserver.StreamRequestHandler):
    mails: MailServer

    def handle(self) -> None:
        manner = self.mails.manner
        if manner == "slow":
            time.sleep(self.mails.slow)
        while self.mails.manner == "dripping":
            self.say("220-patience")
            time.sleep(0.2)
        self.say(GREETINGS.get(manner, "220 essai"))
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("RCPT"):
                recipient = line.partition("<")[2].partition(">")[0]
                self.say(self.mails.replies.get(recipient, "250 ok"))
            elif verb == "DATA":
                self.say("354 go on")
                if not self.take(recipient):
                    return
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")
        return None

    def take(self, recipient: str) -> bool:
        """Read a mail to its end; False when the session is to be cut."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
            if self.mails.manner == "cut in data":
                return False
        if not line:
            return False
        self.mails.received.append(Received(recipient, email.message_from_bytes(b"".join(lines))))
        if self.mails.manner == "cut after data":
            return False
        self.say("250 taken")
        return self.mails.manner != "cut after acceptance"

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
