"""Try the properties of the package on other inputs each time: `python -m tests.fuzz --minutes 60`.

Prints how many inputs were tried of each property, and what broke it; ends with 1 if one broke.
"""

import argparse
import sys
import time
import traceback
from collections import Counter

from hypothesis import strategies as st

from tests.properties import PROPERTIES, Property, attempt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    minutes = parser.parse_args().minutes
    tried, broken = Counter[str](), Counter[str]()

    def counted(check: Property) -> Property:
        def counts(data: st.DataObject) -> None:
            tried[check.__name__] += 1
            check(data)

        return counts

    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        for check in PROPERTIES:
            try:
                attempt(counted(check), 200, repeatable=False)
            except Exception:
                broken[check.__name__] += 1
                traceback.print_exc()
    for name, count in tried.items():
        print(f"{count:>9,} of {name}, broken {broken[name]} times")
    print(f"{tried.total():>9,} in all, in {minutes:g} minutes")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
