"""« Je les associe à un espace existant », signed out (product.md 3.4)."""

import pytest

from accounts.models import ProvisionalCode
from accounts.second_factor import factors
from delegations.models import Delegation, Role
from portal.origin import COMMAND
from tests.accounts.conftest import link_in, mails_to, opened
from tests.factories import PASSWORD, SiteFactory, UserFactory, letters_of, owner_of

pytestmark = pytest.mark.django_db


def test_a_site_joins_an_existing_space_and_the_person_signs_in(client, letters):
    user = owner_of(SiteFactory())
    assert client.post("/association/", letters.typed)["Location"] == "/association/connexion/"
    response = client.post(
        "/association/connexion/", {"email": user.email, "password": PASSWORD}, follow=True
    )
    assert response.redirect_chain[-1][0] == "/connexion/"
    page = response.content.decode()
    assert "avec votre espace sécurisé a bien été effectuée" in page
    delegation = Delegation.objects.get(site=letters.site)
    assert (delegation.beneficiary, delegation.role) == (user, Role.ADMINISTRATOR)
    assert ProvisionalCode.objects.get().used_at is not None


def test_a_wrong_password_associates_nothing_and_keeps_the_code(client, letters):
    user = UserFactory()
    client.post("/association/", letters.typed)
    page = client.post("/association/connexion/", {"email": user.email, "password": "faux"})
    assert page.status_code == 200
    assert not Delegation.objects.exists()
    assert ProvisionalCode.objects.get().is_usable()


def test_passwords_tried_here_count_as_at_the_sign_in_page(client, letters):
    user = UserFactory()
    client.post("/association/", letters.typed)
    for _ in range(5):
        client.post("/association/connexion/", {"email": user.email, "password": "faux"})
    assert client.post("/connexion/", {"email": user.email, "password": PASSWORD}).status_code == 429


def test_the_proof_of_an_opening_is_not_the_proof_of_an_association(client, letters):
    client.post("/ouverture/", letters.typed)
    assert client.get("/association/connexion/")["Location"] == "/association/"


def test_associating_replaces_an_opening_never_activated(client, letters):
    user = UserFactory()
    client.post("/association/", letters.typed)
    other = client.__class__()
    opened(other, letters)
    response = client.post("/association/connexion/", {"email": user.email, "password": PASSWORD})
    assert response.status_code == 409
    assert "vient d’être utilisé" in response.content.decode()
    assert len(mails_to("marie.keller@exemple.fr")) == 1


def test_associating_leaves_no_other_letter_alive(client, letters):
    user = UserFactory()
    opened(client, letters)
    newer, _ = letters_of(letters.site)
    other = client.__class__()
    other.post("/association/", letters.typed | {"code": newer})
    other.post("/association/connexion/", {"email": user.email, "password": PASSWORD})
    assert not ProvisionalCode.objects.live().exists()
    assert Delegation.objects.get().beneficiary == user
    assert client.post(link_in(mails_to("marie.keller@exemple.fr")[0])).status_code == 410


def test_a_member_of_the_staff_associates_no_site(client, letters):
    staff = UserFactory(is_staff=True, is_superuser=True)
    client.post("/association/", letters.typed)
    page = client.post("/association/connexion/", {"email": staff.email, "password": PASSWORD})
    assert page.status_code == 200
    assert not Delegation.objects.exists()


def test_an_account_with_a_second_factor_is_not_acted_for_by_its_password_alone(client, letters):
    """R46: signed out, the person signs in with both first; the code is not used up."""
    user = owner_of(SiteFactory())
    factors.add_totp(user=user, name="Mon téléphone", seed=b"s" * 20, step=1, origin=COMMAND, proved=True)
    client.post("/association/", letters.typed)
    typed = {"email": user.email, "password": PASSWORD}
    answer = client.post("/association/connexion/", typed)
    assert answer["Location"] == "/connexion/?next=%2Fassociation%2F"
    page = client.get(answer["Location"]).content.decode()
    assert (
        "Votre espace demande un second facteur\u00a0: connectez-vous d’abord, puis associez ce site." in page
    )
    assert not Delegation.objects.filter(site=letters.site).exists()
    assert ProvisionalCode.objects.get().is_usable()
    assert client.get("/compte/").status_code == 302
