// Digits tick the themes of an answer; without this the boxes are ticked with Tab and Space.
document.addEventListener("keydown", (event) => {
  const form = document.getElementById("coding");
  const isText = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (!form || isText || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && !event.target.closest("a, button")) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (!/^[0-9]$/.test(event.key)) return;
  const box = form.querySelector(`[data-key="${event.key}"]`);
  if (!box) return;
  event.preventDefault();
  box.checked = !box.checked;
  box.focus();
});
