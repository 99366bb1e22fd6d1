"""A return as a workbook: what it is, then a sheet a table. Nothing in it is a formula."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from peelian.domain.spreadsheet_text import harmless

_FORMATS: Final = {
    "count": "#,##0", "amount": "#,##0", "hours": "#,##0.0", "pounds": "£#,##0", "percent": "0.0",
    "chance": "0.000",
}  # fmt: skip
_WIDE: Final = 44
_UNIT: Final = {"percent": " (%)", "pounds": " (£)"}


def write_xlsx(body: dict[str, Any], path: Path) -> None:
    """Write a return's figures as they stand in `body`."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        looks = {
            kind: book.add_format({"num_format": form, "align": "right", "valign": "top"})
            for kind, form in _FORMATS.items()
        }
        looks |= {
            "bold": book.add_format({"bold": True}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "figure head": book.add_format(
                {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "right"}
            ),
            "said": book.add_format({"align": "right", "valign": "top", "italic": True}),
        }
        _front(book, body, looks)
        for k, block in enumerate(body["blocks"], 1):
            _sheet(book, f"{k} {block['title']}", block, looks)


def front_lines(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Give what stands before the figures, the same in each format."""
    return [
        ("Area", f"{body['area_name']} ({body['area']})"), ("Period", body["period"]),
        ("Copy for", body["audience"]), ("Small numbers", body["rules"]), ("Notice", body["notice"]),
        ("Return", body["id"]), ("Made", body["made"]), ("Newest forecast run", body["run"] or "none"),
        ("Ledger snapshot", str(body["snapshot"])), ("Template (SHA-256)", body["template"][:16]),
        *(("Read for the template", one) for one in body["read"]),
    ]  # fmt: skip


def _printed(sheet: Any) -> None:
    """On paper a sheet is as wide as a page: A4, on its side."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _front(book: Any, body: dict[str, Any], looks: dict[str, Any]) -> None:
    sheet = book.add_worksheet("About")
    _printed(sheet)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, harmless(body["title"]), looks["bold"])
    row = 1
    if body["simulated"]:
        sheet.write_string(row, 0, "SIMULATED", looks["bold"])
        sheet.write_string(row, 1, "Fictional place. No number here is about a real place.", looks["bold"])
        row += 1
    for name, said in [("", body["text"]), *front_lines(body)]:
        sheet.write_string(row, 0, harmless(name))
        sheet.write_string(row, 1, harmless(said), looks["wrap"])
        row += 1


def _sheet(book: Any, name: str, block: dict[str, Any], looks: dict[str, Any]) -> None:
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31])
    sheet.write_string(0, 0, harmless(block["title"]), looks["bold"])
    sheet.write_string(1, 0, harmless(block["text"]))
    heads = [f"{one['name']}{_UNIT.get(one['kind'], '')}" for one in block["heads"]]
    named = ["What", "Period", *heads, "Source", "Coverage", "Note"]
    for column, head in enumerate(named):
        figure = 2 <= column < 2 + len(heads)
        sheet.write_string(3, column, harmless(head), looks["figure head" if figure else "head"])
    sheet.set_row(3, 30)
    sheet.freeze_panes(4, 1)
    _printed(sheet)
    sheet.repeat_rows(3)
    sheet.print_area(0, 0, 3 + len(block["lines"]), 4 + len(heads))
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 1 + len(heads), 18)
    sheet.set_column(2 + len(heads), 4 + len(heads), _WIDE)
    for row, line in enumerate(block["lines"], 4):
        long = max(len(line[part]) for part in ("source", "coverage", "note"))
        sheet.set_row(row, 15 * max(1, -(-long // (_WIDE - 4))))  # no program reckons it again on opening
        sheet.write_string(row, 0, harmless(line["what"]), looks["wrap"])
        sheet.write_string(row, 1, harmless(line["period"]), looks["wrap"])
        for k, (head, one) in enumerate(zip(block["heads"], line["figures"], strict=True), 2):
            if one["state"] == "known":
                sheet.write_number(row, k, one["value"], looks[head["kind"]])
            else:
                sheet.write_string(row, k, harmless(one["said"]), looks["said"])
        for k, name_ in enumerate(("source", "coverage", "note"), 2 + len(heads)):
            sheet.write_string(row, k, harmless(line[name_]), looks["wrap"])
