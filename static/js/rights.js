"use strict";

// The table of rights: what its buttons do without a script, done in place. Nothing is saved here.
const NAMES = ["Aucun droit", "Consultation", "Mise à jour"];

for (const form of document.querySelectorAll("[data-rights-form]")) {
  const box = form.querySelector("[data-rights]");
  const said = box.querySelector("[data-rights-said]");
  const leading = form.elements.namedItem("leading");
  const lockedSentence = box.querySelector("[data-rights-locked]");
  const boxes = [...form.querySelectorAll("input[name=colleges]")];
  const tools = form.querySelectorAll("[data-rights-tool]");
  const many = box.querySelector("[data-rights-many]");
  let kept = null; // what was chosen before the box of the role was ticked

  // A page drawn with the table locked sends that in hidden fields, for want of a script.
  for (const input of form.querySelectorAll("[data-rights-kept]")) {
    kept ??= { levels: new Map(), colleges: [] };
    if (input.name === "colleges") {
      kept.colleges.push(input.value);
    } else {
      kept.levels.set(input.name, input.value);
    }
    input.remove();
  }

  const radios = () => [...box.querySelectorAll("input[type=radio]")];

  const groups = () => {
    const found = new Map();
    for (const radio of radios()) {
      found.set(radio.name, [...(found.get(radio.name) ?? []), radio]);
    }
    return found;
  };

  const chosen = (group) => group.find((radio) => radio.checked) ?? group[0];

  const highest = (group, level) => group.findLast((radio) => Number(radio.value) <= level);

  const mark = () => {
    const known = groups();
    const spans = [...box.querySelectorAll("[data-rights-differs]")];
    const differing = spans.filter(
      (span) => !kept && chosen(known.get(span.dataset.rightsDiffers)).value !== span.dataset.level,
    );
    const rows = new Set(differing.map((span) => span.closest("tr"))).size;
    const once = Boolean(many) && rows > Number(many.dataset.rightsMany);
    for (const span of spans) {
      span.hidden = once || !differing.includes(span);
    }
    if (many) {
      many.hidden = !once;
      many.textContent = `${rows} lignes diffèrent du profil ${many.dataset.profile}.`;
    }
  };

  const tell = (moved) => {
    const parts = [2, 1, 0].filter((level) => moved[level]).map((level) => [moved[level], NAMES[level]]);
    if (!parts.length) {
      return "Aucun droit n’a changé.";
    }
    const [[first, name], ...others] = parts;
    const plural = (count) => (count > 1 ? "s" : "");
    const total = parts.reduce((sum, [count]) => sum + count, 0);
    return (
      `${first} droit${plural(first)} passé${plural(first)} à ${name}` +
      others.map(([count, label]) => `, ${count} à ${label}`).join("") +
      `, non enregistré${plural(total)}`
    );
  };

  const setColumn = (level, college) => {
    const moved = [0, 0, 0];
    for (const [name, group] of groups()) {
      const apart = name.split(".").length > 3 ? name.split(".").pop() : "";
      const radio = highest(group, level);
      if (apart !== college || radio.checked) {
        continue;
      }
      if (chosen(group).value !== radio.value) {
        moved[Number(radio.value)] += 1;
      }
      radio.checked = true;
    }
    said.textContent = tell(moved);
    mark();
  };

  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rights-all]");
    if (button) {
      event.preventDefault();
      setColumn(Number(button.dataset.rightsAll), button.dataset.rightsColumn);
    }
  });

  const showColleges = () => {
    for (const input of boxes) {
      for (const cell of box.querySelectorAll(`[data-college-cell=${input.value}]`)) {
        cell.hidden = !input.checked;
      }
      for (const text of box.querySelectorAll(`[data-college-off=${input.value}]`)) {
        text.hidden = input.checked;
      }
    }
  };

  const lock = () => {
    if (kept) {
      return;
    }
    kept = {
      levels: new Map([...groups()].map(([name, group]) => [name, chosen(group).value])),
      colleges: boxes.filter((input) => input.checked).map((input) => input.value),
    };
    for (const input of boxes) {
      input.checked = true;
    }
    for (const group of groups().values()) {
      group.at(-1).checked = true;
    }
  };

  const unlock = () => {
    if (!kept) {
      return;
    }
    for (const [name, group] of groups()) {
      group.find((radio) => radio.value === kept.levels.get(name)).checked = true;
    }
    for (const input of boxes) {
      input.checked = kept.colleges.includes(input.value);
    }
    kept = null;
  };

  const settle = () => {
    const locked = Boolean(leading?.checked);
    if (locked) {
      lock();
    } else {
      unlock();
    }
    if (locked) {
      said.textContent = "";
    }
    for (const control of [...radios(), ...boxes, ...box.querySelectorAll("[data-rights-all]"), ...tools]) {
      control.disabled = locked;
    }
    if (lockedSentence) {
      lockedSentence.hidden = !locked;
    }
    showColleges();
    mark();
  };

  // Disabled controls are not sent: what was chosen before goes in their place, and comes back with the page.
  form.addEventListener("formdata", (event) => {
    if (!kept) {
      return;
    }
    for (const [name, value] of kept.levels) {
      event.formData.set(name, value);
    }
    event.formData.delete("colleges");
    for (const value of kept.colleges) {
      event.formData.append("colleges", value);
    }
  });

  // Enter in the search looks for sites; elsewhere it presses « Valider ».
  const search = form.elements.namedItem("site_search");
  search?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      form.querySelector("button[value=search]").click();
    }
  });

  form.addEventListener("change", (event) => {
    if (event.target === leading) {
      settle();
    } else if (boxes.includes(event.target)) {
      showColleges();
    }
    mark();
  });
  window.addEventListener("pageshow", settle);
}
