"""Tests of the report; environment/test runs them with the locked tools."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import nbformat.v4 as v4

import report
import reproduce

RECORD = {
    "id": "shallow/T1a", "title": "a <b>title</b>", "statement": '"x" & y', "scale": "quick", "seed": 7, "verdict": "holds",
    "measured": 0.98765432, "predicted": "at least 0.95", "interval": [0.96, 1.0], "falseAlarm": 0.001, "power": None,
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
        self.assertEqual("check        verdict  measured  predicted      notebook", lines[0])
        self.assertEqual("shallow/T1a  holds    0.987654  at least 0.95  02", lines[1])


class Pages(unittest.TestCase):
    def test_formulas_become_mathml(self):
        page = report.page("02", notebook(markdown="a $x<y$ b\n\n$$\\sum_{i=1}^n \\|w_i\\|^2$$"), 1.0, None)
        self.assertEqual(2, page.body.count("<math"))
        self.assertIn("&lt;", page.body)
        self.assertNotIn("$", page.body)

    def test_a_price_is_not_a_formula(self):
        self.assertIn("costs 5$ and", report.page("02", notebook(markdown="costs 5$ and more"), 1.0, None).body)

    def test_a_formula_that_cannot_be_read_stays_readable(self):
        self.assertIn("frac", report.math("\\frac{1}{", display=False))

    def test_the_report_is_escaped_and_self_contained(self):
        made = notebook(RECORD)
        made.cells[1].outputs.append(v4.new_output("stream", name="stdout", text="<script>alert(1)</script>"))
        page = report.page("02-x", made, 61.0, "a cell failed: <i>no</i>")
        with tempfile.TemporaryDirectory() as folder:
            index = report.write(Path(folder), "quick", [page], report.verdicts("02-x", made), ["<u>differs</u>"])
            text = index.read_text(encoding="utf-8")
            html = text + (Path(folder) / "02-x.html").read_text(encoding="utf-8")
        for tag in ("<script", "<i>no", "<u>differs", "<b>title"):
            self.assertNotIn(tag, html)
        self.assertIn('href="02-x.html#cell-2"', text)
        self.assertIn('id="cell-2"', html)
        self.assertNotRegex(html.replace("http://www.w3.org/1998/Math/MathML", ""), "(https?:)?//[a-z]")


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
