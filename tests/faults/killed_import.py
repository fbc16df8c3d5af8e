"""`manage.py import_extracts` in a process of its own, killed by `kill -9` at a moment of its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.deploy_check import ROOT
from tests.imports.extract_files import adherent, cabinet, employee, siret, site, write

REPORT = "rapport-import.csv"
FIRMS = 20


def write_extracts(folder: Path, companies: int, mark: str) -> Path:
    """Twenty firms, so many companies, sites and employees, every row of which bears the mark."""
    folder.mkdir()
    write(folder, "cabinets.csv", (cabinet(n, nom=f"CABINET {mark}") for n in range(FIRMS)))
    write(
        folder,
        "adherents.csv",
        (
            adherent(n, raison_sociale=f"MAÇONNERIE {mark}", cabinet_siret=siret(900 + n % FIRMS))
            for n in range(companies)
        ),
    )
    write(folder, "sites.csv", (site(n, nom_site=f"SIÈGE {mark}") for n in range(companies)))
    people = (employee(n, nom=f"MEYER {mark}", classification=f"N2 {mark}") for n in range(companies))
    write(folder, "salaries.csv", people)
    return folder


def start(folder: Path, environment: Mapping[str, str], *options: str) -> subprocess.Popen[str]:
    """Begin an import; returns once it began to read."""
    (folder / REPORT).unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_extracts", str(folder), *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while process.poll() is None and not (folder / REPORT).exists():
        time.sleep(0.005)
    return process


def finished(process: subprocess.Popen[str]) -> str:
    """Let it end well; returns what it said."""
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


def killed_after(process: subprocess.Popen[str], seconds: float) -> bool:
    """Kill it so long after it began; whether it was still at work."""
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL
