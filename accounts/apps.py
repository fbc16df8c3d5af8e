"""Accounts as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and the doors by which they come in."""

    name = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Answer « is that his password? », and say what the security tab shows."""
        from accounts.sign_in import prove_again
        from accounts.views.account import security_sections
        from accounts.views.second_factor import section
        from accounts.views.sessions import open_sessions_section
        from portal.reauth.answers import prove_with

        prove_with(prove_again)
        security_sections[:] = [section, open_sessions_section]
