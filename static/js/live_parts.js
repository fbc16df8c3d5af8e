"use strict";

// A live part whose answer is not that part (signed out meanwhile, a failure, no network) is asked for as
// without JavaScript: the button sends its form, and a whole page answers.
const goWhole = (asked) => {
  if (asked instanceof HTMLButtonElement && asked.form) {
    setTimeout(() => asked.form.requestSubmit(asked)); // once htmx has let go of the button
  }
};

document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.requestConfig.elt;
  const wanted = asked.getAttribute("hx-select");
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  if (event.detail.shouldSwap && wanted && !page.querySelector(wanted)) {
    event.detail.shouldSwap = false;
    goWhole(asked);
  }
});
document.addEventListener("htmx:responseError", (event) => goWhole(event.detail.elt));
document.addEventListener("htmx:sendError", (event) => goWhole(event.detail.elt));

// Enter in a part's field presses the part's own button, not the one of the form around it.
document.addEventListener("keydown", (event) => {
  const part = event.target.closest?.("[data-live-part]");
  if (part && event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    part.querySelector("button")?.click();
  }
});

// One goes on in the part that arrived: at its field, or at what it says.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target instanceof HTMLElement && event.target.matches("[data-live-part]")) {
    (event.target.querySelector("input") ?? event.target).focus();
  }
});
