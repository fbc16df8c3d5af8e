"""The three processes of the embedded portal, started together and stopped together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 15.0  # seconds for a child to end by itself


def commands(port: int, var_dir: Path) -> dict[str, list[str]]:
    """How each process is started: the same code as production, other addresses."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "portal", "--quiet"]
    return {
        "web": [
            *python, "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
            "--threads", "8", "--no-control-socket",
        ],
        "worker": [
            *celery, "worker", "--pool", "solo", "--without-gossip", "--without-mingle",
            "--without-heartbeat", "--loglevel", "WARNING",
        ],
        "beat": [
            *celery, "beat", "--schedule", str(var_dir / "beat-schedule"), "--pidfile=",
            "--loglevel", "WARNING",
        ],
    }  # fmt: skip


def end_with_parent() -> None:
    """On Linux, a child whose parent was killed ends too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Processes:
    """The running children; each writes into its own log file."""

    var_dir: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, port: int) -> None:
        """Start all three, away from the terminal's Ctrl-C, which is ours to pass on."""
        logs = self.var_dir / "logs"
        logs.mkdir(exist_ok=True)
        for name, command in commands(port, self.var_dir).items():
            with (logs / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=os.environ | {"PORT": str(port), "VAR_DIR": str(self.var_dir)},
                    start_new_session=True,
                    preexec_fn=end_with_parent,  # noqa: PLW1509  no thread runs in this process
                )

    def ended(self) -> str | None:
        """The name of a child that ended by itself, or None."""
        return next((name for name, child in self.running.items() if child.poll() is not None), None)

    def stop(self) -> None:
        """Ask all to end, wait, then insist."""
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        limit = time.monotonic() + PATIENCE
        for child in self.running.values():
            try:
                child.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
