r"""Take the names of functions off formulas; a test holds each formula to the function it names.

    $-\|\mathbf{q} - \mathbf{k}\|^2 / 2${formula=gaussian}

Behind `$$` it is the same. What follows a comma, as in `{formula=target_query, w > 1}`, tells
formulas of one function apart; tests/formulas.py says what each is held to. Behind a formula
that no function of the package computes stands `{derivation}`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from engine.complaints import complain
from engine.markup import find, substitute
from mkdocs.structure.pages import Page

FORMULA = (
    r"(?<![\\$])(?P<sign>\$\$|\$(?!\s))(?P<formula>(?:\\.|[^\\$])+?)(?:(?<!\s)|(?=\$\$))(?P=sign)"
    r"(?:[ ]*\{(?:formula=(?P<name>[^}]*)|(?P<derivation>derivation))\})?"
    r"|(?P<stray>\{(?:formula\b[^}]*|derivation)\})"
)


def take_names(markdown: str, page: Page, package: Path) -> str:
    """Return the Markdown of a page as its readers see it; complain of names that are wrong."""
    known = functions(package) if "{formula" in markdown else set()

    def take(match: re.Match[str]) -> str:
        if match["stray"]:
            complain(page, f"{match['stray']} stands behind no formula")
            return ""
        formula = f"{match['sign']}{match['formula']}{match['sign']}"
        if match["name"] is not None:
            function = match["name"].partition(",")[0]
            if function not in known:
                complain(page, f"no function of {package.name} is called {function!r}: {formula}")
        elif match["sign"] == "$$" and not match["derivation"]:
            complain(
                page,
                "a formula on lines of its own names the function that it describes, as "
                f"{{formula=gaussian}}, or says {{derivation}} behind its last $$: {formula}",
            )
        return formula

    return substitute(FORMULA, take, markdown)


def named(markdown: str) -> Iterator[tuple[str, str]]:
    """Yield name and LaTeX of each formula that names a function."""
    for match in find(FORMULA, markdown):
        if match["name"] is not None:
            yield match["name"], match["formula"].strip()


def functions(package: Path) -> set[str]:
    """Read the names of a package's public functions, without the second that importing takes."""
    scripts = (path.read_text(encoding="utf-8") for path in package.rglob("[!.]*.py"))
    return {name for text in scripts for name in re.findall(r"^def ([a-z]\w*)\(", text, re.M)}
