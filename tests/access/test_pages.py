"""Who gets into a site's pages: 404 outside, 403 inside, and the superuser outside like anybody."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from delegations.backend import ObjectNeeded
from delegations.matrix import RightsMatrix
from delegations.models import Role
from portal.access.levels import Access, College
from tests.alike import lasting
from tests.factories import DelegationFactory, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db


def home(site):
    return reverse("home:home", kwargs={"cibtp_id": site.cibtp_id})


def profile(site):
    return reverse("adherents:profile", kwargs={"cibtp_id": site.cibtp_id})


def neutral(response):
    """The body without what differs from one request to the next."""
    return lasting(response.content.decode())


def user_with(site, levels, **fields):
    matrix = RightsMatrix.of(levels)
    return DelegationFactory(
        site=site, role=Role.USER, read_bits=matrix.read_bits, write_bits=matrix.write_bits, **fields
    ).beneficiary


def test_an_administrator_opens_home_and_the_company_page(client):
    site = SiteFactory()
    client.force_login(owner_of(site))
    assert client.get(home(site)).status_code == 200
    page = client.get(profile(site)).content.decode()
    assert site.adherent.company_name in page


def test_another_site_and_an_invented_one_answer_alike(client):
    mine, other = SiteFactory(), SiteFactory()
    client.force_login(owner_of(mine))
    foreign = client.get(profile(other))
    invented = client.get("/sites/99999-999-99/adherent/informations/")
    assert foreign.status_code == invented.status_code == 404
    assert neutral(foreign) == neutral(invented)
    assert other.cibtp_id not in foreign.content.decode()
    assert other.adherent.company_name not in foreign.content.decode()


def test_a_page_that_does_not_exist_keeps_ones_own_site_in_the_frame(client):
    mine, other = SiteFactory(), SiteFactory()
    client.force_login(owner_of(mine))
    own = client.get(f"/sites/{mine.cibtp_id}/zzz/")
    foreign, invented = client.get(f"/sites/{other.cibtp_id}/zzz/"), client.get("/sites/99999-999-99/zzz/")
    assert [page.status_code for page in (own, foreign, invented)] == [404] * 3
    assert mine.adherent.company_name in own.content.decode()
    assert f'href="{home(mine)}"' in own.content.decode()
    assert neutral(foreign) == neutral(invented)
    assert neutral(foreign) == neutral(client.get(profile(other)))


def test_a_superuser_opens_no_site(client):
    site = SiteFactory()
    staff = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(staff)
    assert client.get(home(site))["Location"].startswith("/connexion/")
    client.cookies["session"] = client.cookies["staff-session"].value  # forged: where no browser has it
    assert client.get(home(site)).status_code == 404
    assert not staff.has_perm("adherents.read_profile", site)
    assert staff.has_perm("adherents.view_site")


def test_somebody_signed_out_is_led_to_the_sign_in_page_whatever_the_site(client):
    for cibtp_id in (SiteFactory().cibtp_id, "99999-999-99"):
        response = client.get(f"/sites/{cibtp_id}/")
        assert response.status_code == 302
        assert response["Location"] == f"/connexion/?next=/sites/{cibtp_id}/"


def test_a_page_without_the_right_is_refused_and_names_whom_to_ask(client):
    site = SiteFactory()
    owner_of(site, first_name="Anaïs", last_name="Lefèvre")
    client.force_login(user_with(site, {("adherents.statement", None): Access.READ}))
    response = client.get(profile(site))
    assert response.status_code == 403
    page = response.content.decode()
    assert "Anaïs Lefèvre" in page
    assert "Mes informations adhérent" in page
    assert "Mes informations adhérent" not in client.get(home(site)).content.decode()


def test_reading_is_not_writing(client):
    site = SiteFactory()
    reader = user_with(site, {("adherents.profile", None): Access.READ})
    assert reader.has_perm("adherents.read_profile", site)
    assert not reader.has_perm("adherents.write_profile", site)
    client.force_login(reader)
    assert client.get(profile(site)).status_code == 200
    assert client.post(profile(site)).status_code == 403


def test_a_right_ends_after_its_last_day_at_midnight_in_paris(client):
    with time_machine.travel("2026-06-01T10:00:00+02:00", tick=False):
        site = SiteFactory()
        reader = user_with(site, {("adherents.profile", None): Access.READ}, ends_on=dt.date(2026, 6, 30))
    with time_machine.travel("2026-06-30T23:59:59+02:00", tick=False):
        client.force_login(reader)
        assert client.get(profile(site)).status_code == 200
    with time_machine.travel("2026-07-01T00:00:00+02:00", tick=False):
        assert client.get(profile(site)).status_code == 404


def test_a_right_to_come_opens_nothing(client):
    site = SiteFactory()
    reader = user_with(
        site, {("adherents.profile", None): Access.READ}, starts_on=dt.date.today() + dt.timedelta(days=2)
    )
    client.force_login(reader)
    assert client.get(home(site)).status_code == 404


def test_closing_a_delegation_or_disabling_the_account_holds_at_the_next_request(client):
    site = SiteFactory()
    user = owner_of(site)
    client.force_login(user)
    assert client.get(home(site)).status_code == 200
    user.is_active = False
    user.save()
    assert client.get(home(site)).status_code == 302
    user.is_active = True
    user.save()
    user.delegations.update(over_at=dt.datetime.now(dt.UTC), outcome="closed")
    assert client.get(home(site)).status_code == 404


def test_a_closed_site_is_read_and_not_written():
    site = SiteFactory(closed_on=dt.date(2020, 1, 1))
    owner = owner_of(site)
    assert owner.has_perm("adherents.read_profile", site)
    assert not owner.has_perm("adherents.write_profile", site)


def test_a_right_for_one_college_does_not_hold_for_another():
    site = SiteFactory()
    user = user_with(site, {("employees.employee", College.ETAM): Access.WRITE})

    class Employee:
        def __init__(self, college):
            self.site, self.college = site, college

    assert user.has_perm("employees.read_employee", site)
    assert user.has_perm("employees.write_employee", Employee("etam"))
    assert not user.has_perm("employees.read_employee", Employee("ouvrier"))


@pytest.mark.parametrize("obj", [None, object(), "29209-001-12"])
def test_a_right_asked_of_nothing_raises(obj):
    with pytest.raises(ObjectNeeded):
        UserFactory().has_perm("adherents.read_profile", obj)


def test_an_object_without_college_raises_where_the_right_varies_by_college():
    class Thing:
        site = SiteFactory()

    with pytest.raises(ObjectNeeded):
        UserFactory().has_perm("employees.read_employee", Thing())


def test_nobody_holds_anything_when_signed_out():
    assert not AnonymousUser().has_perm("adherents.read_profile", SiteFactory())


def test_a_forged_site_in_the_session_or_body_changes_nothing(client):
    mine, other = SiteFactory(), SiteFactory()
    client.force_login(owner_of(mine))
    session = client.session
    session["site"] = other.cibtp_id
    session.save()
    response = client.get(profile(mine), {"cibtp_id": other.cibtp_id, "site": other.cibtp_id})
    assert other.adherent.company_name not in response.content.decode()


def test_home_and_the_company_page_ask_few_questions_of_the_database(client, django_assert_max_num_queries):
    site = SiteFactory()
    client.force_login(owner_of(site))
    for address in (home(site), profile(site)):
        with django_assert_max_num_queries(8):
            client.get(address)
