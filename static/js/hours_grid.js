"use strict";

// The grid by keyboard, as a spreadsheet: arrows up and down and Enter move in a column, arrows left and right
// leave a field at its ends, and a column copied from a spreadsheet is pasted downwards. Without this, Tab goes
// from field to field and all is sent as it is.
for (const grid of document.querySelectorAll("[data-hours-grid]")) {
  const table = () => [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input")]);

  const placeOf = (field) => {
    const rows = table();
    const row = rows.findIndex((fields) => fields.includes(field));
    return [rows, row, rows[row].indexOf(field)];
  };

  const go = (event, field, down, right) => {
    const [rows, row, column] = placeOf(field);
    const next = rows[row + down]?.[column + right];
    if (next) {
      event.preventDefault();
      next.focus();
      next.select();
    }
  };

  grid.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("tbody input") || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const atStart = field.selectionEnd === 0 || field.selectionEnd - field.selectionStart === field.value.length;
    const atEnd =
      field.selectionStart === field.value.length ||
      field.selectionEnd - field.selectionStart === field.value.length;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) {
      go(event, field, 1, 0);
    } else if (event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey)) {
      go(event, field, -1, 0);
    } else if (event.key === "ArrowRight" && atEnd) {
      go(event, field, 0, 1);
    } else if (event.key === "ArrowLeft" && atStart) {
      go(event, field, 0, -1);
    }
  });

  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!event.target.matches?.("tbody input") || !/[\t\n]/.test(text.trimEnd())) {
      return;
    }
    event.preventDefault();
    const [rows, row, column] = placeOf(event.target);
    text
      .trimEnd()
      .split(/\r?\n/)
      .forEach((line, down) => {
        line.split("\t").forEach((value, right) => {
          const field = rows[row + down]?.[column + right];
          if (field) {
            field.value = value.trim();
          }
        });
      });
  });
}
