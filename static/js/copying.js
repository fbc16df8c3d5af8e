"use strict";

// A button that copies a text of the page, without its spaces. Without it the text is selected by a tap.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const said = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(text.textContent.replace(/\s/g, ""));
      said.textContent = "Clé copiée.";
    } catch {
      window.getSelection().selectAllChildren(text);
      said.textContent = "Clé sélectionnée\u00a0: copiez-la.";
    }
  });
}
