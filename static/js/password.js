"use strict";

// A button beside each password shows what is typed.
for (const box of document.querySelectorAll("[data-password]")) {
  const input = box.querySelector("input");
  const button = box.querySelector("[data-password-toggle]");
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Masquer" : "Afficher";
    button.setAttribute("aria-label", shown ? "Masquer le mot de passe" : "Afficher le mot de passe");
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // What is sent is a password again: no browser keeps it among typed texts.
  input.form?.addEventListener("submit", () => show(false));
}

// The rules tick as one types. They are readable without this, and the server alone decides.
const CLASSES = {
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  digit: /\p{Nd}/u,
  special: /[^\p{L}\p{Nd}]/u,
};

for (const rules of document.querySelectorAll("[data-password-rules]")) {
  const input = document.getElementById(rules.dataset.passwordRules);
  const status = document.querySelector(`[data-password-status="${rules.dataset.passwordRules}"]`);
  const listed = rules.querySelectorAll("[data-rule]").length;
  const length = rules.querySelector("[data-rule=length]");
  const classes = rules.querySelector("[data-rule=classes]");
  let later = 0;

  const check = () => {
    const found = [...classes.querySelectorAll("[data-class]")].filter((part) => {
      const has = CLASSES[part.dataset.class].test(input.value);
      part.classList.toggle("is-found", has);
      return has;
    });
    const enough = [
      [length, [...input.value].length >= Number(length.dataset.minimum)],
      [classes, found.length >= Number(classes.dataset.minimum)],
    ];
    for (const [rule, kept] of enough) {
      rule.classList.toggle("is-kept", kept);
    }
    clearTimeout(later);
    later = setTimeout(() => {
      const kept = enough.filter((pair) => pair[1]).length;
      const told = `Règles respectées\u00a0: ${kept} sur ${listed}. La dernière est vérifiée à l’envoi.`;
      status.textContent = input.value ? told : "";
    }, 800);
  };

  input?.addEventListener("input", check);
}
