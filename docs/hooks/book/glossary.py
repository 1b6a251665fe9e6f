"""The terms of the book, one for each idea."""

import csv
from pathlib import Path


def table(docs: Path) -> str:
    """Write the terms as a table."""
    with (docs / "glossary.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lines = [f'| {row["English"]} | <span lang="zh-CN">{row["中文"]}</span> |' for row in rows]
    return "\n".join(["| English | 中文 |", "| --- | --- |", *lines])
