"""Run one cell as a page does: earlier code unseen, then what it prints, shows and raises."""

import io
import json
import sys

WIDTH = 79


def run(code, prelude):
    """Run a cell.

    Args:
        code: The cell. If it ends with an expression, its value is shown.
        prelude: Code that runs before it in the same place, and shows nothing of itself.

    Returns:
        JSON: `text`, the value of the last expression as IPython writes it, or null; `heatmaps`,
            what was shown as heatmaps; `error`, null or its `type`, `message` and `line` in the
            cell (null if there is none; `earlier` is true if it is of the prelude).
    """
    from attncues import heatmaps

    space = {"__name__": "__main__"}
    said = {"text": None, "heatmaps": heatmaps.shown, "error": None}
    heatmaps.shown.clear()
    begun = False
    try:
        for earlier in prelude:
            exec(compile(earlier, "<earlier>", "exec"), space)
        heatmaps.shown.clear()
        begun = True
        body, last, _ = parted(code)
        exec(compile(body, "<cell>", "exec"), space)
        if last:
            value = eval(compile(last, "<last>", "eval"), space)
            if isinstance(value, heatmaps.Figure):
                heatmaps.shown.append(value.data)
            elif value is not None:
                said["text"] = pretty(value)
    except Exception as error:
        said["error"] = {
            "type": type(error).__name__,
            "message": message_of(error),
            "line": line_of(error, code) if begun else None,
            "earlier": not begun,
        }
    return json.dumps(said)


def parted(code):
    """Part code before its last expression: what runs, the expression, and the lines above it."""
    lines = code.split("\n")
    for start in reversed(range(len(lines))):
        line = lines[start]
        if not line or line[0] in " \t#)]}":
            continue
        rest = "\n".join(lines[start:])
        try:
            compile(rest, "<last>", "eval")
            compile("\n".join(lines[:start]), "<cell>", "exec")
            return "\n".join(lines[:start]), rest, start
        except SyntaxError:
            pass
        try:
            compile(rest, "<cell>", "exec")
            break
        except SyntaxError:
            pass
    return code, "", 0


def message_of(error):
    """Say what went wrong, and what helps where this small Python is not enough."""
    import torch

    message = str(error)
    if isinstance(error, KeyError) and error.args:
        message = repr(error.args[0])
    if isinstance(error, ImportError) and "'" in message:
        return torch.NOT_HERE.format("the module " + message.split("'")[1])
    if "Tensor" in message and ("format code" in message or "convert" in message):
        return message + "; here, write .item() behind it"
    if "unsupported types" in message and message.endswith("'Tensor'"):
        return message + "; here, write the tensor first"
    if isinstance(error, MemoryError):
        return torch.NOT_HERE.format("room for so much")
    return message


def line_of(error, code):
    """Find the line of the cell in which an error was raised, or on the way to it."""
    written = io.StringIO()
    sys.print_exception(error, written)
    found = None
    for line in written.getvalue().split("\n"):
        for name in ("<cell>", "<last>"):
            mark = '"' + name + '", line '
            if mark in line:
                digits = line.split(mark)[1].split(",")[0]
                found = int(digits) + (parted(code)[2] if name == "<last>" else 0)
    return found


def pretty(value, indent=0, after=0):
    """Write a value as IPython does: on one line if it fits, else one part a line.

    Args:
        value: What to write.
        indent: How far to the right it begins.
        after: How many signs must follow on its last line.
    """
    kind = type(value)
    if kind in (tuple, list, dict, set) and value:
        opening, closing = {tuple: "()", list: "[]", dict: "{}", set: "{}"}[kind]
        parts = (
            sorted(value) if kind is set else list(value.items()) if kind is dict else list(value)
        )
        single = kind is tuple and len(parts) == 1

        def texts(wide):
            found = []
            for place, part in enumerate(parts):
                tail = 1 if place < len(parts) - 1 or single else after + 1
                at = indent + 1 if wide else 0
                if kind is dict:
                    key = repr(part[0]) + ": "
                    found.append(key + pretty(part[1], at, tail))
                else:
                    found.append(pretty(part, at, tail))
            return found

        whole = opening + ", ".join(texts(False)) + ("," if single else "") + closing
        if "\n" not in whole and indent + len(whole) + after <= WIDTH:
            return whole
        joined = (",\n" + " " * (indent + 1)).join(texts(True))
        return opening + joined + ("," if single else "") + closing
    return repr(value).replace("\n", "\n" + " " * indent)


def answer(question):
    """Answer a question of the worker, from JSON to JSON: see `run`."""
    asked = json.loads(question)
    return run(asked["code"], asked["prelude"])
