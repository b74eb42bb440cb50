// A reference in the list becomes a button that writes it where the cursor was. Without this script
// the list is a plain table to copy from.
(() => {
  const boxes = [...document.querySelectorAll("textarea[data-cites]")];
  let box = boxes[0];
  for (const one of boxes) {
    one.addEventListener("focus", () => { box = one; });
  }
  if (!box) return;
  for (const code of document.querySelectorAll("code[data-cite]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cite";
    button.textContent = code.textContent;
    button.addEventListener("click", () => {
      box.setRangeText(code.textContent, box.selectionStart, box.selectionEnd, "end");
      box.focus();
    });
    code.replaceWith(button);
  }
})();
