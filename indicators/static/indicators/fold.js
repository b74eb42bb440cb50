/* Blocks fold on the phone. On a wide screen, on paper and where an address points they are open.
   Without this script fold.css shows them on wide screens and on paper, and taps open them. */
"use strict";
{
  const folds = [...document.querySelectorAll("details.fold")];
  const wide = matchMedia("(min-width: 44.01rem)");

  const settle = () => folds.forEach((fold) => { fold.open = wide.matches || "open" in fold.dataset; });

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let fold = target && target.closest("details.fold:not([open])");
    if (!fold) return;
    for (; fold; fold = fold.parentElement.closest("details.fold:not([open])")) fold.open = true;
    target.scrollIntoView();
  };

  // Which of them were closed before printing, so that the screen is as it was.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = folds.filter((fold) => !fold.open);
    closed.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((fold) => { fold.open = false; }));

  settle();
  reveal();
  wide.addEventListener("change", settle);
  addEventListener("hashchange", reveal);
  document.documentElement.classList.add("can-fold");
}
