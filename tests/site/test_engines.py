"""The site is not bound to one engine: see docs/en/maintaining.md.

If one fails, compare what `mkdocs build` and `properdocs build` print and write; where they part
for good, say so in docs/en/maintaining.md.
"""

import re
import shutil

from tests.conftest import Project, tree

GENERATOR = re.compile(rb'<meta name="generator" content="[^"]*">')


def test_properdocs_builds_the_same_site_from_the_same_sources(
    built: Project, project: Project
) -> None:
    project.engine = "properdocs"
    shutil.rmtree(project.folder / ".cache" / "pages")  # it shall render them itself
    result = project.build()
    assert result.code == 0, result.log
    theirs, ours = (
        {name: GENERATOR.sub(b"", content) for name, content in tree(place.site).items()}
        for place in (project, built)
    )
    assert theirs.keys() == ours.keys()
    assert [name for name in ours if theirs[name] != ours[name]] == []
    assert b"ProperDocs" in (project.site / "index.html").read_bytes()
