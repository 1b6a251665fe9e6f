// The other language has the same sections: a reader stays in the one that is open.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[hreflang].md-select__link");
  if (link) link.hash = location.hash;
});

// Material 9.8.1 puts the copy button of each block of code into a navigation landmark of
// its own; a screen reader would list them all. They are none.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
  }
}).observe(document.documentElement, { childList: true, subtree: true });
