"""The report as a site: an index with the catalogue, the statements, and every notebook as it ran.

It works from a file system and loads nothing. The only script is the search of the index, to which every page has a
form; without it all is there but the search. Whatever an output of a notebook holds, the browser runs none of it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, Iterator

from report import Row, figure

STYLE = Path(__file__).with_name("report.css")
SEARCH = Path(__file__).with_name("search.js")


@dataclass(frozen=True)
class Heading:
    """A heading of a notebook, for its table of contents."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Text:
    """What the search finds of a cell: the words that a person reads, or a program."""

    anchor: str
    words: str
    code: bool


@dataclass(frozen=True)
class Page:
    """A notebook as HTML; ``ran`` names what made its outputs and on what, where that is known."""

    name: str
    title: str
    body: str
    seconds: float
    error: str | None
    headings: list[Heading] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    ran: str = ""


@dataclass(frozen=True)
class Site:
    """All that the pages are made of.

    ``statements`` is what ``liftgrad statements --json`` says; ``provenance`` names what made the pages.
    """

    scale: str
    pages: list[Page]
    rows: list[Row]
    differences: list[str]
    statements: list[dict[str, Any]]
    provenance: str


# ---------------------------------------------------------------- a notebook


def math(latex: str, display: bool) -> str:
    """A formula as MathML, which browsers show by themselves."""
    import latex2mathml.converter

    try:
        return latex2mathml.converter.convert(html.unescape(latex), display="block" if display else "inline")
    except Exception:  # the converter's errors have no common type; the formula's source is readable too
        return f"<code>{html.escape(html.unescape(latex))}</code>"


# The index of a single letter, and a power that is a number, a letter or in brackets, as the pictures set them (plot.Label).
SCRIPT = re.compile(
    r"(?<!\w)([^\W\d_])_([a-zα-ω0-9]{1,3}(?![^\W²³])|∞|\{[^{}^_]{1,16}\})"
    r"|(?:(?<=[^\W_])|(?<=[)‖]))\^(\([^()^_]{1,16}\)|[−-]?(?:[0-9½¼¾⅓⅔]{1,7}(?:\.[0-9]+)?|[^\W\d_])(?![\w½¼¾⅓⅔]|[/.][0-9]))"
)


def prose(text: str) -> str:
    """A sentence as HTML, escaped, with its indices and powers set."""

    def placed(match: re.Match[str]) -> str:
        letter, index, power = match.groups()
        return f"{letter}<sub>{index.strip('{}')}</sub>" if index else f"<sup>{power.strip('()')}</sup>"

    return SCRIPT.sub(placed, html.escape(text))


def markdown(source: str) -> str:
    """Markdown as HTML, with its formulas as MathML."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def inline_math(self, body: str) -> str:
            return math(body, display=False)

        def block_math(self, body: str) -> str:
            return math(body, display=True) + "\n"

    return str(MarkdownWithMath(renderer=Renderer(escape=False)).render(source))


def page(name: str, notebook: Any, seconds: float, error: str | None, ran: str = "") -> Page:
    """A notebook as HTML: its cells in order, each with an anchor."""
    import nbformat
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    exporter = HTMLExporter(template_name="basic", config=Config({"HTMLExporter": {"anchor_link_text": ""}}))
    exporter.register_filter("markdown2html", markdown)
    parts, headings, texts = [], [], []
    taken: set[str] = set()
    for number, cell in enumerate(notebook.cells, start=1):
        alone = nbformat.v4.new_notebook(cells=[cell], metadata=notebook.metadata)
        anchor = f"cell-{number}"
        body = _loadable(exporter.from_notebook_node(alone)[0])
        if cell.cell_type == "markdown":
            body, found = _anchored(body, taken)
            headings.extend(found)
            texts.append(Text(anchor, _words(body), code=False))
        elif cell.cell_type == "code" and cell.source.strip():
            texts.append(Text(anchor, " ".join(cell.source.split()), code=True))
        parts.append(f'<section id="{anchor}">{body}</section>')
    return Page(name, _title(name, notebook), "\n".join(parts), seconds, error, headings, texts, ran)


def _loadable(body: str) -> str:
    """Links between notebooks lead to their pages; those to other files of the project to nowhere in a report."""
    body = re.sub(r'href="(?:\.?/)?([0-9]{2}-[A-Za-z0-9-]+)\.ipynb(#[^"]*)?"', r'href="\1.html\2"', body)
    return body


def _anchored(body: str, taken: set[str]) -> tuple[str, list[Heading]]:
    """Headings with anchors of their own on the page: two may have one name."""
    found: list[Heading] = []

    def anchored(match: re.Match[str]) -> str:
        level, name = int(match.group(1)), match.group(2)
        inside = re.sub(r'<a class="anchor-link".*?</a>', "", match.group(3), flags=re.DOTALL)
        anchor = next(each for each in (name, *(f"{name}-{k}" for k in range(2, 1000))) if each not in taken)
        taken.add(anchor)
        found.append(Heading(level, anchor, inside))
        return f'<h{level} id="{anchor}">{inside}</h{level}>'

    return re.sub(r'<h([1-6])[^>]*? id="([^"]*)"[^>]*>(.*?)</h\1>', anchored, body, flags=re.DOTALL), found


def _words(body: str) -> str:
    """What a person reads of some HTML."""
    body = re.sub(r"<math.*?</math>", " ", body, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _title(name: str, notebook: Any) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("# "):
                    return line[2:].strip()
    return name


# ---------------------------------------------------------------- pages


def _policy(script: str | None) -> str:
    scripts = f"; script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" if script else ""
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'{scripts}"


def _document(title: str, body: str, site: Site, script: str | None = None, ran: str = "") -> str:
    from pygments.formatters import HtmlFormatter

    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    style = f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{STYLE.read_text(encoding='utf-8')}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<link rel="icon" href="data:,">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{style}\n</style>\n</head>\n<body>\n{body}\n"
        + "<footer>"
        + (f"<p>The outputs of this notebook: {html.escape(ran)}</p>" if ran else "")
        + f"<p>{html.escape(site.provenance)}</p></footer>\n"
        + (f"<script>{script}</script>\n" if script else "")
        + "</body>\n</html>\n"
    )


def write(folder: Path, site: Site) -> Path:
    """Writes the index, the statements and a page a notebook; returns the index's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.html"):
        stale.unlink()
    for place, one in enumerate(site.pages):
        before = site.pages[place - 1] if place else None
        after = site.pages[place + 1] if place + 1 < len(site.pages) else None
        _put(folder / f"{one.name}.html", _document(one.title, _notebook(one, before, after), site, ran=one.ran))
    if site.statements:
        _put(folder / "statements.html", _document("Liftgrad: the statements", _statements(site), site))
    index = folder / "index.html"
    _put(index, _document("Liftgrad: what the notebooks found", _index(site), site, SEARCH.read_text(encoding="utf-8")))
    return index


def _put(file: Path, text: str) -> None:
    beside = file.with_name(file.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def _notebook(one: Page, before: Page | None, after: Page | None) -> str:
    failed = f'<p class="failed">Stopped: {html.escape(one.error)}.</p>' if one.error else ""
    turns = '<a href="index.html">All notebooks and verdicts</a>'
    if before:
        turns = f'<a rel="prev" href="{before.name}.html">← {html.escape(before.title)}</a>' + turns
    if after:
        turns += f'<a rel="next" href="{after.name}.html">{html.escape(after.title)} →</a>'
    contents = "".join(
        f'<li><a href="#{heading.anchor}">{heading.text}</a></li>'
        for heading in one.headings
        if heading.level == 2
    )
    beside = f'<nav class="contents" aria-label="Contents"><strong>Contents</strong><ul>{contents}</ul></nav>' if contents else ""
    return (
        f'<nav class="turns" aria-label="Notebooks">{turns}</nav>{SEEK}{failed}<div class="lecture">{beside}<main>{one.body}</main></div>'
        f'<nav class="turns" aria-label="Notebooks, once more">{turns}</nav>'
    )


# The search is the index's: a form asks it, as an address of a file may have a question too.
SEEK = (
    '<form class="seek" role="search" action="index.html"><input type="search" name="q" aria-label="Search notebooks and statements"'
    ' placeholder="Search notebooks and statements" autocomplete="off" required></form>'
)
READING = (
    '<h2 id="reading">How to read the verdicts</h2><ul>'
    "<li><strong>holds, fails, reported</strong>: whether the rule, which was fixed beforehand, is met; what is reported has none."
    " <em>Fails</em> says that our figures contradict the statement as we read it.</li>"
    "<li><strong>false alarm</strong>: how often the rule would fail by chance where the statement is true. <strong>Power</strong>: how"
    " often it finds the break of its negative control. Both were worked out beforehand.</li>"
    "<li><strong>paper scale</strong>: what rows at the papers' own sizes say, which come with the library, and how many cells of"
    " the plan are in.</li>"
    "<li>A check that no notebook shows has the verdict that a test holds; <code>environment/liftgrad check ID</code> runs it.</li></ul>"
)


def _index(site: Site) -> str:
    parts = [
        "<main><h1>Liftgrad: what the notebooks found</h1>",
        f'<p>Lectures that check the statements of two papers, and what came out, at scale <strong>{html.escape(site.scale)}</strong>.'
        + (' <a href="statements.html">All statements</a>, in our words.' if site.statements else "")
        + "</p>",
        _search(site),
        '<h2 id="notebooks">Notebooks</h2><ul>',
    ]
    for one in site.pages:
        link = f'<a href="{html.escape(one.name)}.html">{html.escape(one.name.split("-")[0])} – {html.escape(one.title)}</a>'
        state = f', {one.seconds:.0f} s' if one.seconds else ""
        failed = f' <span class="failed">stopped: {html.escape(one.error)}</span>' if one.error else ""
        parts.append(f"<li>{link}{state}{failed}</li>")
    parts.append("</ul>")
    if site.differences:
        parts.append("<p>This differs from the committed notebooks:</p><ul>")
        parts.extend(f'<li class="failed">{html.escape(difference)}</li>' for difference in site.differences)
        parts.append("</ul>")
    parts.append(READING)
    parts.append(_catalogue(site))
    return "\n".join(parts) + "</main>"


def _search(site: Site) -> str:
    # In a block of data no letter may end the block.
    data = json.dumps(list(_entries(site)), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        '<form id="search" role="search" hidden><label for="wanted">Search notebooks and statements</label>'
        '<input id="wanted" type="search" autocomplete="off"><ul id="found" aria-live="polite"></ul></form>'
        f'<script type="application/json" id="texts">{data}</script>'
    )


def _entries(site: Site) -> Iterator[dict[str, Any]]:
    """All that the search looks through, in the order in which it is shown: lectures, statements, checks, programs."""
    for one in site.pages:
        yield from ({"at": f"{one.name}.html#{text.anchor}", "in": one.title, "text": text.words} for text in one.texts if not text.code)
    shown = _first_shown(site)
    checks = {check["id"]: check for statement in site.statements for check in statement["checks"]}
    for statement in site.statements:
        text = f"{statement['title']}. {statement['wording']}"
        yield {"at": f"statements.html#{_anchor(statement['id'])}", "in": statement["id"], "text": text}
    for identifier, check in checks.items():
        quantity = shown[identifier].record.get("quantity") if identifier in shown else None
        parts = (
            f"{check['title']}.", check["question"], f"Holds if {check['rule']}." if check["rule"] else "",
            f"Measured: {quantity}." if quantity else "", f"Control: {check['control']}.",
        )
        yield {"at": f"statements.html#{_card(identifier)}", "in": identifier, "text": " ".join(part for part in parts if part)}
    for identifier, row in shown.items():
        if identifier not in checks:
            parts = (f"{row.record.get('title') or identifier}.", f"Measured: {row.record['quantity']}." if row.record.get("quantity") else "")
            yield {"at": f"{row.notebook}.html#{row.anchor}", "in": identifier, "text": " ".join(part for part in parts if part)}
    for one in site.pages:
        yield from ({"at": f"{one.name}.html#{text.anchor}", "in": one.title, "text": text.words, "code": True} for text in one.texts if text.code)


def _anchor(identifier: str) -> str:
    return identifier.replace("/", "-")


def _card(identifier: str) -> str:
    """The place of a check among the statements."""
    return f"check-{_anchor(identifier)}"


# What a column is called, and its class: on a telephone a row is a small card, and some columns are left out.
COLUMNS = {
    "check": "check", "verdict": "says", "what it checks": "title", "measured": "measured", "predicted or bound": "predicted",
    "interval": "interval", "false alarm": "alarm", "power": "power", "notebook": "place", "paper scale": "paper",
}


def _catalogue(site: Site) -> str:
    """A row a check, grouped by paper and statement; then what else the notebooks judge."""
    shown = _first_shown(site)
    parts = []
    listed: set[str] = set()
    for paper in dict.fromkeys(statement["paper"] for statement in site.statements):
        lines = []
        for statement in (each for each in site.statements if each["paper"] == paper):
            fresh = [check for check in statement["checks"] if check["id"] not in listed]
            listed.update(check["id"] for check in fresh)
            link = f'<a href="statements.html#{_anchor(statement["id"])}">{prose(statement["title"])}</a>'
            kind = f'{statement["kind"]}, {statement["certainty"]}'
            lines.append(
                f'<tr class="of" role="row"><th colspan="{len(COLUMNS)}" role="rowheader"><div>{link} <span class="kind">{html.escape(kind)}</span></div></th></tr>'
            )
            lines.extend(
                _check_line(check["id"], check["title"], shown.get(check["id"]), _committed(check), _recorded(check, site.scale))
                for check in fresh
            )
        parts.append(f"<h2>{html.escape(paper)}</h2>{_table(lines)}")
    others = [row for row in site.rows if row.id not in listed]
    if others:
        title = "What else the notebooks judge" if site.statements else "Verdicts"
        lines = [_check_line(row.id, str(row.record.get("title", "")), row, "") for row in others]
        parts.append(f'<h2 id="others">{title}</h2>{_table(lines)}')
    return "\n".join(parts) if parts else "<p>No notebook showed a verdict.</p>"


def _table(lines: Iterable[str]) -> str:
    # The roles stay when a style makes cards of the rows.
    heads = "".join(f'<th role="columnheader" class="{kind}">{heading}</th>' for heading, kind in COLUMNS.items())
    return (
        '<div class="wide"><table class="verdicts" role="table"><thead role="rowgroup">'
        f'<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{"".join(lines)}</tbody></table></div>'
    )


def _badge(verdict: str) -> str:
    kind = verdict.lower() if verdict.lower() in ("holds", "fails", "reported", "contradicted") else "other"
    return f'<span class="verdict {kind}">{html.escape(verdict)}</span>'


def _committed(check: dict[str, Any]) -> str:
    """What the rows of scale paper say that come with the library, and how many cells are in."""
    for committed in check["committed"]:
        if committed["scale"] == "paper":
            cells = f'{committed["finished"]} of {committed["planned"]} cells'
            return f'{_badge(committed["result"]["verdict"])}, {cells}' if committed["result"] else cells
    return ""


def _recorded(check: dict[str, Any], scale: str) -> str:
    """The verdict that a test holds, of a check that no notebook shows."""
    return _badge(check["recorded"].get(scale, "reported"))


def _check_line(identifier: str, title: str, row: Row | None, committed: str, recorded: str = "") -> str:
    if row is None:
        cells = [html.escape(identifier), recorded, prose(title), *["–"] * 5, "none", committed]
    else:
        where = f"{html.escape(row.notebook)}.html"
        quantity = prose(str(row.record.get("quantity") or ""))
        cells = [
            f'<a href="{where}#{row.anchor}">{html.escape(identifier)}</a>',
            _badge(row.verdict),
            prose(title) + (f'<small class="quantity">measured: {quantity}</small>' if quantity else ""),
            *(html.escape(figure(row.record.get(key))) for key in ("measured", "predicted", "interval")),
            *(html.escape(_chance(row.record.get(key))) for key in ("falseAlarm", "power")),
            f'<a href="{where}" title="{html.escape(row.notebook)}">{html.escape(row.notebook.split("-")[0])}</a>',
            committed,
        ]
    return '<tr role="row">' + "".join(map(_cell, COLUMNS, cells)) + "</tr>"


def _cell(heading: str, content: str) -> str:
    empty = " none" if content in ("", "–") else ""
    return f'<td role="cell" class="{COLUMNS[heading]}{empty}" data-heading="{heading}">{content}</td>'


def _chance(value: Any) -> str:
    """A probability, which nobody reads to six digits."""
    return f"{value:.3g}" if isinstance(value, float) else figure(value)


def _first_shown(site: Site) -> dict[str, Row]:
    """By id; a check may be shown in several notebooks."""
    shown: dict[str, Row] = {}
    for row in site.rows:
        shown.setdefault(row.id, row)
    return shown


def _statements(site: Site) -> str:
    shown = _first_shown(site)
    parts = ['<nav class="turns" aria-label="Pages"><a href="index.html">All notebooks and verdicts</a></nav>', SEEK, "<main><h1>The statements</h1>"]
    parts.append("<p>In our words, each with how sure we are that it is what the paper says.</p>")
    paper = None
    carded: set[str] = set()  # a check may belong to several statements, and is found at the first
    for statement in site.statements:
        if statement["paper"] != paper:
            paper = statement["paper"]
            parts.append(f"<h2>{html.escape(paper)}</h2>")
        checks = "".join(_check_card(check, shown.get(check["id"]), check["id"] not in carded) for check in statement["checks"])
        carded.update(check["id"] for check in statement["checks"])
        parts.append(
            f'<section class="statement" id="{_anchor(statement["id"])}"><h3>{prose(statement["title"])}</h3>'
            f'<p class="kind">{html.escape(statement["id"])} – {html.escape(statement["kind"])}, {html.escape(statement["certainty"])}</p>'
            f'<p>{prose(statement["wording"])}</p><div class="wide">{math(statement["formula"], display=True)}</div>'
            + (f'<ul class="checks">{checks}</ul>' if checks else "<p>No check.</p>")
            + "</section>"
        )
    return "\n".join(parts) + "</main>"


def _check_card(check: dict[str, Any], row: Row | None, first: bool) -> str:
    name = html.escape(check["id"])
    link = f'<a href="{html.escape(row.notebook)}.html#{row.anchor}">{name}</a> {_badge(row.verdict)}.' if row else f'{name} {_recorded(check, "quick")}.'
    rule = f' Holds if {prose(check["rule"])}.' if check["rule"] else " It reports, without a rule."
    lines = [f'<strong>{link}</strong> {prose(check["question"])}{rule} Control: {prose(check["control"])}.']
    for committed in check["committed"]:
        result = committed["result"]
        cells = f'{committed["finished"]} of {committed["planned"]} cells'
        if result is None:
            lines.append(f'Scale {html.escape(committed["scale"])}: {cells} are in, too few to be judged.')
        else:
            interval = f', {figure(result["interval"])}' if result["interval"] else ""
            lines.append(
                f'Scale {html.escape(committed["scale"])}, {cells}: {_badge(result["verdict"])}; {prose(result["quantity"])}:'
                f' {html.escape(figure(result["measured"]) + interval)}.'
            )
    place = f' id="{html.escape(_card(check["id"]))}"' if first else ""
    return f'<li{place}>{"<br>".join(lines)}</li>'
