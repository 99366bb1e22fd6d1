"""Help and glossary: what the pages are for, and what the words mean. Neither shows a record or a run."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from peelian.api.asking import Asked, asks
from peelian.api.templates import render
from peelian.api.words import glossary

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/help")
def read_help(_asked: Annotated[Asked, Depends(asks("consultation", "help page"))]) -> HTMLResponse:
    """Say what each page is for, how to read the numbers, and what they cannot tell."""
    return render("help.html", run=None)


@router.get("/glossary")
def read_glossary(_asked: Annotated[Asked, Depends(asks("consultation", "glossary"))]) -> HTMLResponse:
    """Give the words and what they mean here."""
    return render("glossary.html", run=None, words=glossary())
