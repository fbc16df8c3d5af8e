"""`manage.py serve`: the whole portal with one command and no server (what `make run` runs)."""

from __future__ import annotations

import signal
import socket
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.demo import loading
from portal.demo.processes import Processes

START_SECONDS = 60


class Stop(Exception):
    """Ctrl-C, or a request to terminate."""


def stop_on(signum: int, frame: FrameType | None) -> None:
    """Turn the first signal into an exception and ignore the next ones."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stop


class Command(BaseCommand):
    """Prepares the database, loads the demo caisse the first time, runs web, worker and beat."""

    help = "Lance le portail embarqué : web, tâches de fond et planificateur. Ctrl-C arrête tout."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C. Raises CommandError when the port is taken or a process fails."""
        if not settings.EMBEDDED:
            raise CommandError("« serve » est réservé au mode embarqué ; voir docs/operations.md.")
        self.refuse_taken_port()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop_on)
        processes = Processes(settings.VAR_DIR)
        try:
            self.prepare()
            processes.start(settings.PORT)
            self.wait_until_it_answers(processes)
            self.watch(processes)
        except Stop:
            self.stdout.write("\nArrêt du portail…")
        finally:
            processes.stop()
        self.stdout.write("Arrêté. Les données restent dans " + str(settings.VAR_DIR))

    def refuse_taken_port(self) -> None:
        """Say at once that another process listens there."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", settings.PORT))
            except OSError:
                other = settings.PORT + 1
                raise CommandError(
                    f"Le port {settings.PORT} est déjà pris. Choisissez-en un autre : make run PORT={other}"
                ) from None

    def prepare(self) -> None:
        """Database, static files, and the demo caisse on an empty database."""
        self.stdout.write("Préparation de la base et des fichiers…")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        settings.OUTBOX_DIR.mkdir(exist_ok=True)
        if not loading.is_loaded():
            self.stdout.write("Premier démarrage : chargement d’une caisse de démonstration…")
            loading.load()

    def wait_until_it_answers(self, processes: Processes) -> None:
        """Wait for /sante/, then say where to go."""
        limit = time.monotonic() + START_SECONDS
        while not self.answers():
            self.fail_if_ended(processes)
            if time.monotonic() > limit:
                raise CommandError(f"Le portail ne répond pas ; voir {settings.VAR_DIR / 'logs'}.")
            time.sleep(0.2)
        self.stdout.write("\n" + loading.guide())
        self.stdout.write(f"\nEspace sécurisé      {settings.PORTAL_ORIGIN}/connexion/")
        self.stdout.write(f"Courriels envoyés    {settings.PORTAL_ORIGIN}/boite-d-envoi/")
        self.stdout.write(f"Agents de la caisse  {settings.PORTAL_ORIGIN}/admin/")
        self.stdout.write("\nCtrl-C arrête tout.")
        self.stdout.flush()

    def answers(self) -> bool:
        """Whether the web process serves."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/sante/", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def watch(self, processes: Processes) -> None:
        """Until somebody stops it, or a process ends by itself."""
        while True:
            self.fail_if_ended(processes)
            time.sleep(0.5)

    def fail_if_ended(self, processes: Processes) -> None:
        """Raise CommandError when a process ended by itself."""
        name = processes.ended()
        if name:
            log = settings.VAR_DIR / "logs" / f"{name}.log"
            raise CommandError(f"Le processus « {name} » s’est arrêté ; voir {log}.")
