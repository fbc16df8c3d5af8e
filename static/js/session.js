"use strict";

// A session ends on the server, which alone decides. Two minutes before, one is warned and may prolong it; when
// it has ended, what was typed is kept (drafts.js) and the sign-in page opens. Before it warns and before it
// leaves, the page asks the server: another tab may have been at work.
{
  const dialog = document.querySelector("dialog[data-session-url]");
  const RETRY = 10000;
  const SPOKEN = { 60: "Il reste une minute.", 30: "Il reste 30 secondes.", 10: "Il reste 10 secondes." };

  function watch() {
    const { sessionUrl, sessionSignIn, sessionPerson } = dialog.dataset;
    const warning = Number(dialog.dataset.sessionWarning);
    const part = (name) => dialog.querySelector(`[data-session-${name}]`);
    const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
    let endsAt = 0;
    let extendable = true;
    let dismissed = false;
    let timer = 0;

    const left = () => Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));

    function later(doing, milliseconds) {
      clearTimeout(timer);
      timer = setTimeout(doing, milliseconds);
    }

    async function ask(method) {
      const body = method === "POST" ? new FormData(dialog.querySelector("form")) : undefined;
      try {
        const answer = await fetch(sessionUrl, { method, body, headers: { Accept: "application/json" } });
        return answer.ok ? await answer.json() : null;
      } catch {
        return null; // the network is away: the page's own clock goes on
      }
    }

    // What the server says holds, whatever the page believed.
    function heed(told) {
      if (!told.open || told.person !== sessionPerson) {
        end();
        return;
      }
      endsAt = Date.now() + told.seconds * 1000;
      extendable = told.extendable;
      if (told.seconds > warning) {
        dismissed = false;
        if (dialog.open) {
          dialog.close();
        }
        later(look, (told.seconds - warning) * 1000);
      } else {
        warn();
      }
    }

    async function look() {
      const told = await ask("GET");
      if (told) {
        heed(told);
      } else if (left()) {
        warn();
      } else {
        later(look, RETRY);
      }
    }

    function warn() {
      for (const name of ["idle", "extend"]) {
        part(name).hidden = !extendable;
      }
      for (const name of ["last", "close"]) {
        part(name).hidden = extendable;
      }
      if (!dialog.open && !dismissed) {
        part("said").textContent = "";
        part("spoken").textContent = inWords(left());
        dialog.showModal();
        part(extendable ? "extend" : "close").focus();
      }
      tick();
    }

    function tick() {
      const seconds = left();
      part("clock").textContent = inFigures(seconds);
      if (SPOKEN[seconds]) {
        part("said").textContent = SPOKEN[seconds];
      }
      if (seconds) {
        later(tick, 1000);
      } else {
        look();
      }
    }

    async function extend() {
      const told = await ask("POST");
      if (!told) {
        part("said").textContent = "La session n’a pas pu être prolongée. Vérifiez votre connexion, puis recommencez.";
        return;
      }
      tabs?.postMessage("");
      heed(told);
    }

    function dismiss() {
      dismissed = true;
      dialog.close();
    }

    function end() {
      clearTimeout(timer);
      document.dispatchEvent(new Event("session:ended"));
      const next = encodeURIComponent(location.pathname + location.search);
      location.assign(`${sessionSignIn}?next=${next}&fin=1`);
    }

    part("extend").addEventListener("click", extend);
    part("close").addEventListener("click", dismiss);
    dialog.addEventListener("cancel", (event) => {
      if (extendable) {
        event.preventDefault();
        extend();
      } else {
        dismissed = true;
      }
    });
    tabs?.addEventListener("message", () => dialog.open && look());
    tabs?.postMessage("");
    // A machine that slept, a page that comes back: the timers may be late.
    for (const [target, name] of [[document, "visibilitychange"], [window, "pageshow"]]) {
      target.addEventListener(name, () => {
        if (!document.hidden && endsAt && left() <= warning && !dialog.open) {
          look();
        }
      });
    }
    heed({
      open: true,
      person: sessionPerson,
      seconds: Number(dialog.dataset.sessionSeconds),
      extendable: dialog.dataset.sessionExtendable === "1",
    });
  }

  function inFigures(seconds) {
    const minutes = Math.floor(seconds / 60);
    const rest = seconds % 60;
    return minutes ? `${minutes} min ${String(rest).padStart(2, "0")} s` : `${rest} s`;
  }

  function inWords(seconds) {
    const minutes = Math.floor(seconds / 60);
    const rest = seconds % 60;
    const parts = [];
    if (minutes) {
      parts.push(minutes > 1 ? `${minutes} minutes` : "une minute");
    }
    if (rest || !minutes) {
      parts.push(rest > 1 ? `${rest} secondes` : "une seconde");
    }
    return parts.join(" et ");
  }

  if (dialog?.showModal) {
    watch();
  }
}
