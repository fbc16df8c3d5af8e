"use strict";

// What was typed survives the end of a session, in this tab alone and for the same person at the same address.
//
// A form is kept when it is sent, in case the session has ended meanwhile: the next page tells. If that is the
// sign-in page, it was lost; any other page of the person means that it arrived. It is kept too when the page
// learns that the session has ended (session.js). Passwords, codes and files are never kept.
{
  const KEY = "saisie";
  const LIVES = 12 * 3600 * 1000;
  const person = document.querySelector("[data-session-person]")?.dataset.sessionPerson ?? "";
  const door = document.querySelector("[data-draft-door]");
  const here = location.pathname + location.search;

  const forms = () =>
    [...document.querySelectorAll("main form")].filter(
      (form) => form.getAttribute("method")?.toLowerCase() === "post" && !("neverKept" in form.dataset),
    );

  const ticked = (control) => ["checkbox", "radio"].includes(control.type);

  function secret(control) {
    return (
      ["password", "file"].includes(control.type) ||
      control.closest("[data-password]") !== null ||
      ["code", "mobile_code", "recovery_code", "seed"].includes(control.name) ||
      /password|csrfmiddlewaretoken/.test(control.name) ||
      /password|one-time-code|cc-/.test(control.autocomplete)
    );
  }

  function controls(form) {
    return [...form.elements].filter(
      (control) => control.matches("input, select, textarea") && control.name && !secret(control),
    );
  }

  function valuesOf(control) {
    if (ticked(control)) {
      return control.checked ? [control.value] : [];
    }
    return control.selectedOptions
      ? [...control.selectedOptions].map((option) => option.value)
      : [control.value];
  }

  function kept() {
    const values = {};
    for (const form of forms()) {
      for (const control of controls(form)) {
        values[control.name] = [...(values[control.name] ?? []), ...valuesOf(control)];
      }
    }
    return values;
  }

  function write(draft) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(draft));
    } catch {
      // Storage is full or shut: nothing is kept, as without this script.
    }
  }

  function read() {
    try {
      const draft = JSON.parse(sessionStorage.getItem(KEY));
      return draft && Date.now() - draft.at < LIVES ? draft : null;
    } catch {
      return null;
    }
  }

  const forget = () => sessionStorage.removeItem(KEY);

  function keep(lost) {
    const values = kept();
    if (person && Object.keys(values).length) {
      write({ person, address: here, at: Date.now(), lost, values });
    }
  }

  function put(control, left) {
    if (control.selectedOptions) {
      for (const option of control.options) {
        option.selected = left.includes(option.value);
      }
    } else if (ticked(control)) {
      control.checked = left.includes(control.value);
    } else if (left.length) {
      control.value = left.shift();
    }
  }

  function giveBack(values) {
    for (const form of forms()) {
      for (const control of controls(form)) {
        if (!(control.name in values) || control.type === "hidden" || control.disabled) {
          continue;
        }
        const before = valuesOf(control).join("\n");
        put(control, values[control.name]);
        if (valuesOf(control).join("\n") !== before) {
          control.dispatchEvent(new Event("input", { bubbles: true }));
          control.dispatchEvent(new Event("change", { bubbles: true }));
        }
      }
    }
    say(document.querySelector("[data-draft-back]"));
  }

  // Among the page's own messages, where there are any.
  function say(told) {
    const notice = document.createElement("div");
    notice.className = "notice notice-info";
    notice.append(document.createElement("p"));
    notice.firstChild.textContent = told.dataset.draftBack;
    (document.querySelector("main .messages") ?? told).append(notice);
  }

  // At the door: it was lost; the way on leads back to where it was typed.
  function tell(draft) {
    write({ ...draft, lost: true });
    door.hidden = false;
    const form = document.querySelector("[data-sign-in]");
    if (!form.elements.next) {
      const next = document.createElement("input");
      Object.assign(next, { type: "hidden", name: "next", value: draft.address });
      form.append(next);
    }
  }

  const draft = read();
  if (draft && door) {
    tell(draft);
  } else if (draft && person) {
    if (draft.person !== person || !draft.lost) {
      forget();
    } else if (draft.address === here) {
      forget();
      giveBack(draft.values);
    }
  }

  document.addEventListener("session:ended", () => keep(true));
  document.addEventListener("submit", (event) => {
    if (forms().includes(event.target)) {
      keep(false);
    } else if (event.target.getAttribute("method")?.toLowerCase() === "post" && person) {
      forget(); // signing out: nothing stays
    }
  });
}
