"""`python -m tests.deploy_check`: Django's deployment check under the production settings, no server needed.

The environment is .env.example filled in, so what is checked is what the example leads to.
"""

from __future__ import annotations

import ast
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / ".env.example"
SETTINGS = ROOT / "portal" / "settings" / "production.py"
LINE = re.compile(r"^(#?)([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
ANSWERS = {
    "PORTAL_ORIGIN": "https://espace.caisse-exemple.fr",
    "EMAIL_URL": "smtp+tls://portail:motdepasse%2Fsmtp@smtp.caisse-exemple.fr:587",
    "DEFAULT_FROM_EMAIL": "Caisse d’exemple <ne-pas-repondre@caisse-exemple.fr>",
    "CAISSE_NAME": "Caisse congés intempéries BTP d’exemple",
    "CAISSE_ADDRESS": "12 rue des Compagnons|54000 NANCY",
    "CAISSE_CIRCUMSCRIPTION": "Meurthe-et-Moselle, Vosges",
    "CAISSE_PHONE": "03 83 00 00 00",
    "CAISSE_HOURS": "du lundi au vendredi, de 9 h à 17 h",
    "CAISSE_EMAIL": "contact@caisse-exemple.fr",
}
KEYS = ("SECRET_KEY", "CODE_KEY", "SECOND_FACTOR_KEYS")
PASSWORDS = ("POSTGRES_PASSWORD", "PORTAL_DATABASE_PASSWORD", "REDIS_PASSWORD")


def example() -> dict[str, str]:
    """The variables of .env.example that are not commented out, as it leaves them."""
    return {name: value for comment, name, value in LINE.findall(EXAMPLE.read_text()) if not comment}


def documented() -> set[str]:
    """Every variable that .env.example speaks of, set or commented out."""
    return {name for _, name, _ in LINE.findall(EXAMPLE.read_text())}


def filled_in() -> dict[str, str]:
    """The example as somebody careful fills it in for docker-compose.yml."""
    keys = {name: secrets.token_urlsafe(48) for name in KEYS}
    passwords = {name: secrets.token_hex(24) for name in PASSWORDS}
    return example() | ANSWERS | keys | passwords


def production_environment() -> dict[str, str]:
    """What a process of the portal is given without docker-compose.yml: the addresses of its servers too."""
    servers = {
        "DATABASE_URL": f"postgres://portal:{secrets.token_hex(8)}@db.caisse-exemple.fr:5432/portal",
        "REDIS_URL": f"rediss://:{secrets.token_hex(8)}@redis.caisse-exemple.fr:6379/0",
    }
    return filled_in() | servers


def production_variables() -> dict[str, bool]:
    """Each variable that the production settings read, and whether it must be given."""
    found = {}
    for node in ast.walk(ast.parse(SETTINGS.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            source = getattr(node.func.value, "id", "")
            name = getattr(node.args[0], "value", None)
            if source in {"env", "required"} and isinstance(name, str):
                has_default = any(keyword.arg == "default" for keyword in node.keywords)
                found[name] = source == "required" and not has_default
    return found


def run_under_production(
    arguments: list[str], variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run Python with the production settings and these variables, and nothing else of ours."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        **variables,
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def main() -> int:
    """Print what fails; return the exit code."""
    done = run_under_production(
        ["-m", "django", "check", "--deploy", "--fail-level", "WARNING"], production_environment()
    )
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
