/* Files dropped on the frame go into its file field; their names are listed. */
"use strict";

for (const frame of document.querySelectorAll("[data-drop]")) {
  const input = frame.querySelector("input[type=file]");
  const names = frame.querySelector("[data-drop-names]");
  frame.querySelector("[data-drop-hint]").hidden = false;

  const list = () => {
    names.replaceChildren(...Array.from(input.files, (file) => {
      const line = document.createElement("li");
      line.textContent = file.name;
      return line;
    }));
  };
  const mark = (on) => (event) => {
    event.preventDefault();
    frame.classList.toggle("is-over", on);
  };
  frame.addEventListener("dragover", mark(true));
  frame.addEventListener("dragleave", mark(false));
  frame.addEventListener("drop", (event) => {
    mark(false)(event);
    input.files = event.dataTransfer.files;
    list();
  });
  input.addEventListener("change", list);
}
