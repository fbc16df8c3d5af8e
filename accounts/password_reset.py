"""« Mot de passe oublié ? », option 1: a link by mail, one hour, once (product.md 3.5, R19)."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from accounts.activation import send_activation
from accounts.limits import SIGN_IN_BY_ACCOUNT, mail_claims
from accounts.models import Opening, User
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import clear, take
from portal.messaging.outbox import absolute, queue_mail
from portal.origin import Origin


def request_reset(email: str, *, origin: Origin) -> None:
    """Mail a link when the address has an activated account; the caller answers alike. Raises Blocked."""
    take(*mail_claims(email, origin))
    with transaction.atomic():
        user = User.objects.filter(email=email).first()
        pending = Opening.objects.pending().filter(user__email=email)
        waiting = pending.select_related("user", "site__adherent").first()
        if waiting is not None:
            send_activation(waiting, replacing=True)
        elif user is not None and user.is_active:
            _send_link(user)
        else:
            _send_link(User(pk=0, email=email), decoy=True)


def _send_link(user: User, *, decoy: bool = False) -> None:
    token = f"{int_to_base36(user.pk)}-{default_token_generator.make_token(user)}"
    url = absolute(reverse("accounts:new_password", kwargs={"token": token}))
    assert user.email is not None
    context = {"person": user, "url": url}
    queue_mail("accounts/mails/password_reset", to=user.email, context=context, secret=url, decoy=decoy)


def user_of(token: str) -> User | None:
    """Whose password a link may change, or None: expired, used, or never ours."""
    number, _, rest = token.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and default_token_generator.check_token(user, rest) else None


@transaction.atomic
def change_password(token: str, password: str, *, origin: Origin) -> User | None:
    """Set the new password when the link still holds; ends every session and tells the person."""
    user = user_of(token)
    if user is None or user.email is None:
        return None
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user_of(token) is None:
        return None
    user.set_password(password)
    user.save(update_fields=["password"])
    clear(SIGN_IN_BY_ACCOUNT, user.email or "")
    record(
        "account.password_reset", "Mot de passe changé par lien", kind=Kind.ACCOUNT, origin=origin, actor=user
    )
    queue_mail("accounts/mails/password_changed", to=user.email or "", context={"person": user})
    return user
