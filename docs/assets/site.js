// Material 9.8.1 puts the copy button of each block of code into a navigation landmark of
// its own; a screen reader would list them all. They are none.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
  }
}).observe(document.documentElement, { childList: true, subtree: true });
