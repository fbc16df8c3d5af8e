"use strict";

// The summary of errors is read first.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
}

// One click sends once. The button comes back when the page does (back button), and after a while in
// case the answer was a file and the page stayed.
const WAIT = 10000;

function release(form) {
  delete form.dataset.sent;
  for (const button of form.elements) {
    if ("held" in button.dataset) {
      button.disabled = false;
      delete button.dataset.held;
    }
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post") {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // After the event, so that the button's own name and value are sent, and only if nothing stopped it.
  setTimeout(() => {
    if (event.defaultPrevented) {
      delete form.dataset.sent;
      return;
    }
    for (const button of form.elements) {
      if (button.type === "submit" && !button.disabled) {
        button.disabled = true;
        button.dataset.held = "";
      }
    }
  });
  setTimeout(() => release(form), WAIT);
});

window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    release(form);
  }
});
