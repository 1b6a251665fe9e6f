"""The cells of the chapter: what a page shows is what runs, a script each.

`# %% name` opens a cell, and the page cites it by that name, in each of its
editions. The last line of a cell is what it shows, as in a notebook. A cell
with the tag `figure` shows a figure that is called by the name of the cell;
input with the tag `hide-input` is folded on the page; a cell with the tag
`hide-cell` runs and is not shown.

The scripts run by themselves, too: `python attncues/chapter/cues.py`.
"""

import re
from pathlib import Path

PAGES = (
    "index",
    "cues",
    "cues_in_the_laboratory",
    "visual_search",
    "queries_keys_values",
    "visualising_attention",
    "reading_heatmaps",
    "hard_attention",
    "transformers",
    "language_model",
    "summary",
    "exercises",
    "translator",
    "more_exercises",
    "practice",
    "teaching",
)
"""The scripts, in the order of the pages."""


def figures() -> dict[str, str]:
    """Find the names of all figures, each with its script; none is run."""
    named = re.compile(r'(?m)^# %% ([\w-]+) tags=\[.*"figure"')
    folder = Path(__file__).parent
    return {
        name: page
        for page in PAGES
        for name in named.findall(
            (folder / f"{page}.py").read_text(encoding="utf-8")
        )
    }
