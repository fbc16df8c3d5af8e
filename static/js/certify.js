"use strict";

// « Certifier » stands beside what could be a mobile number, and the badge beside the number that was certified.
// Without this the button is always there; the server alone decides what is a number, and which one is certified.
{
  const row = document.querySelector(".mobile-field");
  const field = row?.querySelector("[name=mobile]");

  function number() {
    const typed = field.value.normalize("NFKC").replace(/[^0-9+]/g, "");
    return typed
      .replace(/^00/, "+")
      .replace(/^0/, "+33")
      .replace(/^\+330/, "+33");
  }

  const couldBeMobile = (text) => (text.startsWith("+33") ? /^\+33[67]\d{8}$/ : /^\+\d{8,15}$/).test(text);

  function show() {
    const part = row.querySelector("[data-live-part]");
    const badge = part?.querySelector("[data-certified-state]");
    const button = part?.querySelector("[data-certify]");
    const certified = badge !== null && part?.dataset.certifiedNumber === number();
    if (badge) {
      badge.hidden = !certified;
    }
    if (button) {
      button.hidden = certified || !couldBeMobile(number());
    }
  }

  // What the former sending had to say of the number is answered by the part that arrived; what it had to say of
  // other fields stays beside them.
  function forgetFormerAnswer() {
    document.querySelector("[data-error-summary]")?.remove();
    document.title = document.title.replace(/^Erreur\s: /, "");
    row.querySelector("#id_mobile_error")?.remove();
    row.querySelector(".has-error")?.classList.remove("has-error");
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
  }

  if (field) {
    show();
    field.addEventListener("input", show);
    document.addEventListener("htmx:afterSettle", (event) => {
      if (event.target instanceof HTMLElement && event.target.matches("[data-live-part]")) {
        forgetFormerAnswer();
        show();
      }
    });
  }
}
