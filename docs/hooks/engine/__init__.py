"""Run the cells of a book's pages while it is built, and put what they compute into its prose.

A page is Markdown; its cells stand in a Python script of their own, and the page cites them by
name, as often as it has editions. Each module holds one idea, from the ground up:

- `kept`: what a build keeps for the next, whole or not at all
- `markup`: which parts of a Markdown text are code
- `cells`: a script, parted into cells with names
- `temporary`: folders that go when the build ends, or when the next one begins
- `leaks`: what tells of the machine is not published
- `worker`, `processes`: cells run in a process of their own, forked or started anew
- `runs`: each distinct code is run once, and again when anything that it came from has changed
- `facts`: computed values in sentences
- `claims`: sentences that a computed bool decides
- `pages`: a page, its cells and their outputs become Markdown and an executed notebook
- `complaints`: what is wrong is said at once and all together

Another book names its package and its languages in a hook of its own, as `docs/hooks/hook.py`
does; nothing here knows of this one.
"""
