"""Workers and beat as production starts them, but for the step at which one is to die."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.embedded_portal import free_port
from tests.production_portal import ProductionPortal

CELERY = ("celery", "--app", "tests.faults.worker")


def start_worker(
    portal: ProductionPortal, step: str = "", victim: str = "child", concurrency: int = 2, **variables: str
) -> tuple[Path, subprocess.Popen[bytes]]:
    """A worker; with a step, the child or the whole worker dies there once, and the witness appears."""
    number = free_port()
    witness = portal.folder / f"died-{number}"
    worker = portal.start(
        "worker", *CELERY, "worker", "--pool", "prefork", "--concurrency", str(concurrency),
        "--hostname", f"{number}@%h", "--without-gossip", "--without-mingle", "--loglevel", "INFO",
        FAULT_STEP=step, FAULT_VICTIM=victim, FAULT_WITNESS=str(witness), **variables,
    )  # fmt: skip
    return witness, worker


def start_beat(portal: ProductionPortal) -> subprocess.Popen[bytes]:
    """A scheduler that asks for a sweep each second."""
    schedule = portal.folder / f"schedule-{free_port()}"
    return portal.start(
        "beat", *CELERY, "beat", "--pidfile", "", "--schedule", str(schedule), "--loglevel", "INFO"
    )
