"""Tests of the report; environment/test runs them with the locked tools."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
import unittest
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Iterator
from unittest import mock

import nbformat.v4 as v4

import browser
import pages
import report
import reproduce

RECORD = {
    "id": "shallow/T1a", "title": "a <b>title</b>", "statement": '"x" & y', "scale": "quick", "seed": 7, "verdict": "holds",
    "measured": 0.98765432, "predicted": "at least 0.95", "interval": [0.96, 1.0], "falseAlarm": 0.001, "power": None,
}

STATEMENT = {
    "id": "shallow/theorem-1", "paper": "A paper", "kind": "theorem", "title": "A <b>title</b>", "wording": "an <em>word</em>",
    "formula": "a < b", "certainty": "stated",
    "checks": [{"id": "shallow/T1a", "title": "t", "question": "q?", "rule": "", "control": "c", "recorded": {"quick": "holds"}, "committed": [
        {"scale": "paper", "finished": 2, "planned": 4, "result": None},
        {"scale": "beyond", "finished": 4, "planned": 4, "result": {**RECORD, "quantity": "a share"}}]}],
}


def notebook(*records: object, markdown: str = "# Title"):
    outputs = [v4.new_output("display_data", data={"text/plain": "x", report.VERDICT: record}) for record in records]
    return v4.new_notebook(cells=[v4.new_markdown_cell(markdown), v4.new_code_cell("1 < 2", outputs=outputs)])


class Verdicts(unittest.TestCase):
    def test_an_interval_reads_as_one(self) -> None:
        self.assertEqual(report.figure({"lower": 0.9782, "upper": 0.99738, "level": 0.95}), "[0.9782, 0.9974] (95 %)")

    def test_one_and_many_are_read(self):
        rows = report.verdicts("02", notebook(RECORD, [RECORD, {**RECORD, "id": "shallow/T1b"}]))
        self.assertEqual(["shallow/T1a", "shallow/T1a", "shallow/T1b"], [row.id for row in rows])
        self.assertEqual("cell-2", rows[0].anchor)

    def test_the_same_verdicts_do_not_differ(self):
        self.assertEqual([], report.compare("02", notebook(RECORD), notebook({**RECORD, "measured": 0.9})))

    def test_another_verdict_differs(self):
        fresh = notebook(RECORD, {**RECORD, "verdict": "fails"}, {**RECORD, "id": "shallow/new"})
        old = notebook(RECORD, RECORD, {**RECORD, "id": "shallow/old"})
        self.assertEqual(
            [
                "shallow/T1a in 02 (showing 2) was holds and now is fails.",
                "shallow/new in 02 is holds and was not recorded.",
                "shallow/old in 02 was holds and is no longer shown.",
            ],
            report.compare("02", fresh, old),
        )

    def test_the_text_table_lines_up(self):
        lines = report.as_text(report.verdicts("02", notebook(RECORD))).splitlines()
        self.assertEqual("check        verdict  measured  predicted or bound  notebook", lines[0])
        self.assertEqual("shallow/T1a  holds    0.987654  at least 0.95       02", lines[1])


class Pages(unittest.TestCase):
    def test_formulas_become_mathml(self):
        page = pages.page("02", notebook(markdown="a $x<y$ b\n\n$$\\sum_{i=1}^n \\|w_i\\|^2$$"), 1.0, None)
        self.assertEqual(2, page.body.count("<math"))
        self.assertIn("&lt;", page.body)
        self.assertNotIn("$", page.body)

    def test_a_price_is_not_a_formula(self):
        self.assertIn("costs 5$ and", pages.page("02", notebook(markdown="costs 5$ and more"), 1.0, None).body)

    def test_a_formula_that_cannot_be_read_stays_readable(self):
        self.assertIn("frac", pages.math("\\frac{1}{", display=False))

    def test_indices_and_powers_of_a_sentence_are_set(self):
        for text, shown in {
            "‖w_j‖^2 < λ_min": "‖w<sub>j</sub>‖<sup>2</sup> &lt; λ<sub>min</sub>", "a_j², μ_∞, L_{k+1}": "a<sub>j</sub>², μ<sub>∞</sub>, L<sub>k+1</sub>",
            "n^−½, e^(−t/n).": "n<sup>−½</sup>, e<sup>−t/n</sup>.", "n^0.5 but n^0.25p1": "n<sup>0.5</sup> but n^0.25p1",
            "in_degree, a_file_name, n^-1/2": "in_degree, a_file_name, n^-1/2",
        }.items():
            self.assertEqual(shown, pages.prose(text))

    def test_the_report_is_escaped_and_self_contained(self):
        made = notebook(RECORD)
        made.cells[1].outputs.append(v4.new_output("stream", name="stdout", text="<script>alert(1)</script>"))
        page = pages.page("02-x", made, 61.0, "a cell failed: <i>no</i>")
        other = pages.page("03-y", notebook(markdown="# Other\n\n## Same\n\nsee [it](02-x.ipynb#Same)\n\n## Same"), 1.0, None)
        self.assertEqual(["Same", "Same-2"], [heading.anchor for heading in other.headings[1:]])
        self.assertIn('href="02-x.html#Same"', other.body)
        with tempfile.TemporaryDirectory() as folder:
            site = pages.Site("quick", [page, other], report.verdicts("02-x", made), ["<u>differs</u>"], [STATEMENT], "Liftgrad <i>no</i>")
            index = pages.write(Path(folder), site)
            text = index.read_text(encoding="utf-8")
            html = "".join((Path(folder) / name).read_text(encoding="utf-8") for name in ("02-x.html", "statements.html"))
            left = {one.name for one in Path(folder).iterdir()}
        self.assertEqual({"index.html", "statements.html", "02-x.html", "03-y.html"}, left)
        for tag in ("<script", "<i>no", "<u>differs", "<b>title", "<em>word"):
            self.assertNotIn(tag, html)
            if tag != "<script":
                self.assertNotIn(tag, text)
        # The index runs the search and nothing else: the policy names its hash.
        self.assertEqual(1, text.count("<script>"))
        self.assertRegex(text, "script-src 'sha256-[A-Za-z0-9+/]{43}='")
        self.assertIn('href="statements.html#shallow-theorem-1"', text)
        self.assertIn('href="03-y.html"', html)
        html += text
        self.assertIn('href="02-x.html#cell-2"', text)
        self.assertIn('id="cell-2"', html)
        self.assertNotRegex(html.replace("http://www.w3.org/1998/Math/MathML", ""), "(https?:)?//[a-z]")


class Index(unittest.TestCase):
    def test_a_check_that_no_notebook_shows_has_its_recorded_verdict(self):
        unseen = {**STATEMENT, "checks": [{**STATEMENT["checks"][0], "recorded": {"quick": "fails"}}]}
        text = pages._index(pages.Site("quick", [], [], [], [unseen], "Liftgrad"))
        line = _line(text, "shallow/T1a")
        self.assertIn('<span class="verdict fails">fails</span>', line[1])
        self.assertEqual(["t", "none", "2 of 4 cells"], [line[2], *line[8:]])

    def test_what_was_measured_is_named_where_all_can_read_it(self):
        row = report.verdicts("02-x", notebook({**RECORD, "quantity": 'the share of "good" <i>runs</i>'}))
        text = pages._index(pages.Site("quick", [], row, [], [STATEMENT], "Liftgrad"))
        self.assertIn("measured: the share of &quot;good&quot; &lt;i&gt;runs&lt;/i&gt;</small>", _line(text, "shallow/T1a")[2])
        self.assertIn(">predicted or bound</th>", text)

    def test_the_verdict_comes_second(self):
        text = pages._index(pages.Site("quick", [], report.verdicts("02-x", notebook(RECORD)), [], [STATEMENT], "Liftgrad"))
        self.assertEqual(["0.987654", "at least 0.95"], _line(text, "shallow/T1a")[3:5])
        self.assertIn("holds", _line(text, "shallow/T1a")[1])


class Search(unittest.TestCase):
    def entries(self, site: pages.Site) -> list[dict[str, object]]:
        return json.loads(re.search('<script type="application/json" id="texts">(.*?)</script>', pages._index(site)).group(1))

    def test_all_of_a_lecture_is_found_its_programs_and_its_verdicts(self):
        made = notebook({**RECORD, "quantity": "a share </script>"}, {**RECORD, "id": "02/own", "title": "Own", "quantity": "a loss"},
                        markdown="# Title\n\n" + "word " * 400 + "last")
        page = pages.page("02-x", made, 1.0, None)
        check = {**STATEMENT["checks"][0], "question": "is it?", "rule": "it is"}
        site = pages.Site("quick", [page], report.verdicts("02-x", made), [], [{**STATEMENT, "checks": [check]}], "Liftgrad")
        entries = self.entries(site)
        self.assertEqual(
            ["02-x.html#cell-1", "statements.html#shallow-theorem-1", "statements.html#check-shallow-T1a", "02-x.html#cell-2", "02-x.html#cell-2"],
            [each["at"] for each in entries],
        )
        self.assertTrue(str(entries[0]["text"]).endswith("word last"))
        self.assertEqual("t. is it? Holds if it is. Measured: a share </script>. Control: c.", entries[2]["text"])
        self.assertEqual(("02/own", "Own. Measured: a loss."), (entries[3]["in"], entries[3]["text"]))
        self.assertEqual(("1 < 2", True), (entries[4]["text"], entries[4]["code"]))
        self.assertIn('id="check-shallow-T1a"', pages._statements(site))

    def test_a_check_of_two_statements_has_one_place(self):
        twice = [STATEMENT, {**STATEMENT, "id": "shallow/other"}]
        site = pages.Site("quick", [], [], [], twice, "Liftgrad")
        self.assertEqual(1, pages._statements(site).count('id="check-shallow-T1a"'))
        self.assertEqual(3, len(self.entries(site)))


def _line(text: str, check: str) -> list[str]:
    """The cells of a check's row in the catalogue."""
    rows = [re.findall("<td[^>]*>(.*?)</td>", row) for row in re.findall("<tr role=\"row\">(.*?)</tr>", text)]
    return next(cells for cells in rows if cells and check in cells[0])


class Links(unittest.TestCase):
    def test_dead_ones_are_found(self):
        with tempfile.TemporaryDirectory() as folder:
            anchors = {"a.html": {"here"}, "b.html": set()}
            links = {"a.html": {"#here", "#there", "b.html", "b.html#x", "c.html", "https://elsewhere.org"}, "b.html": {"a.html#here"}}
            self.assertEqual(
                [
                    "a.html: the link #there has no such place in its page",
                    "a.html: the link b.html#x has no such place in its page",
                    "a.html: the link c.html leads nowhere",
                ],
                browser._dead(Path(folder), anchors, links),
            )


class Outputs(unittest.TestCase):
    def shown(self, text: str):
        made = notebook()
        made.cells[1].outputs = [v4.new_output("display_data", data={"text/plain": "took 3.2 s", "text/html": text})]
        return made

    def test_pictures_and_times_may_differ(self):
        fresh = self.shown("<p>1</p><svg>a\n</svg> in 12 ms")
        self.assertEqual([], report.compare_outputs("02", fresh, self.shown("<p>1</p><svg>b</svg> in 340 ms")))

    def test_a_picture_may_be_a_drawing_or_an_image(self):
        drawing = self.shown("<div><p>1</p><svg>\n<title>a</title></svg>\n</div>")
        self.assertEqual([], report.compare_outputs("02", self.shown('<div><p>1</p><img alt="b\nc" src="data:image/svg+xml;base64,AA=="></div>'), drawing))

    def test_what_is_said_may_not(self):
        self.assertEqual(
            ["cell 2 of 02 shows '<p>2</p>' where '<p>1</p>' was committed."],
            report.compare_outputs("02", self.shown("<p>2</p>"), self.shown("<p>1</p>")),
        )

    def test_a_cell_for_spark_is_compared_where_spark_is(self):
        fresh, kept = self.shown("<p>no Spark</p>"), self.shown("<p>1</p>")
        fresh.cells[1].metadata["tags"] = ["needs-spark"]
        self.assertEqual([], report.compare_outputs("30", fresh, kept))
        self.assertEqual(1, len(report.compare_outputs("30", fresh, kept, spark=True)))


BAD = """<!DOCTYPE html><html><head><style>p { color: #bbb; background: #fff; } div { width: 3000px; }</style></head><body>
<p>faint</p><div>wide</div><img src="data:image/png;base64,AAAA"><img src="other.png"><svg width="0" height="0"></svg>
<a id="one"></a><a id="one" href="#two">x</a><script>console.log("said"); undefinedFunction();</script></body></html>"""


@unittest.skipUnless(browser.find(), "Chromium is not here")
class InTheBrowser(unittest.TestCase):
    def test_what_is_wrong_with_a_page_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "index.html").write_text(BAD, encoding="utf-8")
            faults = "\n".join(browser.look(Path(folder)))
        for told in (
            "text of contrast 1.92: “faint”", "the page is 3008 wide on a screen of 1280", "a picture is not there", "a drawing has no size",
            "the console was written to", "an error: Uncaught", "it asks for file:", "an anchor is there twice: one",
            "the link #two has no such place", "the search failed",
        ):
            self.assertIn(told, faults)

    def test_our_own_pages_are_as_they_should_be(self):
        made = notebook(RECORD, markdown="# Title\n\n## Part\n\n$x_1$ and the gradient flow, [there](#Part)")
        page = pages.page("02-x", made, 61.0, None)
        with tempfile.TemporaryDirectory() as folder:
            pages.write(Path(folder), pages.Site("quick", [page], report.verdicts("02-x", made), [], [STATEMENT], "Liftgrad"))
            self.assertEqual([], browser.look(Path(folder)))


class Provenance(unittest.TestCase):
    @unittest.skipUnless(shutil.which("git"), "git is not here")
    def test_a_changed_tree_is_marked(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(reproduce, "HOME", Path(folder)):
            self.assertEqual("", reproduce.commit())
            git = ("git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
            (Path(folder) / "notebooks").mkdir()
            for name in ("notebooks/one", "library"):
                (Path(folder) / name).write_text("1", encoding="utf-8")
            for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "one")):
                subprocess.run([*git, *command], check=True)
            self.assertRegex(reproduce.commit(), "^, commit [0-9a-f]{10}$")
            (Path(folder) / "notebooks" / "one").write_text("2", encoding="utf-8")
            self.assertRegex(reproduce.commit(), r"^, commit [0-9a-f]{10} \+ changes$")
            self.assertRegex(reproduce.commit("notebooks"), "^, commit [0-9a-f]{10}$")
            (Path(folder) / "new").write_text("1", encoding="utf-8")
            self.assertRegex(reproduce.commit("notebooks"), r" \+ changes$")

    def test_a_run_says_on_what_and_not_where_or_whose(self):
        with mock.patch.object(reproduce, "liftgrad", lambda *_: "liftgrad 1.2\n"):
            line = reproduce.dated(reproduce.conditions("paper"))
        machine = re.escape(f"{platform.system()} {platform.machine()}, {reproduce.processor()}, {os.cpu_count()} threads")
        self.assertRegex(
            line,
            r"^Liftgrad 1\.2(, commit [0-9a-f]{10}( \+ changes)?)?; scale paper, seed 1; [^;/]+; "
            + machine + r"; 20\d\d-\d\d-\d\d \d\d:\d\d UTC\.$",
        )

    def test_a_page_says_on_what_its_outputs_were_made(self):
        made = notebook(RECORD)
        self.assertEqual("", reproduce.ran(made))
        made.metadata["liftgrad"] = {"provenance": "Liftgrad <i>1</i>; seed 1."}
        page = pages.page("02-x", made, 0.0, None, reproduce.ran(made))
        with tempfile.TemporaryDirectory() as folder:
            pages.write(Path(folder), pages.Site("quick", [page], [], [], [], "Here"))
            text = (Path(folder) / "02-x.html").read_text(encoding="utf-8")
        self.assertIn("<footer><p>The outputs of this notebook: Liftgrad &lt;i&gt;1&lt;/i&gt;; seed 1.</p><p>Here</p></footer>", text)

    def test_where_nothing_is_noted_nothing_is_said(self):
        for noted in ({}, {"liftgrad": "x"}, {"liftgrad": {"provenance": 1}}):
            self.assertEqual("", reproduce.ran(v4.new_notebook(metadata=noted)))

    def test_another_run_of_the_same_outputs_does_not_differ(self):
        fresh = notebook(RECORD)
        fresh.metadata["liftgrad"] = {"provenance": "another"}
        self.assertEqual([], report.compare_outputs("02", fresh, notebook(RECORD)) + report.compare("02", fresh, notebook(RECORD)))


class Seen(HTMLParser):
    """What a page has: anchors, where its links lead, what it loads, its pictures by cell, its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.cells: list[str] = []
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.pictures: Counter[str] = Counter()
        self.scripts = 0
        self._cell = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            value = value or ""
            if name == "id":
                self.ids.append(value)
                if tag == "section" and re.fullmatch("cell-[0-9]+", value):
                    self._cell = value
                    self.cells.append(value)
            elif (tag, name) in (("a", "href"), ("form", "action")):
                self.links.add(value)
            elif name in ("src", "srcset", "href", "xlink:href", "poster", "data", "action", "formaction", "background"):
                self.loaded.add(value)
            elif name == "style":
                self._styled(value)
        if tag in ("img", "svg"):
            self.pictures[self._cell] += 1
        self.scripts += tag == "script"

    def handle_data(self, text: str) -> None:
        if self.lasttag == "style":
            self._styled(text)

    def _styled(self, style: str) -> None:
        self.loaded.update(found.group(1) or found.group() for found in re.finditer(r"@import|url\(([^)]*)\)", style))


WORDS = ("dormand", "edge of stability", "gelu", "Wilson", "lossBelow")


class Committed(unittest.TestCase):
    """The report of the notebooks as they are committed: every page of it."""

    @classmethod
    def setUpClass(cls) -> None:
        kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(kept.cleanup)
        cls.folder = Path(kept.name)
        cls.notebooks = {source.stem: reproduce.as_committed(source).notebook for source in sorted(reproduce.NOTEBOOKS.glob("*.ipynb"))}
        cls.rows = [row for name, each in cls.notebooks.items() for row in report.verdicts(name, each)]
        made = [pages.page(name, each, 0.0, None, reproduce.ran(each)) for name, each in cls.notebooks.items()]
        # The library would take half a minute to tell its statements, as it judges what it carries; their checks' texts are in the verdicts too.
        statements = list(_statements(cls.rows))
        pages.write(cls.folder, pages.Site("quick", made, cls.rows, [], statements, reproduce.provenance_committed()))
        cls.seen = {file.name: Seen(file.read_text(encoding="utf-8")) for file in cls.folder.glob("*.html")}

    def test_every_notebook_has_its_page_and_every_cell_its_place(self):
        expected = {f"{name}.html" for name in self.notebooks} | {"index.html", "statements.html"}
        self.assertEqual(expected, set(self.seen))
        self.assertGreater(len(self.notebooks), 0)
        for name, each in self.notebooks.items():
            self.assertEqual([f"cell-{number}" for number in range(1, len(each.cells) + 1)], self.seen[f"{name}.html"].cells, name)

    def test_every_figure_is_there(self):
        for name, each in self.notebooks.items():
            for number, cell in enumerate(each.cells, start=1):
                pictures = sum(_pictures(output.get("data", {})) for output in cell.get("outputs", []))
                if cell.cell_type == "code":
                    self.assertEqual(pictures, self.seen[f"{name}.html"].pictures[f"cell-{number}"], f"{name}, cell {number}")
        self.assertGreater(sum(sum(seen.pictures.values()) for seen in self.seen.values()), len(self.notebooks))

    def test_no_request_leaves_a_page(self):
        # What is %23 belongs to a picture that is itself in an address.
        for name, seen in self.seen.items():
            self.assertEqual([], [one[:80] for one in seen.loaded if not re.match("['\"]?(data:|#|%23)", one)], name)
            self.assertEqual(2 if name == "index.html" else 0, seen.scripts, name)

    def test_links_lead_somewhere_and_anchors_are_there_once(self):
        anchors = {name: set(seen.ids) for name, seen in self.seen.items()}
        self.assertEqual([], browser._dead(self.folder, anchors, {name: seen.links for name, seen in self.seen.items()}))
        for name, seen in self.seen.items():
            self.assertEqual([], [one for one, times in Counter(seen.ids).items() if times > 1], name)

    def test_formulas_are_all_read(self):
        for name in self.notebooks:
            text = (self.folder / f"{name}.html").read_text(encoding="utf-8")
            self.assertEqual([], re.findall(r"<code>[^<]*\\(?:frac|sum|sigma|lVert|mathbb|left)\b[^<]*</code>", text), name)

    def test_every_verdict_is_in_the_catalogue_at_its_cell(self):
        self.assertGreater(len(self.rows), 0)
        first: dict[str, report.Row] = {}
        for row in self.rows:
            first.setdefault(row.id, row)
        missing = [row.id for row in first.values() if f"{row.notebook}.html#{row.anchor}" not in self.seen["index.html"].links]
        self.assertEqual([], missing)

    def test_the_search_has_all_words_and_stays_small(self):
        index = self.folder / "index.html"
        self.assertLess(index.stat().st_size, 1_500_000)
        texts = re.search('<script type="application/json" id="texts">(.*?)</script>', index.read_text(encoding="utf-8")).group(1)
        entries = json.loads(texts)
        for wanted in WORDS:
            self.assertTrue(any(wanted.lower() in each["text"].lower() for each in entries), wanted)
        anchors = {name: set(seen.ids) for name, seen in self.seen.items()}
        self.assertEqual([], browser._dead(self.folder, anchors, {"index.html": {each["at"] for each in entries}}))

    @unittest.skipUnless(browser.find(), "Chromium is not here")
    def test_they_are_as_they_should_be_in_the_browser(self):
        self.assertEqual([], browser.look(self.folder, WORDS, browser.FEW_VIEWS))


def _statements(rows: list[report.Row]) -> Iterator[dict[str, object]]:
    """A statement for every one that the verdicts name, with those checks."""
    checks: dict[str, dict[str, dict[str, object]]] = {}
    for row in rows:
        if row.record.get("statement"):
            card = {**STATEMENT["checks"][0], **{key: str(row.record.get(key, "")) for key in ("id", "title", "control")}}
            checks.setdefault(row.record["statement"], {})[row.id] = {**card, "question": str(row.record.get("explanation", ""))}
    for identifier, of in checks.items():
        yield {**STATEMENT, "id": identifier, "paper": identifier.split("/")[0], "title": identifier, "checks": list(of.values())}


def _pictures(forms: dict[str, str]) -> int:
    """How many an output shows: a page takes the first of its forms that it can show."""
    if "text/html" in forms:
        return sum(Seen("".join(forms["text/html"])).pictures.values())
    return 1 if {"image/svg+xml", "image/png"} & forms.keys() else 0


class Names(unittest.TestCase):
    def test_a_notebook_is_found_by_number_stem_and_path(self):
        known = [Path("notebooks/01-the-exact-flow.ipynb"), Path("notebooks/02-theorem-1.ipynb")]
        for name in ("02", "02-theorem-1", "02-theorem-1.ipynb", "notebooks/02-theorem-1.ipynb"):
            self.assertEqual(known[1], reproduce.find(name, known))

    def test_the_scale_is_read_in_both_forms(self):
        self.assertEqual("paper", reproduce.read_request(["--scale", "paper"]).scale)
        self.assertEqual("beyond", reproduce.read_request(["--scale=beyond", "--update"]).scale)


if __name__ == "__main__":
    unittest.main()
