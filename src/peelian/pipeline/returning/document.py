"""A return as a document: the same figures as the workbook, in tables for print."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Pt

from peelian.pipeline.returning.workbook import front_lines

_SMALL: Final = Pt(8)


def write_docx(body: dict[str, Any], path: Path) -> None:
    """Write a return's figures as they stand in `body`."""
    made = Document()
    page = made.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    page.footer.paragraphs[0].text = f"{body['notice']} Return {body['id']}."
    made.core_properties.title = body["title"]
    made.core_properties.author = "Peelian"
    made.add_heading(_clean(body["title"]), 0)
    if body["simulated"]:
        line = made.add_paragraph()
        line.add_run("SIMULATED, fictional place. No number here is about a real place.").bold = True
    if body["text"]:
        made.add_paragraph(_clean(body["text"]))
    for name, said in front_lines(body):
        line = made.add_paragraph()
        line.add_run(f"{name}: ").bold = True
        line.add_run(_clean(said))
    for block in body["blocks"]:
        made.add_heading(_clean(block["title"]), 1)
        if block["text"]:
            made.add_paragraph(_clean(block["text"]))
        _table(made, block)
    made.save(str(path))


def _table(made: Any, block: dict[str, Any]) -> None:
    heads = ["What", "Period", *(one["name"] for one in block["heads"]), "Source and coverage", "Note"]
    rows = [
        [line["what"], line["period"], *(one["said"] for one in line["figures"]),
         f"{line['source']}; {line['coverage']}", line["note"]]
        for line in block["lines"]
    ]  # fmt: skip
    table = made.add_table(rows=len(rows) + 1, cols=len(heads))
    table.style = "Table Grid"
    cells = table._cells  # table.cell() walks the whole table for each cell
    for k, text in enumerate([text for row in [heads, *rows] for text in row]):
        run = cells[k].paragraphs[0].add_run(_clean(text))
        run.font.size, run.bold = _SMALL, k < len(heads)
    again = OxmlElement("w:tblHeader")  # the head stands on each page
    again.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}val", "true")
    table.rows[0]._tr.get_or_add_trPr().append(again)


def _clean(text: str) -> str:
    """Give the text without control characters, which no document may hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
