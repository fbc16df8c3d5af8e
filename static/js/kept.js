"use strict";

// What was typed at the second step of an opening survives a reload and a step back, in this tab alone, for the same
// site and for as long as the server keeps it. Passwords and codes are never kept. Without this the buttons keep it.
{
  const KEY = "ouverture";
  const LIVES = 1800 * 1000;
  const form = document.querySelector("form[data-kept-for]");
  const kinds = ["text", "checkbox"];

  const controls = () =>
    [...form.elements].filter((control) => kinds.includes(control.type) && control.name !== "mobile_code");

  // A password that is shown is a text for a while.
  const open = (control) => control.closest("[data-password]") === null;

  function keep() {
    const values = {};
    for (const control of controls().filter(open)) {
      values[control.name] = control.type === "checkbox" ? control.checked : control.value;
    }
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ whose: form.dataset.keptFor, at: Date.now(), values }));
    } catch {
      // Storage is full or shut: as without this script.
    }
  }

  function kept() {
    try {
      const found = JSON.parse(sessionStorage.getItem(KEY));
      const fresh = found && found.whose === form?.dataset.keptFor && Date.now() - found.at < LIVES;
      return fresh ? found.values : null;
    } catch {
      return null;
    }
  }

  function giveBack(values) {
    for (const control of controls().filter(open)) {
      const value = values[control.name];
      if (control.type === "checkbox") {
        control.checked = value === true;
      } else if (typeof value === "string") {
        control.value = value;
      }
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  const values = kept();
  if (values) {
    giveBack(values);
  } else {
    sessionStorage.removeItem(KEY);
  }
  if (form) {
    window.addEventListener("pagehide", keep);
  }
}
