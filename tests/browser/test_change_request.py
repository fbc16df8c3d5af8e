"""A change asked by the employer and answered by staff, in Chromium."""

from tests.browser.conftest import mail_to

PROFILE = "/sites/31520-001-92/adherent/informations/"


def test_an_employer_asks_staff_answer_and_both_see_what_became_of_it(eye, demo, chromium):
    eye.sign_in(*demo["one"])
    eye.go(PROFILE)
    eye.follow("Demander une modification")
    eye.look("change-form")
    eye.press("Envoyer la demande")
    assert "Rien n’a changé" in eye.words()
    eye.look("change-nothing")
    eye.fill(phone="12", email="x", mailing_town="NANCY", manager_last_name="L33T")
    eye.press("Envoyer la demande")
    eye.look("change-errors")
    assert eye.page.input_value("[name=phone]") == "12"
    eye.fill(phone="03 29 12 34 56", email="bureau@couverture-lefevre.example", manager_last_name="LEFÈVRE")
    eye.fill(mailing_address1="BP 12", mailing_postal_code="54000", mailing_town="NANCY")
    eye.press("Envoyer la demande")
    assert "est envoyée à votre caisse" in eye.words()
    eye.look("change-waiting")

    answer_as_staff(eye, demo)

    eye.sign_in(*demo["one"])
    eye.go(PROFILE)
    assert "Joignez un extrait Kbis." in eye.words()
    eye.look("change-refused")
    link = mail_to(eye, demo["one"][0], "Modification refusée")
    assert link.endswith(PROFILE)
    ask_and_withdraw(eye)


def answer_as_staff(eye, demo):
    eye.press("Se déconnecter")
    eye.sign_in(*demo["staff"])
    eye.go("/admin/adherents/changerequest/")
    eye.page.locator("#result_list tbody th a").first.click()
    eye.follow("Répondre à cette demande")
    eye.press("Refuser")
    assert "Dites à l’entreprise pourquoi" in eye.page.inner_text("#content")
    eye.page.fill("[name=reason]", "Joignez un extrait Kbis.")
    eye.press("Refuser")
    assert "refusée" in eye.page.inner_text(".messagelist")
    eye.page.locator("#logout-form button").click()


def ask_and_withdraw(eye):
    eye.go(PROFILE + "modifier/")
    eye.fill(fax="03 29 12 34 57")
    eye.press("Envoyer la demande")
    eye.press("Retirer cette demande")
    assert "est retirée" in eye.words()
    eye.look("change-withdrawn")
