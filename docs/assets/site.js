// The other language has the same sections and explorers: a reader stays where they are.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[hreflang].md-select__link");
  if (link) [link.search, link.hash] = [location.search, location.hash];
});

// What scrolls sideways must be within reach of the keyboard. All is measured before any of it changes.
const scrolling = new ResizeObserver((entries) => {
  const boxes = entries.map(({ target }) => [target, target.scrollWidth > target.clientWidth]);
  for (const [box, scrolls] of boxes) {
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});

// A button to copy for each block of code, all at once: the theme's own measure the page anew after
// each. The theme does the copying.
document.addEventListener("DOMContentLoaded", () => {
  const name = JSON.parse(document.getElementById("__config").textContent).translations["clipboard.copy"];
  document.querySelectorAll(".md-typeset pre > code").forEach((code, at) => {
    code.id ||= `copied-${at}`;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "md-code__button", title: name, ariaLabel: name });
    Object.assign(button.dataset, { clipboardTarget: `#${CSS.escape(code.id)}`, mdType: "copy" });
    const corner = document.createElement("span");
    corner.className = "md-code__nav";
    corner.append(button);
    code.before(corner);
    scrolling.observe(code);
  });
});

// Material puts a table into a box that scrolls.
new MutationObserver(() => {
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((wrap) => scrolling.observe(wrap));
}).observe(document.documentElement, { childList: true, subtree: true });

// On a narrow screen, which is also a page at 200 %, Material 9.8.1 opens its menu by labels, which
// no key reaches. They become buttons, and keep their look.
document.addEventListener("DOMContentLoaded", () => {
  const narrow = matchMedia("(max-width: 76.2344em)");
  const nav = document.querySelector(".md-nav--primary");
  const drawer = document.getElementById("__drawer");
  const labels = ".md-header label[for=__drawer], .md-nav--primary label:not([for=__drawer])";
  const [menu, ...buttons] = [...document.querySelectorAll(labels)].map((label) => {
    const button = document.createElement("button");
    for (const { name, value } of label.attributes) button.setAttribute(name, value);
    button.append(...label.childNodes);
    button.addEventListener("click", () => document.getElementById(label.htmlFor).click());
    label.replaceWith(button);
    return button;
  });
  menu.ariaLabel = nav.ariaLabel;

  // On a wide screen nothing is folded, and there is nothing to open.
  const reach = () => buttons.forEach((button) => { button.tabIndex = narrow.matches ? 0 : -1; });
  reach();
  narrow.addEventListener("change", reach);

  drawer.addEventListener("change", () => {
    const inside = [...nav.querySelectorAll("a, button")];
    const first = inside.find((element) => element.checkVisibility({ visibilityProperty: true }));
    if (document.activeElement === menu) first.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drawer.checked) return;
    drawer.click();
    menu.focus();
  });
});

// Folded code that is long scrolls in its box, which keys can reach.
addEventListener("toggle", ({ target }) => {
  for (const box of target.matches("details.code") ? target.querySelectorAll("pre") : []) {
    if (box.scrollHeight > box.clientHeight) box.tabIndex = 0;
  }
}, true);

// The page for wrong addresses is one for both languages: it speaks that of the address.
document.addEventListener("DOMContentLoaded", () => {
  const lang = location.pathname.includes("/zh/") ? "zh" : "en";
  for (const section of document.querySelectorAll("section.wrong")) {
    section.hidden = section.lang !== lang;
    const { site, copyright } = section.dataset;
    if (section.hidden || !site) continue;
    document.documentElement.lang = lang;
    document.title = `${section.querySelector("h1").textContent} - ${site}`;
    document.querySelector(".md-header__title .md-ellipsis").textContent = site;
    document.querySelector(".md-copyright__highlight").textContent = copyright;
  }
});

// A claim opens its check beside it; without this, it leads to the check at the end of the page.
document.addEventListener("click", (event) => {
  const claim = event.target.closest?.("a.claim");
  if (!claim || !claim.showPopover || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const checked = document.getElementById(claim.hash.slice(1));
  const check = document.createElement("div");
  Object.assign(check, { className: "check", popover: "auto", tabIndex: -1, role: "dialog", ariaLabel: claim.textContent });
  const close = document.createElement("button");
  close.textContent = checked.closest(".checks").dataset.close;
  close.addEventListener("click", () => check.hidePopover());
  check.append(close, ...[...checked.children].slice(1).map((part) => part.cloneNode(true)));
  check.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    if (check.contains(document.activeElement) || document.activeElement === document.body) claim.focus({ preventScroll: true });
    check.remove();
  });
  check.addEventListener("click", ({ target }) => { if (target.closest("a")) check.hidePopover(); });
  claim.closest("article").append(check);
  check.showPopover();

  // Below the words, or above where there is more room.
  const { left, top, bottom } = [...claim.getClientRects()].at(-1);
  const edge = 12, { offsetWidth, offsetHeight } = check;
  const below = bottom + edge + offsetHeight < innerHeight || top < offsetHeight + edge;
  const x = Math.max(edge, Math.min(left, document.documentElement.clientWidth - offsetWidth - edge));
  check.style.left = `${x + scrollX}px`;
  check.style.top = `${(below ? bottom + edge / 2 : top - edge / 2 - offsetHeight) + scrollY}px`;
  check.focus({ preventScroll: true });
});

// A term shows its meaning by style alone. Escape takes it away, until another is reached; and on
// a screen to touch, the first tap shows it and the second follows the link.
for (const type of ["keydown", "mouseover", "focusin"]) {
  addEventListener(type, ({ key, target }) => {
    if (key === "Escape" || target.matches?.(".term")) document.body.classList.toggle("told", key === "Escape");
  });
}
let tapped;
addEventListener("click", (event) => {
  const term = event.target.closest?.(".term");
  if (term && term !== tapped && event.pointerType === "touch") {
    event.preventDefault();
    term.focus();
  }
  tapped = term;
});
