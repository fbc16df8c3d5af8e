"use strict";

// Menus are <details>: they open without this. Here: one at a time, Escape and a click elsewhere
// close them, and on a narrow screen the « Menu » link folds and unfolds the navigation.

const menus = document.querySelectorAll("details[data-menu]");

function closeMenus(except) {
  for (const menu of menus) {
    if (menu !== except) {
      menu.open = false;
    }
  }
}

for (const menu of menus) {
  menu.addEventListener("toggle", () => {
    if (menu.open) {
      closeMenus(menu);
    }
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) {
      menu.open = false;
    }
  });
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details[data-menu]"));
});

const topBar = document.querySelector("[data-top-bar]");
const menuLink = document.querySelector("[data-menu-link]");
let menuButton = null;

function unfold(open) {
  document.body.classList.toggle("menu-open", open);
  menuButton.setAttribute("aria-expanded", String(open));
}

if (menuLink) {
  menuButton = document.createElement("button");
  menuButton.type = "button";
  menuButton.className = menuLink.className;
  menuButton.append(...menuLink.childNodes);
  menuButton.setAttribute("aria-controls", "menu outils");
  menuLink.replaceWith(menuButton);
  unfold(false);
  menuButton.addEventListener("click", () => unfold(!document.body.classList.contains("menu-open")));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    return;
  }
  const open = document.querySelector("details[data-menu][open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (menuButton && document.body.classList.contains("menu-open")) {
    unfold(false);
    menuButton.focus();
  }
});

// What scrolls into view must not land under the bar that stays, whatever its height.
if (topBar) {
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--top-bar", `${topBar.offsetHeight}px`);
  }).observe(topBar);
}
