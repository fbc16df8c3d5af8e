"""Each event of an account is one line of the journal: who, for whom, what, when, from where (R76)."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Factor, User
from accounts.second_factor import factors
from accounts.undoing import undo_stale_openings
from adherents.models import Site
from portal import clock
from portal.journal.models import Entry
from portal.messaging.models import Sms
from portal.origin import COMMAND
from portal.sessions.models import Session
from tests.accounts.conftest import Letters, connection, link_in, mails_to, opened
from tests.accounts.invitations import TYPED, invited
from tests.accounts.mobile_codes import NUMBER, PAGE, SEND, check, latest_code, wrong
from tests.accounts.own_account import cancellation_link, confirmation_link, proved_on
from tests.deploy_check import ROOT
from tests.factories import PASSWORD, SiteFactory, UserFactory, letters_of
from tests.second_factor.apps import (
    SEED,
    VERIFICATION,
    app_of,
    give_code,
    give_password,
    next_code,
    wrong_code,
)

pytestmark = pytest.mark.django_db
NETWORK = "198.51.100.7"
NEW = {"password": "Ardoise-Noire-8", "password_again": "Ardoise-Noire-8"}
ACTION = re.compile(r"(?:sign_in|session|account|opening)\.[a-z_]+")


@dataclass
class Act:
    """Something that is about to happen; who does it (None: nobody that is known), on which site."""

    do: Callable[[], Any]
    actor: User | None = None
    site: Site | None = None
    address: str | None = NETWORK


def browser() -> Client:
    return Client(REMOTE_ADDR=NETWORK)


def signed_in(person: User) -> Client:
    made = browser()
    give_password(made, person)
    return made


def proved(person: User, page: str) -> Client:
    made = signed_in(person)
    proved_on(made, page)
    return made


def staff_with(permission: str) -> tuple[User, Client]:
    staff, made = UserFactory(is_staff=True), browser()
    for codename in ("view_user", "view_site", permission):
        staff.user_permissions.add(Permission.objects.get(codename=codename))
    made.force_login(staff)
    return staff, made


def from_the_list(page: str, action: str, chosen: Any) -> Act:
    staff, made = staff_with(action)
    sent = {"action": action, "_selected_action": [chosen.pk], "index": "0"}
    return Act(
        lambda: made.post(f"/admin/{page}/", sent), staff, chosen if isinstance(chosen, Site) else None
    )


# --- signing in and out --------------------------------------------------------------------------------


def signing_in():
    person = UserFactory()
    return Act(lambda: give_password(browser(), person), person)


def a_wrong_password():
    person = UserFactory()
    return Act(lambda: browser().post("/connexion/", {"email": person.email, "password": "faux"}), person)


def an_unknown_address():
    return Act(lambda: browser().post("/connexion/", {"email": "x@exemple.fr", "password": "faux"}))


def the_fifth_wrong_password():
    act = a_wrong_password()
    for _ in range(4):
        act.do()
    return act


def signing_out():
    person = UserFactory()
    here = signed_in(person)
    return Act(lambda: here.post("/deconnexion/"), person)


def unlocking():
    return from_the_list("accounts/user", "unlock_sign_in", UserFactory())


# --- the second factor ---------------------------------------------------------------------------------


def guarded() -> tuple[User, Client]:
    person = UserFactory()
    app_of(person)
    return person, signed_in(person)


def a_password_with_a_factor():
    person = UserFactory()
    app_of(person)
    return Act(lambda: signed_in(person), person)


def a_wrong_value():
    person, here = guarded()
    return Act(lambda: give_code(here, wrong_code()), person)


def the_fifth_wrong_value():
    act = a_wrong_value()
    for _ in range(4):
        act.do()
    return act


def a_factor_proved_later():
    person = UserFactory()
    here = signed_in(person)
    app_of(person)
    return Act(lambda: give_code(here, next_code(person)), person)


def a_recovery_code():
    person, here = guarded()
    code = factors.new_recovery_codes(user=person, origin=COMMAND, proved=True)[0]
    return Act(lambda: here.post(VERIFICATION, {"par": "secours", "recovery_code": code}), person)


def adding_a_factor():
    person = UserFactory()
    here = signed_in(person)
    page = here.get("/compte/securite/application/").content.decode()
    sealed = re.search(r'name="seed" value="([^"]+)"', page)
    key = re.search(r'translate="no">([A-Z2-7 ]+)<', page)
    assert sealed
    assert key
    sent = {"seed": sealed[1], "name": "Mon téléphone", "code": value_of(key[1])}
    return Act(lambda: here.post("/compte/securite/application/", sent), person)


def value_of(key: str) -> str:
    from base64 import b32decode

    from tests.second_factor.apps import code

    return code(seed=b32decode(key.replace(" ", "")))


def with_a_factor_proved() -> tuple[User, Client]:
    person, here = guarded()
    give_code(here, next_code(person))
    return person, here


def removing_a_factor():
    person, here = with_a_factor_proved()
    number = Factor.objects.get(user=person).pk
    return Act(lambda: here.post(f"/compte/securite/{number}/retirer/"), person)


def making_recovery_codes():
    person, here = with_a_factor_proved()
    page = here.get("/compte/securite/codes/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    return Act(lambda: here.post("/compte/securite/codes/", hidden), person)


def resetting_a_factor():
    person, staff = UserFactory(), UserFactory(is_staff=True, is_superuser=True)
    app_of(person)
    app_of(staff, seed=SEED)
    here = signed_in(staff)
    give_code(here, next_code(staff))
    page = f"/admin/accounts/user/{person.pk}/second-facteur/"
    return Act(lambda: here.post(page, {"reason": "Rappelée au numéro du fichier."}), staff)


# --- sessions ------------------------------------------------------------------------------------------


def closing(**sent: str):
    person = UserFactory()
    signed_in(person)
    here = signed_in(person)
    other = Session.objects.exclude(pk=here.cookies["session"].value).get(user=person)
    sent = sent or {"session": other.handle}
    return Act(lambda: here.post("/compte/securite/sessions/", sent), person)


def closing_one():
    return closing()


def closing_the_others():
    return closing(others="1")


def ending_a_persons():
    person = UserFactory()
    signed_in(person)
    return from_the_list("accounts/user", "end_sessions", person)


# --- opening -------------------------------------------------------------------------------------------


def letters() -> Letters:
    site = SiteFactory()
    return Letters(site, letters_of(site)[0])


def a_wrong_code():
    ours = letters()
    return Act(lambda: browser().post("/ouverture/", ours.typed | {"code": "ABCD-2345-EF"}), None, ours.site)


def the_fifth_wrong_code():
    act = a_wrong_code()
    for _ in range(4):
        act.do()
    return act


def a_spray():
    from accounts.limits import OPENING_OVERALL
    from portal.limits.counting import take

    for _ in range(max(OPENING_OVERALL.waits) - 1):
        take((OPENING_OVERALL, ""))
    act = a_wrong_code()
    return Act(act.do)


def unlocking_an_opening():
    return from_the_list("adherents/site", "unlock_opening", SiteFactory())


def at_step_two() -> tuple[Letters, Client]:
    ours, here = letters(), browser()
    here.post("/ouverture/", ours.typed)
    return ours, here


def opening():
    ours, here = at_step_two()
    return Act(lambda: here.post("/ouverture/connexion/", connection()), NEWCOMER, ours.site)


def correcting():
    ours, here = letters(), browser()
    opened(here, ours)
    sent = {"email": "autre@exemple.fr", "email_again": "autre@exemple.fr"}
    return Act(lambda: here.post("/ouverture/adresse/", sent), NEWCOMER, ours.site)


def activating():
    ours = letters()
    opened(browser(), ours)
    link = link_in(mails_to("marie.keller@exemple.fr")[-1])
    return Act(lambda: browser().post(link, follow=True), NEWCOMER, ours.site)


def undoing():
    ours = letters()
    with time_machine.travel(clock.now() - dt.timedelta(days=8)):
        opened(browser(), ours)
    return Act(undo_stale_openings, None, ours.site, None)


def opening_by_invitation():
    one = invited()
    return Act(lambda: browser().post(one.link, TYPED, follow=True), NEWCOMER)


# --- one's account -------------------------------------------------------------------------------------


def changing_the_password():
    person = UserFactory()
    here = proved(person, "/compte/mot-de-passe/")
    return Act(lambda: here.post("/compte/mot-de-passe/", NEW), person)


def resetting_the_password():
    person = UserFactory()
    browser().post("/mot-de-passe/oublie/", {"email": person.email})
    link = link_in(mails_to(person.email)[-1])
    return Act(lambda: followed(link, NEW), person)


def followed(link: str, sent: dict[str, str] | None = None) -> Any:
    """Open a link, then press its page's button."""
    here = browser()
    page = here.get(link, follow=True)
    return here.post(page.request["PATH_INFO"], sent or {})


def changing_the_contact():
    person = UserFactory()
    here = proved(person, "/compte/contact/")
    sent = {"last_name": "Autre", "first_name": "Nom", "landline": "", "mobile": ""}
    return Act(lambda: here.post("/compte/contact/", sent), person)


def asking_for_another_address():
    person = UserFactory(email="marie@exemple.fr")
    here = proved(person, "/compte/adresse/")
    sent = {"email": "nouvelle@exemple.fr", "email_again": "nouvelle@exemple.fr"}
    return Act(lambda: here.post("/compte/adresse/", sent), person)


def confirming_an_address():
    act = asking_for_another_address()
    act.do()
    return Act(lambda: followed(confirmation_link()), act.actor)


def cancelling_a_change():
    act = asking_for_another_address()
    act.do()
    return Act(lambda: followed(cancellation_link("marie@exemple.fr")), act.actor)


def taking_an_address_back():
    act = confirming_an_address()
    act.do()
    return Act(lambda: followed(cancellation_link("marie@exemple.fr"), {"restore": "oui"}), act.actor)


def certifying_anew():
    person = UserFactory(email_certified_at=None)
    signed_in(person).post("/compte/certification/")
    link = link_in(mails_to(person.email)[-1])
    return Act(lambda: followed(link), person)


def on_the_mobile(**fields: Any) -> tuple[User, Client]:
    person = UserFactory(**({"mobile": NUMBER} | fields))
    here = signed_in(person)
    here.post(PAGE, SEND)
    return person, here


def certifying_a_mobile():
    person, here = on_the_mobile()
    return Act(lambda: here.post(PAGE, check(latest_code())), person)


def the_fifth_wrong_sms_code():
    person, here = on_the_mobile()
    for _ in range(4):
        here.post(PAGE, check(wrong()))
    return Act(lambda: here.post(PAGE, check(wrong())), person)


def writing_another_mobile(**fields: Any):
    person = UserFactory(mobile=NUMBER, last_name="Keller", **fields)
    here = proved(person, "/compte/contact/")
    sent = {"last_name": person.last_name, "first_name": person.first_name, "landline": ""}
    return Act(lambda: here.post("/compte/contact/", sent | {"mobile": "07 45 12 34 34"}), person)


def writing_another_certified_mobile():
    return writing_another_mobile(certified_mobile=NUMBER, mobile_certified_at=clock.now())


NEWCOMER: Any = object()  # whoever has just got his account
EVENTS: dict[str, list[Callable[[], Act]]] = {
    "sign_in.done": [signing_in],
    "sign_in.refused": [a_wrong_password, an_unknown_address],
    "sign_in.blocked": [the_fifth_wrong_password],
    "sign_in.ended": [signing_out],
    "sign_in.unlocked": [unlocking],
    "sign_in.password_proved": [a_password_with_a_factor],
    "sign_in.factor_refused": [a_wrong_value],
    "sign_in.factor_blocked": [the_fifth_wrong_value],
    "sign_in.factor_proved": [a_factor_proved_later],
    "account.recovery_used": [a_recovery_code],
    "account.factor_added": [adding_a_factor],
    "account.factor_removed": [removing_a_factor],
    "account.recovery_made": [making_recovery_codes],
    "account.factor_reset": [resetting_a_factor],
    "session.closed": [closing_one],
    "session.others_closed": [closing_the_others],
    "session.ended_by_staff": [ending_a_persons],
    "opening.refused": [a_wrong_code],
    "opening.suspended": [the_fifth_wrong_code],
    "opening.spray": [a_spray],
    "opening.unlocked": [unlocking_an_opening],
    "account.opened": [opening],
    "account.address_corrected": [correcting],
    "account.activated": [activating],
    "account.opening_undone": [undoing],
    "account.opened_by_invitation": [opening_by_invitation],
    "account.password_changed": [changing_the_password],
    "account.password_reset": [resetting_the_password],
    "account.contact_changed": [changing_the_contact],
    "account.address_change_asked": [asking_for_another_address],
    "account.address_changed": [confirming_an_address],
    "account.address_change_cancelled": [cancelling_a_change],
    "account.address_restored": [taking_an_address_back],
    "account.address_recertified": [certifying_anew],
    "account.mobile_certified": [certifying_a_mobile],
    "account.mobile_code_dead": [the_fifth_wrong_sms_code],
    "account.mobile_changed": [writing_another_mobile],
    "account.mobile_uncertified": [writing_another_certified_mobile],
}


def recorded_by_the_accounts() -> set[str]:
    """Every event that the code of the accounts names."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "accounts").rglob("*.py")]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    values = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return {value for value in values if isinstance(value, str) and ACTION.fullmatch(value)}


def test_every_event_that_the_accounts_record_is_in_the_table():
    """R76: a new one without its line here fails."""
    assert recorded_by_the_accounts() == set(EVENTS)


@pytest.mark.parametrize(
    ("action", "prepare"), [(action, act) for action, acts in EVENTS.items() for act in acts]
)
def test_an_event_is_one_line_that_says_who_what_when_and_from_where(action, prepare):
    """R76."""
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        act = prepare()
        before = list(Entry.objects.filter(action=action).values_list("pk", flat=True))
        now.shift(dt.timedelta(seconds=1))
        act.do()
        (line,) = Entry.objects.filter(action=action).exclude(pk__in=before)
        assert line.at == clock.now()
        assert line.at.utcoffset() == dt.timedelta(0)
    people = User.objects.order_by("-pk")
    actor = act.actor and (people[0] if act.actor is NEWCOMER else people.get(pk=act.actor.pk))
    assert line.actor_id == (actor.pk if actor else None)
    assert line.actor_name == (actor.get_full_name() if actor else line.actor_name)
    assert line.cibtp_id == (act.site.cibtp_id if act.site else "")
    assert line.address == act.address
    assert line.sentence
    secrets = [PASSWORD, NEW["password"], *Sms.objects.exclude(secret="").values_list("secret", flat=True)]
    assert [one for one in secrets if one in str((line.sentence, line.before, line.after))] == []
