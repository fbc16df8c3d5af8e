"use strict";

// A search that answers as one types. The form and its button do the same without it.
const PAUSE = 300; // milliseconds without a key before asking

for (const form of document.querySelectorAll("form[data-live-search]")) {
  const input = form.querySelector("input[type=search]");
  let timer = 0;
  let asking = null;

  const show = async () => {
    asking?.abort();
    asking = new AbortController();
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetch(address, { signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById(form.dataset.liveSearch);
      if (!answer.ok || !found) {
        return; // signed out, or refused: the button will say so
      }
      document.getElementById(form.dataset.liveSearch).replaceChildren(...found.childNodes);
      history.replaceState(null, "", address);
      document.dispatchEvent(new Event("results-replaced"));
    } catch (error) {
      if (error.name !== "AbortError") {
        throw error;
      }
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
}
