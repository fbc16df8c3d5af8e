"""A link's token leaves its page neither with what the page loads nor with its form (R21)."""

from tests.browser.conftest import mail_to


def test_the_token_of_a_link_goes_nowhere_and_its_form_works(eye, portal):
    """R21."""
    email = "jeton@exemple.fr"  # nobody else's: an older mail's link would be dead
    portal.run(
        """
        from accounts.models import User
        from django.contrib.auth.hashers import make_password
        from portal import clock
        User.objects.create(
            email="jeton@exemple.fr", first_name="Zoé", last_name="Jeton", is_active=True,
            email_certified_at=clock.now(),
            password=make_password("Ardoise-Grise-7"),
        )
        """
    )
    eye.go("/mot-de-passe/oublie/")
    eye.fill(email=email)
    eye.press("Valider")
    link = mail_to(eye, email, "Choisir un nouveau mot de passe")
    token = link.strip("/").split("/")[-1]
    asked = []

    def seen(request):
        asked.append(request)

    eye.page.on("request", seen)
    eye.go(link)
    assert "/mot-de-passe/nouveau/~" in eye.page.url  # the address that stays holds no token
    assert token not in eye.page.url
    eye.fill(password="Ardoise-Grise-7", password_again="Autre-Ardoise-8")
    eye.page.locator("main form button[type=submit]").click()
    assert "ne sont pas identiques" in eye.words()  # the form was taken: its refusal is its own
    referrers = [request.all_headers().get("referer", "") for request in asked]
    assert f"{eye.origin}/" in referrers
    assert [sent for sent in referrers if token in sent] == []
