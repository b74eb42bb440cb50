/* A sheet of targets: moving by keys, pasting a block, undo, marks of what is not saved.
   Without this script the sheet is a plain form; texts are read by the server only. */
"use strict";

for (const form of document.querySelectorAll("[data-grid-form]")) {
  const rows = Array.from(form.querySelectorAll("[data-grid] tbody tr"), (row) =>
    Array.from(row.querySelectorAll("td"), (cell) => cell.querySelector("input[type=text]")).slice(1)
  ).filter((row) => row.length > 0);
  const boxes = rows.flat().filter(Boolean);
  const part = (name) => form.querySelector(`[data-grid-${name}]`);
  const [undo, redo, count, said] = ["undo", "redo", "count", "said"].map(part);
  const done = [];
  const undone = [];
  let before = new Map();
  let leaves = false;

  const isUnsaved = (box) => box.value.trim() !== box.dataset.stored;

  const show = () => {
    for (const box of boxes) box.closest("td").classList.toggle("is-unsaved", isUnsaved(box));
    const n = boxes.filter(isUnsaved).length;
    count.textContent = n ? `${count.dataset.text} ${n}` : "";
    undo.disabled = done.length === 0;
    redo.disabled = undone.length === 0;
  };

  /* One step of the history: the boxes that changed, with both texts. */
  const keep = (step) => {
    const changes = step.filter(([, old, now]) => old !== now);
    if (changes.length === 0) return;
    done.push(changes);
    undone.length = 0;
    show();
  };
  const remember = (box) => before.set(box, box.value);
  const settle = (box) => {
    if (before.has(box)) keep([[box, before.get(box), box.value]]);
    remember(box);
  };
  const step = (from, to, side) => {
    const active = document.activeElement;
    if (boxes.includes(active)) settle(active);
    const changes = from.pop();
    if (!changes) return;
    for (const change of changes) {
      change[0].value = change[side];
      remember(change[0]);
    }
    to.push(changes);
    changes[0][0].focus();
    show();
  };
  const takeBack = () => step(done, undone, 1);
  const doAgain = () => step(undone, done, 2);

  const placeOf = (box) => {
    const row = rows.findIndex((cells) => cells.includes(box));
    return [row, rows[row].indexOf(box)];
  };
  /* The next box in a direction; rows and cells where nothing can be typed are passed over. */
  const next = (box, down, right) => {
    let [row, column] = placeOf(box);
    do {
      row += down;
      column += right;
    } while (rows[row] && column >= 0 && column < rows[row].length && !rows[row][column]);
    return rows[row]?.[column];
  };
  const move = (event, down, right) => {
    const box = next(event.target, down, right);
    event.preventDefault();
    if (box) box.focus();
  };

  /* Left and right leave a cell only from its end, or while all of it is selected. */
  const isAt = (box, end) => {
    const isWhole = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    return isWhole || (box.selectionStart === box.selectionEnd && box.selectionStart === end);
  };
  const keys = {
    ArrowUp: (event) => move(event, -1, 0),
    ArrowDown: (event) => move(event, 1, 0),
    Enter: (event) => move(event, event.shiftKey ? -1 : 1, 0),
    ArrowLeft: (event) => isAt(event.target, 0) && move(event, 0, -1),
    ArrowRight: (event) => isAt(event.target, event.target.value.length) && move(event, 0, 1),
    Escape: ({ target }) => {
      target.value = before.get(target) ?? target.value;
      show();
    },
  };

  /* A block from a spreadsheet: lines and tabs; it fills from the cell that has the focus. */
  const paste = (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    settle(event.target);
    const [top, left] = placeOf(event.target);
    const changes = [];
    let lost = 0;
    text.split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const box = rows[top + down]?.[left + right];
        if (!box) {
          lost += value.trim() ? 1 : 0;
          return;
        }
        changes.push([box, box.value, value.trim()]);
        box.value = value.trim();
        remember(box);
      });
    });
    keep(changes);
    said.textContent = `${said.dataset.pasted} ${changes.length}. ` +
      (lost ? `${said.dataset.left} ${lost}.` : "");
    said.classList.toggle("visually-hidden", lost === 0);
  };

  for (const box of boxes) {
    box.addEventListener("focus", () => {
      remember(box);
      box.select();
    });
    box.addEventListener("blur", () => settle(box));
    box.addEventListener("input", show);
    box.addEventListener("paste", paste);
    box.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) keys[event.key]?.(event);
    });
  }
  form.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("textarea")) return;
    if (key === "z" || key === "y") {
      event.preventDefault();
      if (key === "y" || event.shiftKey) doAgain();
      else takeBack();
    }
  });
  undo.addEventListener("click", takeBack);
  redo.addEventListener("click", doAgain);
  form.addEventListener("submit", () => { leaves = true; });
  addEventListener("beforeunload", (event) => {
    if (!leaves && boxes.some(isUnsaved)) event.preventDefault();
  });

  form.querySelector("[data-grid-tools]").hidden = false;
  form.querySelector("[data-grid-hint]").hidden = false;
  show();
  document.getElementById("problems")?.focus();
}
