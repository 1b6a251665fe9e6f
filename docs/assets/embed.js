// An explorer on a page of its own is dark where its reader likes that.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.body.setAttribute("data-md-color-scheme", dark.matches ? "slate" : "default");
follow();
dark.addEventListener("change", follow);
