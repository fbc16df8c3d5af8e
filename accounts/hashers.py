"""Argon2id at the cost that serves without drowning the server (R26): 19 MiB, two passes, one lane."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Django's Argon2id hasher with OWASP's parameters; older hashes are upgraded at sign-in."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
