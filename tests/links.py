"""Ask each address that the pages name whether it still answers: python tests/links.py.

Needs the network, so it is no test: CI runs it weekly, and nobody waits for it.
"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parent.parent
# Publishers that turn away programs: they answer a browser, and that is what counts.
REFUSALS = {401, 403, 405, 418, 429}


def addresses() -> dict[str, list[str]]:
    """Every external address, with the files that name it."""
    found: dict[str, list[str]] = {}
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for address in set(
            re.findall(r"\]\((https?://[^\s]+?)\)[\s.,;)]", path.read_text("utf-8"))
        ):
            found.setdefault(address, []).append(path.relative_to(ROOT).as_posix())
    return found


def trouble(address: str) -> str | None:
    """Return what is wrong with an address, if anything is."""
    request = Request(address, headers={"User-Agent": "Mozilla/5.0 (link check)"})
    try:
        with urlopen(request, timeout=30):
            return None
    except HTTPError as error:
        return None if error.code in REFUSALS else f"HTTP {error.code}"
    except (URLError, TimeoutError) as error:
        return str(error)


def main() -> int:
    """Print the addresses that do not answer; fail if there are any."""
    named = addresses()
    with ThreadPoolExecutor(8) as pool:
        troubles = dict(zip(named, pool.map(trouble, named), strict=True))
    for address, reason in troubles.items():
        if reason:
            print(f"{address}: {reason} ({', '.join(named[address])})")
    dead = sum(reason is not None for reason in troubles.values())
    print(f"{len(named)} addresses, {dead} without an answer")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
