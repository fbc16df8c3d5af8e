"use strict";

// A click anywhere on a row picks its radio; links and buttons in the row keep their own meaning.
const OWN_MEANING = "a, button, input, label, select, summary";

const CHOICE = "table[data-row-choice]";

const markChosen = () => {
  for (const row of document.querySelectorAll(`${CHOICE} tbody tr`)) {
    row.classList.toggle("is-chosen", Boolean(row.querySelector("input[type=radio]:checked")));
  }
};

// On the document: the rows may be replaced while one types a search.
document.addEventListener("click", (event) => {
  const row = event.target.closest(`${CHOICE} tbody tr`);
  if (!row || event.target.closest(OWN_MEANING) || String(window.getSelection())) {
    return;
  }
  const radio = row.querySelector("input[type=radio]");
  radio.checked = true;
  radio.focus();
  markChosen();
});
document.addEventListener("change", markChosen);
window.addEventListener("pageshow", markChosen);

// On a phone the filters fold behind a button; without this they are simply all there.
for (const button of document.querySelectorAll("[data-filters-toggle]")) {
  button.hidden = false;
  button.setAttribute("aria-expanded", button.dataset.filtersToggle === "open" ? "true" : "false");
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  });
}

// A box that does not scroll needs no stop of the keyboard.
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
    } else {
      target.removeAttribute("tabindex");
    }
  }
});
const watchBoxes = () => {
  for (const box of document.querySelectorAll(".table-box")) {
    watch.observe(box);
  }
};
watchBoxes();
document.addEventListener("results-replaced", watchBoxes);
