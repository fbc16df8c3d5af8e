"""A real embedded portal in a folder of its own: `manage.py serve`, for the journeys and its own test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class EmbeddedPortal:
    """One instance, with its own VAR_DIR and port."""

    var_dir: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a command speak to this instance, whatever the tests themselves run on."""
        own = {"PORT": str(self.port), "VAR_DIR": str(self.var_dir), "PYTHONUNBUFFERED": "1"}
        inherited = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        return inherited | own | {"DJANGO_SETTINGS_MODULE": "portal.settings.embedded"}

    @property
    def printed(self) -> str:
        """What it printed since its last start."""
        return (self.var_dir / "console.txt").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it says that it serves."""
        self.var_dir.mkdir(parents=True, exist_ok=True)
        with (self.var_dir / "console.txt").open("wb") as console:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=console,
                stderr=console,
            )
        limit = time.monotonic() + START_SECONDS
        while "Ctrl-C arrête tout" not in self.printed:
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"the portal did not start:\n{self.printed}")
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(40)

    def manage(self, *arguments: str) -> str:
        """Run a management command on this instance; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def run(self, script: str) -> str:
        """Run Python in this instance's shell; returns what it printed."""
        return self.manage("shell", "-v0", "-c", textwrap.dedent(script))
