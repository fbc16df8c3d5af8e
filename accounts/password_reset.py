"""« Mot de passe oublié ? », option 1: a link by mail, one hour, once (product.md 3.5, R19)."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from accounts import address_change
from accounts.activation import send_activation
from accounts.limits import SIGN_IN_BY_ACCOUNT, mail_claims
from accounts.locking import locked
from accounts.models import Opening, User
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import clear, take
from portal.messaging.outbox import absolute, queue_mail
from portal.origin import Origin
from portal.sessions.closing import close_others


def request_reset(email: str, *, origin: Origin) -> None:
    """Mail a link when the address has an activated account; the caller answers alike. Raises Blocked.

    An address that an opening or a change of address waits for gets its own link again; the former address
    of a change gets the reset, which cancels the change once it is used (product.md 4.1).
    """
    take(*mail_claims(email, origin))
    with transaction.atomic():
        user = User.objects.filter(email=email).first()
        pending = Opening.objects.pending().filter(user__email=email)
        pending.update(link_number=F("link_number") + 1)  # for nobody too: it takes a moment
        waiting = pending.select_related("user", "site__adherent").first()
        change = address_change.awaited(email)
        if waiting is not None:
            send_activation(waiting)
        elif user is not None and (user.is_active or user.address_changing):
            _send_link(user)
        elif change is not None and user is None:
            address_change.send_confirmation(change)
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
        usable = Q(is_active=True) | Q(address_changing=True)
        user = User.objects.filter(usable, pk=base36_to_int(number)).first()
    except ValueError:
        return None
    return user if user is not None and default_token_generator.check_token(user, rest) else None


@transaction.atomic
def change_password(token: str, password: str, *, origin: Origin) -> User | None:
    """Set the new password when the link still holds; ends every session and tells the person.

    Cancels a change of address that waits: who holds the former address has proved it.
    """
    user = user_of(token)
    if user is None or user.email is None:
        return None
    user = locked(user.pk)
    if user_of(token) is None:
        return None
    user.set_password(password)
    user.save(update_fields=["password"])
    close_others(user)  # whoever was signed in with the former one is not any more
    address_change.cancel_for(user, origin=origin)
    clear(SIGN_IN_BY_ACCOUNT, user.email or "")
    record(
        "account.password_reset", "Mot de passe changé par lien", kind=Kind.ACCOUNT, origin=origin, actor=user
    )
    context = {"person": user, "stays": False}
    queue_mail("accounts/mails/password_changed", to=user.email or "", context=context)
    return user
