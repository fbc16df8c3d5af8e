"""A company asks for a change of its file; staff answer (product.md 7.1)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from adherents import profile_changes
from adherents.models import ChangeRequest, ChangeState
from delegations.matrix import RightsMatrix
from delegations.models import Role
from portal import clock
from portal.access.levels import Access
from portal.journal.models import Entry
from portal.messaging.models import Message
from portal.origin import COMMAND
from tests.factories import AdherentFactory, DelegationFactory, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    company = AdherentFactory(phone="0383123456", email="contact@exemple.fr")
    return SiteFactory(adherent=company)


@pytest.fixture
def owner(site, client):
    person = owner_of(site, email="anais@exemple.fr", first_name="Anaïs", last_name="Lefèvre")
    client.force_login(person)
    return person


def profile(site):
    return reverse("adherents:profile", kwargs={"cibtp_id": site.cibtp_id})


def form(site):
    return reverse("adherents:profile_change", kwargs={"cibtp_id": site.cibtp_id})


def filled(site, **changes):
    """The form as it is shown, with some lines changed."""
    return profile_changes.current_values(site.adherent) | changes


def asked_for(site, person, **changes):
    return profile_changes.ask_change(
        site=site, person=person, values=filled(site, **changes), origin=COMMAND
    )


def holder(site, level, **fields):
    matrix = RightsMatrix.of({("adherents.profile", None): level})
    bits = {"read_bits": matrix.read_bits, "write_bits": matrix.write_bits}
    return DelegationFactory(site=site, role=Role.USER, **bits, **fields).beneficiary


def text_of(page):
    return page.content.decode().replace("&nbsp;", "\u00a0")


# --- asking ---------------------------------------------------------------------------------------


def test_a_request_changes_nothing_and_keeps_only_what_differs(client, site, owner):
    answer = client.post(form(site), filled(site, phone="03 29 11 22 33", mailing_address1=""))
    assert answer["Location"] == profile(site)
    asked = ChangeRequest.objects.get()
    assert (asked.before, asked.after) == ({"phone": "0383123456"}, {"phone": "+33329112233"})
    assert (asked.state, asked.asked_by, asked.adherent) == (ChangeState.WAITING, owner, site.adherent)
    site.adherent.refresh_from_db()
    assert site.adherent.phone == "0383123456"


def test_the_page_shows_the_request_and_no_second_one_can_be_asked(client, site, owner):
    asked = asked_for(site, owner, phone="+33329112233")
    page = text_of(client.get(profile(site)))
    assert f"Demande n°\u00a0{asked.pk}" in page
    assert "En attente" in page
    assert "03\u00a029\u00a011\u00a022\u00a033" in page
    assert form(site) not in page
    assert client.get(form(site))["Location"] == profile(site)
    refused = client.post(form(site), filled(site, email="autre@exemple.fr"))
    assert refused.status_code == 409
    assert "déjà en attente" in text_of(refused)
    assert 'value="autre@exemple.fr"' in text_of(refused)
    assert ChangeRequest.objects.count() == 1


def test_a_double_click_asks_once(client, site, owner):
    for _ in range(2):
        assert client.post(form(site), filled(site, phone="0329112233")).status_code == 302
    assert ChangeRequest.objects.count() == 1
    assert Entry.objects.filter(action="company.change_asked").count() == 1


def test_nothing_changed_is_told_and_asks_nothing(client, site, owner):
    page = client.post(form(site), filled(site, phone="03 83 12 34 56"))
    assert "Rien n’a changé" in text_of(page)
    assert not ChangeRequest.objects.exists()


def test_what_is_left_untouched_is_never_held_against_a_rule(client, owner, site):
    type(site.adherent).objects.update(
        phone="poste 12", email="PAS UNE ADRESSE", manager_last_name="M3YER", fax="1",
        mailing_address1="BP 1", mailing_postal_code="?", mailing_town="METZ",
    )  # fmt: skip
    shown = client.get(form(site)).context["form"].initial
    assert client.post(form(site), shown | {"manager_first_name": "Léa"}).status_code == 302
    assert ChangeRequest.objects.get().after == {"manager_first_name": "Léa"}


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("email", "marie", "L’adresse semble incomplète"),
        ("phone", "12", "Il manque des chiffres à ce numéro"),
        ("fax", "03 83", "Il manque des chiffres à ce numéro"),
        ("manager_last_name", "M3YER", "Un nom s’écrit"),
        ("manager_first_name", "<b>", "Un nom s’écrit"),
        ("mailing_town", "METZ", "Indiquez le numéro et la voie"),
        ("mailing_address1", "X" * 39, "38 caractères"),
        ("mailing_postal_code", "5_000", "Le code postal s’écrit comme"),
        ("mailing_postal_code", "5400", "Le code postal s’écrit comme"),
    ],
)
def test_each_line_that_is_wrong_is_told_and_nothing_typed_is_lost(client, site, owner, field, typed, told):
    page = client.post(form(site), filled(site, **{field: typed}))
    assert told in text_of(page)
    assert page.context["form"][field].value() == typed
    assert not ChangeRequest.objects.exists()


def test_a_whole_postal_address_can_be_asked_and_emptied(client, site, owner):
    address = {"mailing_address1": "BP 12", "mailing_postal_code": "l-1234", "mailing_town": "LUXEMBOURG"}
    assert client.post(form(site), filled(site, **address)).status_code == 302
    asked = ChangeRequest.objects.get()
    assert asked.after == address | {"mailing_postal_code": "L-1234"}
    profile_changes.accept(number=asked.pk, staff=UserFactory(), origin=COMMAND)
    site.adherent.refresh_from_db()
    assert str(site.adherent.mailing_address) == "BP 12, L-1234 LUXEMBOURG"
    emptied = {"mailing_address1": "", "mailing_postal_code": "", "mailing_town": ""}
    assert client.post(form(site), filled(site, **emptied)).status_code == 302


def test_identifiers_and_the_company_name_cannot_be_asked_for(client, site, owner):
    forged = filled(site, phone="0329112233", siren="000000000", company_name="PIRATE", number="1", pk="2")
    client.post(form(site), forged)
    assert set(ChangeRequest.objects.get().after) == {"phone"}


def test_a_form_left_open_asks_only_for_what_its_reader_changed(client, site, owner):
    shown = client.get(form(site)).context["form"].initial
    type(site.adherent).objects.update(phone="0387000000", email="neuf@exemple.fr")
    client.post(form(site), shown | {"fax": "03 29 11 22 33"})
    assert ChangeRequest.objects.get().after == {"fax": "+33329112233"}


@pytest.mark.parametrize("forged", ["", "x", "eyJwaG9uZSI6IjEifQ:1:x"])
def test_a_form_whose_memory_was_tampered_with_is_compared_with_the_file(client, site, owner, forged):
    client.post(form(site), filled(site, fax="03 29 11 22 33", shown=forged))
    assert ChangeRequest.objects.get().after == {"fax": "+33329112233"}


@pytest.mark.parametrize("line", ["\u2060", "АБВ", "1 rue\u202eA", "1 rue\x1b[31m", "--"])
def test_a_line_that_no_envelope_can_bear_is_refused(client, site, owner, line):
    address = {"mailing_address1": line, "mailing_postal_code": "57000", "mailing_town": "METZ"}
    page = client.post(form(site), filled(site, **address))
    assert page.status_code == 200
    assert not ChangeRequest.objects.exists()


def test_a_name_is_no_address_of_a_web_site(client, site, owner):
    for name in ("www.evil.com", "Dupont.example"):
        assert "Un nom s’écrit" in text_of(client.post(form(site), filled(site, manager_last_name=name)))
    assert client.post(form(site), filled(site, manager_last_name="St. J.-P. Dupont")).status_code == 302


def test_asking_and_withdrawing_without_end_is_stopped(client, site, owner):
    for number in range(10):
        client.post(form(site), filled(site, phone=f"032911223{number}"))
        asked = ChangeRequest.objects.waiting().get()
        client.post(
            reverse("adherents:change_withdraw", kwargs={"cibtp_id": site.cibtp_id, "number": asked.pk})
        )
    assert client.post(form(site), filled(site, phone="0329112244")).status_code == 429
    assert ChangeRequest.objects.count() == 10


# --- who may ---------------------------------------------------------------------------------------


def test_reading_sees_the_requests_and_may_neither_ask_nor_withdraw(client, site, owner):
    asked = asked_for(site, owner, phone="+33329112233")
    client.force_login(holder(site, Access.READ))
    page = text_of(client.get(profile(site)))
    assert "En attente" in page
    assert "Retirer cette demande" not in page
    assert "Demander une modification" not in page
    withdrawal = reverse("adherents:change_withdraw", kwargs={"cibtp_id": site.cibtp_id, "number": asked.pk})
    for answer in (client.get(form(site)), client.post(form(site), filled(site, fax="0329112233")),
                   client.post(withdrawal)):  # fmt: skip
        assert answer.status_code == 403
    assert ChangeRequest.objects.waiting().get() == asked


def test_writing_is_enough_to_ask_and_to_withdraw_anothers_request(client, site, owner):
    client.force_login(holder(site, Access.WRITE))
    asked = asked_for(site, owner, phone="+33329112233")
    withdrawal = reverse("adherents:change_withdraw", kwargs={"cibtp_id": site.cibtp_id, "number": asked.pk})
    assert client.post(withdrawal)["Location"] == profile(site)
    asked.refresh_from_db()
    assert asked.state == ChangeState.WITHDRAWN
    again = client.post(withdrawal, follow=True)
    assert "n’est plus en attente" in text_of(again)


def test_a_closed_site_asks_for_nothing(client, site, owner):
    type(site).objects.update(closed_on=dt.date(2020, 1, 1))
    assert client.get(form(site)).status_code == 403
    assert "Demander une modification" not in text_of(client.get(profile(site)))


def test_its_author_withdraws_a_request_although_the_site_was_closed_meanwhile(client, site, owner):
    asked = asked_for(site, owner, phone="+33329112233")
    type(site).objects.update(closed_on=dt.date(2020, 1, 1))
    page = text_of(client.get(profile(site)))
    assert "Retirer cette demande" in page
    withdrawal = reverse("adherents:change_withdraw", kwargs={"cibtp_id": site.cibtp_id, "number": asked.pk})
    assert client.post(withdrawal).status_code == 302
    asked.refresh_from_db()
    assert asked.state == ChangeState.WITHDRAWN


def test_another_site_of_the_company_learns_that_one_waits_and_nothing_else(client, site, owner):
    asked = asked_for(site, owner, phone="+33329112233")
    sister = SiteFactory(adherent=site.adherent)
    client.force_login(owner_of(sister))
    page = text_of(client.get(profile(sister)))
    assert "faite depuis un autre site de votre entreprise" in page
    assert "Lefèvre" not in page
    assert "03\u00a029" not in page
    withdrawal = reverse(
        "adherents:change_withdraw", kwargs={"cibtp_id": sister.cibtp_id, "number": asked.pk}
    )
    assert client.post(withdrawal).status_code == 404
    assert client.post(form(sister), filled(sister, fax="0329112233")).status_code == 409


def test_anothers_request_and_an_invented_one_answer_alike(client, site, owner):
    foreign = asked_for(SiteFactory(), UserFactory(), phone="+33329112233")
    answers = [
        client.post(
            reverse("adherents:change_withdraw", kwargs={"cibtp_id": site.cibtp_id, "number": number})
        )
        for number in (foreign.pk, 999_999)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    foreign.refresh_from_db()
    assert foreign.is_waiting


# --- answering --------------------------------------------------------------------------------------


def test_accepting_changes_the_file_tells_and_is_written_down(site, owner):
    asked = asked_for(site, owner, phone="+33329112233", fax="+33329112234")
    staff = UserFactory(is_staff=True, first_name="Camille", last_name="Dubois")
    profile_changes.accept(number=asked.pk, staff=staff, origin=COMMAND)
    site.adherent.refresh_from_db()
    assert (site.adherent.phone, site.adherent.fax) == ("+33329112233", "+33329112234")
    entry = Entry.objects.get(action="company.change_accepted")
    assert entry.before == {"phone": "0383123456", "fax": ""}
    assert entry.after == {"phone": "+33329112233", "fax": "+33329112234"}
    assert (entry.actor_name, entry.cibtp_id, entry.kind) == ("Camille Dubois", site.cibtp_id, "company")
    (told,) = Message.objects.all()
    assert told.recipient == "anais@exemple.fr"
    assert told.subject == f"Modification acceptée pour {site.adherent.company_name}"
    assert profile(site) in told.text
    assert "0329" not in told.text + told.html
    assert "- Téléphone\n- Fax\n" in told.text


def test_refusing_keeps_the_file_and_gives_its_reason_to_both(client, site, owner):
    asked = asked_for(site, owner, phone="+33329112233")
    profile_changes.refuse(
        number=asked.pk, staff=UserFactory(), origin=COMMAND, reason="Joignez un extrait Kbis."
    )
    site.adherent.refresh_from_db()
    assert site.adherent.phone == "0383123456"
    page = text_of(client.get(profile(site)))
    assert "Refusée" in page
    assert "Joignez un extrait Kbis." in page
    assert "Motif du refus\u00a0: Joignez un extrait Kbis." in Message.objects.get().text
    assert form(site) in page


def test_a_refusal_without_a_reason_is_impossible(site, owner):
    asked = asked_for(site, owner, phone="+33329112233")
    with pytest.raises(ValueError, match="reason"):
        profile_changes.refuse(number=asked.pk, staff=owner, origin=COMMAND, reason="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.update(state="refused", answered_at=clock.now(), answered_by=owner)


@pytest.mark.parametrize("act", ["accept", "refuse", "withdraw"])
def test_what_is_answered_is_never_answered_again(site, owner, act):
    asked = asked_for(site, owner, phone="+33329112233")
    profile_changes.accept(number=asked.pk, staff=owner, origin=COMMAND)
    acts = {
        "accept": lambda: profile_changes.accept(number=asked.pk, staff=owner, origin=COMMAND),
        "refuse": lambda: profile_changes.refuse(number=asked.pk, staff=owner, origin=COMMAND, reason="x"),
        "withdraw": lambda: profile_changes.withdraw(
            number=asked.pk, site=site, person=owner, origin=COMMAND
        ),
    }
    with pytest.raises(profile_changes.AlreadyAnswered):
        acts[act]()
    assert Entry.objects.filter(action__startswith="company.change_").count() == 2


def test_what_the_journal_keeps_is_what_was_really_replaced(site, owner):
    asked = asked_for(site, owner, phone="+33329112233")
    type(site.adherent).objects.update(phone="0387000000")
    profile_changes.accept(number=asked.pk, staff=owner, origin=COMMAND)
    assert Entry.objects.get(action="company.change_accepted").before == {"phone": "0387000000"}


def test_the_other_administrators_are_told_when_a_change_is_asked(site, owner):
    other = owner_of(site, email="autre@exemple.fr")
    asked_for(site, owner, phone="+33329112233")
    told = Message.objects.get()
    assert told.recipient == other.email
    assert "Anaïs Lefèvre demande à votre caisse" in told.text
    assert "0329" not in told.text


def test_the_administrators_of_the_companys_other_sites_are_told_and_not_by_whom(site, owner):
    sister = SiteFactory(adherent=site.adherent)
    owner_of(sister, email="soeur@exemple.fr")
    address = {"mailing_address1": "1 RUE", "mailing_postal_code": "75001", "mailing_town": "PARIS"}
    asked = asked_for(site, owner, **address)
    profile_changes.accept(number=asked.pk, staff=UserFactory(), origin=COMMAND)
    told = Message.objects.filter(recipient="soeur@exemple.fr")
    assert told.count() == 2
    for message in told:
        assert "depuis un autre site" in message.text
        assert profile(sister) in message.text
        assert "Lefèvre" not in message.text + message.html
        assert site.cibtp_id not in message.text + message.html


def test_whoever_lost_his_right_meanwhile_is_not_told_the_answer(site, owner):
    person = holder(site, Access.WRITE, beneficiary=UserFactory(email="partie@exemple.fr"))
    asked = asked_for(site, person, phone="+33329112233")
    person.delegations.update(over_at=clock.now(), outcome="closed")
    Message.objects.all().delete()
    profile_changes.accept(number=asked.pk, staff=owner, origin=COMMAND)
    assert [message.recipient for message in Message.objects.all()] == ["anais@exemple.fr"]


def test_a_name_of_a_company_is_inert_in_the_mails(site, owner):
    type(site.adherent).objects.update(company_name='<b>BÂTI</b> & "FILS"')
    site.adherent.refresh_from_db()
    asked = asked_for(site, owner, phone="+33329112233")
    profile_changes.accept(number=asked.pk, staff=owner, origin=COMMAND)
    told = Message.objects.get()
    assert "<b>BÂTI" not in told.html
    assert told.subject == 'Modification acceptée pour <b>BÂTI</b> & "FILS"'


def test_the_page_with_its_history_asks_few_questions(client, site, owner, django_assert_max_num_queries):
    for number in range(12):
        asked = asked_for(site, owner, phone=f"+3332911223{number % 10}")
        profile_changes.accept(number=asked.pk, staff=owner, origin=COMMAND)
        site.adherent.refresh_from_db()
    with django_assert_max_num_queries(8):
        page = client.get(profile(site))
    assert text_of(page).count("Acceptée") == 10
    assert text_of(client.get(profile(site) + "?page=2")).count("Acceptée") == 2
