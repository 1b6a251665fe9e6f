"""What others see of a page before they open it: a picture for links, and the minutes it takes.

The picture is drawn by the package in a process of its own, since torch takes seconds to load,
and only for a site that has an address: without one, nothing can link to it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from engine import complaints, temporary
from engine.kept import cache, digest, keep, made_by, recall
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

CARD = "assets/card.png"
DRAW = """
import sys
from attncues import gaze, saliency, scenes, style

desk = scenes.desk()
card = gaze.draw_card(desk, saliency.priority(desk.image))
with style.look():
    card.savefig(sys.argv[1], dpi=200, facecolor=style.NAVY, metadata={"Software": None})
"""

WORDS, CHARACTERS = 230, 400
"""What a reader reads in a minute: words of English, characters of Chinese."""


def add_card(files: Files, config: MkDocsConfig) -> None:
    """Add the picture for links to a site that has an address; nobody links to a preview."""
    if config.site_url and not complaints.serving:
        files.append(File.generated(config, CARD, content=_card(config)))


def _card(config: MkDocsConfig) -> bytes:
    root = Path(config.config_file_path).parent
    sources = [path.read_bytes() for path in sorted((root / "attncues").rglob("*.py"))]
    path = cache(config) / "cards" / f"{digest(repr([made_by(__file__), *sources]))}.png"
    if (card := recall(path)) is None:
        card = _draw(root)
        keep(path, card)
    return card


def _draw(root: Path) -> bytes:
    with temporary.folder("card") as folder:
        target = Path(folder, "card.png")
        environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", DRAW, str(target)]
        result = subprocess.run(command, env=environment, capture_output=True, text=True)
        if result.returncode:
            raise PluginError(f"the picture for links cannot be drawn:\n{result.stderr}")
        return target.read_bytes()


def count_minutes(html: str, page: Page) -> None:
    """Tell the template how many minutes a page of the chapter takes; code is not counted."""
    reference = ":::" in (page.markdown or "")
    searched = not (page.meta.get("search") or {}).get("exclude")
    if page.parent is not None and searched and not reference:
        prose = re.sub(r"<(pre|math|svg)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
        characters = len(re.findall(r"[\u4e00-\u9fff]", prose))
        words = len(re.findall(r"[A-Za-z0-9][\w'’.-]*", re.sub(r"[\u4e00-\u9fff]", " ", prose)))
        page.meta["minutes"] = max(1, round(words / WORDS + characters / CHARACTERS))
