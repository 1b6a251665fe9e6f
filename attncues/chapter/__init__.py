"""The cells of the chapter's pages, a script for each: what a page shows is what runs.

`# %% name` opens a cell, and the page cites it by that name, in each of its editions. The last
line of a cell is what it shows, as in a notebook. A cell with the tag `figure` shows a figure
that is called by the name of the cell; input with the tag `hide-input` is folded on the page;
a cell with the tag `hide-cell` runs and is not shown.

The scripts run by themselves, too: `python attncues/chapter/cues.py`.
"""

PAGES = (
    "index",
    "cues",
    "visual_search",
    "queries_keys_values",
    "visualising_attention",
    "reading_heatmaps",
    "hard_attention",
    "exercises",
)
"""The scripts, in the order of the pages."""
