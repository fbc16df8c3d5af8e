"""A TCP proxy before a server that others use too: stopped, hung or cut for us alone."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class StoppableProxy:
    """Listens on a port of its own of 127.0.0.1 and passes on to the server, as long as it is let."""

    def __init__(self, host: str, port: int) -> None:
        self.server = (host, port)
        self.port = 0
        self.hung = False
        self._listener: socket.socket | None = None
        self._ends: set[socket.socket] = set()
        self.resume()

    def resume(self) -> None:
        """Pass everything on."""
        if self.hung:
            self.cut()  # what was swallowed is lost: those connections cannot go on
        self.hung = False
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """As a server that was stopped: connections end, new ones are refused."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut()

    def hang(self) -> None:
        """As a server that is stuck: connections are accepted, nothing is ever answered."""
        self.hung = True

    def cut(self) -> None:
        """End every connection, as a network that fails does; new ones pass."""
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(self.server, timeout=5)
            except OSError:
                return
            server.settimeout(None)
            self._ends |= {client, server}
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self.hung:
                    target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()
        self._ends.discard(source)
