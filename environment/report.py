"""The report: the notebooks as they ran and the table of their verdicts, as pages that need no network and no script.

A check's result carries its verdict in the notebook's own output, under the MIME type ``VERDICT``: an object, or a
list of objects, with the keys id, scale, seed, parameters, verdict, measured, predicted, interval, falseAlarm, power,
title and statement.
"""

from __future__ import annotations

import html
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

VERDICT = "application/vnd.liftgrad.verdict+json"
STYLE = Path(__file__).with_name("report.css")
# Whatever an output holds, the browser then loads nothing and runs nothing.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
HEADINGS = ("check", "statement", "verdict", "measured", "predicted", "interval", "false alarm", "power", "seed", "notebook")


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


@dataclass(frozen=True)
class Page:
    """A notebook as HTML."""

    name: str
    title: str
    body: str
    seconds: float
    error: str | None


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


def _cells(row: Row) -> list[str]:
    record = row.record
    names = ("measured", "predicted", "interval", "falseAlarm", "power", "seed")
    return [row.id, str(record.get("title", "")), row.verdict, *(figure(record.get(key)) for key in names), row.notebook]


def as_text(rows: list[Row]) -> str:
    """The table of verdicts for a terminal."""
    if not rows:
        return "No notebook showed a verdict."
    kept = (0, 2, 3, 4, 9)
    table = [[HEADINGS[i] for i in kept]] + [[_short(_cells(row)[i]) for i in kept] for row in rows]
    widths = [max(len(line[c]) for line in table) for c in range(len(kept))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in table)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 44 else text[:43] + "…"


def math(latex: str, display: bool) -> str:
    """A formula as MathML, which browsers show by themselves."""
    import latex2mathml.converter

    try:
        return latex2mathml.converter.convert(html.unescape(latex), display="block" if display else "inline")
    except Exception:  # the converter's errors have no common type; the formula's source is readable too
        return f"<code>{html.escape(html.unescape(latex))}</code>"


def markdown(source: str) -> str:
    """Markdown as HTML, with its formulas as MathML."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def inline_math(self, body: str) -> str:
            return math(body, display=False)

        def block_math(self, body: str) -> str:
            return math(body, display=True) + "\n"

    return str(MarkdownWithMath(renderer=Renderer(escape=False)).render(source))


def page(name: str, notebook: Any, seconds: float, error: str | None) -> Page:
    """A notebook as HTML: its cells in order, each with an anchor."""
    import nbformat
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    exporter = HTMLExporter(template_name="basic", config=Config({"HTMLExporter": {"anchor_link_text": ""}}))
    exporter.register_filter("markdown2html", markdown)
    parts = []
    for number, cell in enumerate(notebook.cells, start=1):
        alone = nbformat.v4.new_notebook(cells=[cell], metadata=notebook.metadata)
        parts.append(f'<section id="cell-{number}">{exporter.from_notebook_node(alone)[0]}</section>')
    return Page(name, _title(name, notebook), "\n".join(parts), seconds, error)


def _title(name: str, notebook: Any) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("# "):
                    return line[2:].strip()
    return name


def _document(title: str, body: str) -> str:
    from pygments.formatters import HtmlFormatter

    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    style = f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{STYLE.read_text(encoding='utf-8')}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{style}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def write(folder: Path, scale: str, pages: list[Page], rows: list[Row], differences: list[str]) -> Path:
    """Writes the index and a page a notebook; returns the index's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.html"):
        stale.unlink()
    for one in pages:
        failed = f'<p class="failed">Stopped: {html.escape(one.error)}.</p>' if one.error else ""
        top = f'<nav><a href="index.html">All notebooks and verdicts</a></nav>{failed}'
        (folder / f"{one.name}.html").write_text(_document(one.title, f"{top}<main>{one.body}</main>"), encoding="utf-8")
    index = folder / "index.html"
    beside = folder / "index.html.new"
    beside.write_text(_document("Liftgrad: what the notebooks found", _index(scale, pages, rows, differences)), encoding="utf-8")
    beside.replace(index)
    return index


def _index(scale: str, pages: list[Page], rows: list[Row], differences: list[str]) -> str:
    parts = ["<main><h1>Liftgrad: what the notebooks found</h1>", f"<p>Run at scale <strong>{html.escape(scale)}</strong>.</p>"]
    parts.append("<h2>Notebooks</h2><ul>")
    for one in pages:
        state = f'<span class="failed">stopped: {html.escape(one.error)}</span>' if one.error else "ran to its end"
        link = f'<a href="{html.escape(one.name)}.html">{html.escape(one.title)}</a>'
        parts.append(f"<li>{link} – {state}, {one.seconds:.0f} s</li>")
    parts.append("</ul><h2>Verdicts</h2>")
    if differences:
        parts.append("<p>These differ from the committed notebooks:</p><ul>")
        parts.extend(f'<li class="failed">{html.escape(difference)}</li>' for difference in differences)
        parts.append("</ul>")
    parts.append(_verdict_table(rows) if rows else "<p>No notebook showed a verdict.</p>")
    return "\n".join(parts) + "</main>"


def _verdict_table(rows: list[Row]) -> str:
    lines = ['<div class="wide"><table class="verdicts"><thead><tr>']
    lines.extend(f"<th>{heading}</th>" for heading in HEADINGS)
    lines.append("</tr></thead><tbody>")
    for row in rows:
        cells = [html.escape(cell) for cell in _cells(row)]
        hint = html.escape(str(row.record.get("statement", "")))
        where = f"{html.escape(row.notebook)}.html#{row.anchor}"
        cells[0] = f'<a href="{where}" title="{hint}">{cells[0]}</a>'
        kind = row.verdict.lower() if row.verdict.lower() in ("holds", "fails", "reported", "contradicted") else "other"
        cells[2] = f'<span class="verdict {kind}">{cells[2]}</span>'
        cells[9] = f'<a href="{html.escape(row.notebook)}.html">{cells[9]}</a>'
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    lines.append("</tbody></table></div>")
    return "".join(lines)
