"""The verdicts that notebooks show, read from their outputs, compared with the committed ones, and as text.

A check's result carries its verdict in the notebook's own output, under the MIME type ``VERDICT``: an object, or a
list of objects, with the keys id, scale, seed, parameters, verdict, measured, predicted, interval, falseAlarm, power,
title and statement.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Iterator

VERDICT = "application/vnd.liftgrad.verdict+json"
HEADINGS = ("check", "verdict", "measured", "predicted or bound", "notebook")


@dataclass(frozen=True)
class Row:
    """One verdict, the notebook that shows it and the output's place there."""

    notebook: str
    anchor: str
    record: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.record.get("id", "?"))

    @property
    def verdict(self) -> str:
        return str(self.record.get("verdict", "?"))


def verdicts(name: str, notebook: Any) -> list[Row]:
    """Every verdict in a notebook's outputs, in their order."""
    return [
        Row(name, f"cell-{number}", record)
        for number, cell in enumerate(notebook.cells, start=1)
        for record in _records(cell)
    ]


def _records(cell: Any) -> Iterator[dict[str, Any]]:
    for output in cell.get("outputs", []):
        content = output.get("data", {}).get(VERDICT)
        if isinstance(content, str):  # some kernels write JSON forms as text
            content = json.loads(content)
        for record in content if isinstance(content, list) else [content]:
            if isinstance(record, dict):
                yield record


def compare(name: str, fresh: Any, recorded: Any) -> list[str]:
    """What differs between the verdicts of a run and those committed, a sentence each."""
    new, old = _by_id(verdicts(name, fresh)), _by_id(verdicts(name, recorded))
    differences = []
    for key in sorted(set(new) | set(old)):
        label = f"{key[0]} in {name}" + (f" (showing {key[1] + 1})" if key[1] else "")
        if key not in new:
            differences.append(f"{label} was {old[key].verdict} and is no longer shown.")
        elif key not in old:
            differences.append(f"{label} is {new[key].verdict} and was not recorded.")
        elif new[key].verdict != old[key].verdict:
            differences.append(f"{label} was {old[key].verdict} and now is {new[key].verdict}.")
    return differences


def _by_id(rows: list[Row]) -> dict[tuple[str, int], Row]:
    found: dict[tuple[str, int], Row] = {}
    for row in rows:
        showing = sum(1 for key in found if key[0] == row.id)
        found[(row.id, showing)] = row
    return found


def compare_outputs(name: str, fresh: Any, recorded: Any, spark: bool = False) -> list[str]:
    """Which cells show something else than they were committed with, a sentence each; pictures and times aside.

    A cell with the tag ``needs-spark`` was committed with Spark, and is compared where Spark is here.
    """
    differences = []
    for number, (new, old) in enumerate(zip(fresh.cells, recorded.cells), start=1):
        missing = not spark and "needs-spark" in new.metadata.get("tags", [])
        if new.cell_type == "code" and new.source == old.source and not missing:
            shown, kept = _words_of(new), _words_of(old)
            if shown != kept:
                pair = next(((a, b) for a, b in zip(shown, kept) if a != b), (f"{len(shown)} outputs", f"{len(kept)}"))
                differences.append(f"cell {number} of {name} shows {_short(pair[0])!r} where {_short(pair[1])!r} was committed.")
    return differences


# Pictures depend on the fonts of a machine, and how long something took on more than that.
_PICTURE = re.compile(r"<svg.*?</svg>\s*|<img [^>]*src=\"data:image/[^\"]*\"[^>]*>|data:image/[^\"]*", re.DOTALL)
_TIME = re.compile(r"\b[0-9][0-9.e-]*\s?(?:ns|µs|ms|s|min|seconds|minutes)\b")


def _words_of(cell: Any) -> list[str]:
    words = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        for form in ("text/plain", "text/html", "text/markdown"):
            content = data.get(form, "")
            words.extend("".join(content).splitlines() if not isinstance(content, str) else content.splitlines())
        if output.get("output_type") == "stream":
            words.extend(str(output.get("text", "")).splitlines())
    return _TIME.sub("…", _PICTURE.sub("picture", "\n".join(words))).splitlines()


def figure(value: Any) -> str:
    """A figure as a person reads it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(figure(part) for part in value) + "]"
    if isinstance(value, dict) and {"lower", "upper", "level"} <= value.keys():
        level = f"{100 * float(value['level']):.6g}"
        return f"[{float(value['lower']):.4g}, {float(value['upper']):.4g}] ({level} %)"
    if isinstance(value, dict):
        return ", ".join(f"{key} {figure(part)}" for key, part in value.items())
    return str(value)


def as_text(rows: list[Row]) -> str:
    """The table of verdicts for a terminal."""
    if not rows:
        return "No notebook showed a verdict."
    table = [list(HEADINGS)]
    for row in rows:
        figures = [figure(row.record.get(key)) for key in ("measured", "predicted")]
        table.append([_short(text) for text in (row.id, row.verdict, *figures, row.notebook)])
    widths = [max(len(line[c]) for line in table) for c in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in table)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 44 else text[:43] + "…"
