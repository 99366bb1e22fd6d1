"""`peelian briefing`: two pages written, repeats worked out beside the run; months say why there are none."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from peelian.domain.errors import Misuse, NotFound
from peelian.pipeline.briefing import BriefingRequest, make_briefing
from peelian.pipeline.briefing_repeats import FILE, write_repeats
from peelian.pipeline.context import Context
from peelian.store.audit import list_audit
from peelian.store.runs import add_run, get_run
from peelian.store.workspace import Workspace, open_workspace
from tests.api.run_folder import write_run

RUN = "sim1-violence-20261102"


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    ws: Workspace = open_workspace(tmp_path / "home")
    add_run(ws, RUN, write_run(ws.runs / RUN))
    return Context(ws, purpose="prevention")


def test_a_briefing_is_written_without_the_data_behind_the_run(ctx: Context, tmp_path: Path) -> None:
    out = tmp_path / "f.pdf"
    made = make_briefing(ctx, BriefingRequest("SIM1", out=out))
    assert len(PdfReader(io.BytesIO(out.read_bytes())).pages) == 2
    assert not made.repeats.ready  # nothing of SIM1 is in the ledger: briefed without repeats
    assert any(row.verb == "disclosure" and row.what == "briefing" for row in list_audit(ctx.ws, last=5))


def test_what_cannot_be_briefed_is_said(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        make_briefing(ctx, BriefingRequest("elsewhere"))
    with pytest.raises(Misuse):
        make_briefing(ctx, BriefingRequest(out=tmp_path / "none" / "f.pdf"))


def test_months_say_why_there_are_no_repeats(ctx: Context) -> None:
    body = write_repeats(ctx, replace(get_run(ctx.ws, RUN), every="month"))
    assert "whole months" in body["unable"]
    assert json.loads((ctx.ws.runs / RUN / FILE).read_text()) == body
    assert "whole months" in make_briefing(ctx, BriefingRequest()).repeats.sentences[0]
