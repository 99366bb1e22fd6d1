"""The first-run page: files in, mapping confirmed, forecast made; what is hostile is refused and deleted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from peelian.api import uploading
from peelian.api.app import create_app
from peelian.api.security import MAX_BODY
from peelian.domain.actor import LOCAL_ANALYST, Actor
from peelian.pipeline.context import Context
from peelian.pipeline.jobs import _run
from peelian.store import jobs
from peelian.store.runs import latest_run
from peelian.store.uploads import get_upload
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

from .police_zip import MONTHS, write_zip


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return fresh(tmp_path / "home")


@pytest.fixture
def front(ws: Workspace) -> Iterator[TestClient]:
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="analysis")
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as made:
        yield made


def one_job(ws: Workspace) -> jobs.Job:
    """Run the job that waits."""
    job = jobs.claim(ws)
    assert job is not None
    _run(Context(ws), job, lambda: True)
    return jobs.get(ws, job.id)


def send(front: TestClient, name: str, body: bytes) -> str:
    answer = front.post("/start/files", files={"files": (name, body, "application/octet-stream")})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def left(ws: Workspace) -> list[Path]:
    return [path for path in (ws.landing / "uploads").rglob("*") if path.is_file() and path.suffix != ".json"]


def test_an_empty_workspace_starts_on_the_first_run_page(front: TestClient) -> None:
    assert front.get("/").headers["location"] == "/start"
    assert "Make the demonstration" in front.get("/start").text


def test_a_police_download_becomes_a_forecast(front: TestClient, ws: Workspace, tmp_path: Path) -> None:
    rows = write_zip(tmp_path / "download.zip")
    at = send(front, "download.zip", (tmp_path / "download.zip").read_bytes())
    assert "Looking at your files" in front.get(at).text
    assert one_job(ws).state == "done"
    asking = front.get(at).text
    assert "bedfordshire, 14 months from June 2021 to July 2022" in asking
    assert "Crime type" in asking
    assert "202106" not in asking  # an id is shown masked only
    assert front.post(at, data={"force": "essex", "target": "violence"}).status_code == 422
    assert front.post(at, data={"force": "bedfordshire", "target": "violence"}).headers["location"] == at
    assert "Bringing your data in" in front.get(at).text
    done = one_job(ws)
    assert done.state == "done", done.message
    assert f"{rows:,} rows were taken" in front.get(at).text
    run = latest_run(ws)
    assert run is not None
    assert (run.area, run.target, run.card["origin"]) == ("bedfordshire", "violence", "2022-08-01")
    assert front.get("/").status_code == 200
    assert left(ws) == []
    assert len(MONTHS) == 14


def table() -> bytes:
    """Two years of reports, one a day, in a force's own layout."""
    lines = ["Crime No,Date Committed,Time Committed,Offence,Easting,Northing,Suspect Surname"]
    for k in range(760):
        day = date(2023, 1, 2) + timedelta(days=k)
        what = ("Robbery", "Criminal Damage", "Burglary Dwelling")[k % 3]
        lines.append(
            f"{5000 + k},{day:%d/%m/%Y},{k % 24:02d}:{k % 60:02d},{what},"
            f"{505000 + k % 900},249{k % 900:03d},Xy"
        )
    return "\n".join(lines).encode()


def test_a_table_is_corrected_and_brought_in(front: TestClient, ws: Workspace) -> None:
    at = send(front, "extract.csv", table())
    assert one_job(ws).state == "done"
    asking = front.get(at).text
    assert "police crime extract" in asking
    assert "Suspect Surname" in asking  # named as about people
    assert "5000" not in asking
    said = {"force": "anyshire", "target": "robbery", "ground": "own", "controller": "Anyshire Police",
            "expiry": "2020-01-01"}  # fmt: skip
    front.post(at, data=said)
    assert one_job(ws).state == "failed"
    again = front.get(at)
    assert "a last day to come" in again.text
    assert 'value="Anyshire Police"' in again.text
    front.post(at, data=said | {"expiry": str(date.today() + timedelta(days=90)), "column.time": ""})
    done = one_job(ws)
    assert done.state == "done", done.message
    run = latest_run(ws)
    assert run is not None
    assert (run.area, run.every) == ("anyshire", "week")
    assert left(ws) == [] or all(path.suffix == ".yaml" for path in left(ws))


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


BAD = {
    "bomb": zipped(**{"2021-06/2021-06-x-street.csv": b"0" * (40 << 20)}),
    "climb": zipped(**{"../../2021-06-x-street.csv": b"a,b\n1,2\n"}),
    "nested": zipped(**{"in.zip": b"PK"}),
    "nothing": zipped(**{"readme.txt": b"hello"}),
    "two": zipped(**{"a.csv": b"a,b\n1,2\n", "b.csv": b"a,b\n1,2\n"}),
    "cut": zipped(**{"a.csv": b"a,b\n1,2\n"})[:40],
}


@pytest.mark.parametrize("name", BAD)
def test_a_hostile_archive_is_refused_in_a_sentence_and_deleted(
    front: TestClient, ws: Workspace, name: str
) -> None:
    at = send(front, f"{name}.zip", BAD[name])
    assert one_job(ws).state == "failed"
    text = front.get(at).text
    assert "The files were not taken" in text
    assert "failed:" not in text  # a sentence of ours, no exception's name
    assert left(ws) == []


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("../../../evil.sh", b"#!", 422),
        ("a.exe", b"MZ", 422),
        ("a.csv", b"", 422),
        ("a.zip", b"no zip", 409),
        ("a.csv", b"PK\x03\x04xx", 409),
        (".csv", b"a,b", 422),
        ("", b"", 422),
    ],
)
def test_a_file_of_no_kind_is_not_kept(
    front: TestClient, ws: Workspace, name: str, body: bytes, status: int
) -> None:
    answer = front.post("/start/files", files={"files": (name, body, "text/csv")})
    assert answer.status_code == status
    assert list((ws.landing / "uploads").glob("*")) == []


def test_a_name_cannot_leave_the_folder(front: TestClient, ws: Workspace) -> None:
    at = send(front, "..\\..\\../x/..%2f/../p&asswd.csv", b"a,b\n1,2\n")
    folder = ws.landing / "uploads" / at.rsplit("/", 1)[1] / "files"
    assert [path.name for path in folder.iterdir()] == ["p_asswd.csv"]
    assert list(ws.home.rglob("*asswd*")) == [folder / "p_asswd.csv"]


def test_only_this_address_takes_much_and_it_has_a_limit(
    front: TestClient, ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    much = b"a,b\n" + b"1,2\n" * MAX_BODY
    assert front.post("/start/demo", content=much).status_code == 422
    assert front.post("/start/" + "a" * 24, content=much).status_code == 422
    send(front, "a.csv", much)
    monkeypatch.setattr(uploading, "MAX_UPLOAD", 1000)
    answer = front.post("/start/files", files={"files": ("b.csv", much)})
    assert answer.status_code == 413
    assert len(list((ws.landing / "uploads").glob("*"))) == 1


def test_files_can_be_deleted_instead(front: TestClient, ws: Workspace, tmp_path: Path) -> None:
    write_zip(tmp_path / "d.zip", a_month=10)
    at = send(front, "d.zip", (tmp_path / "d.zip").read_bytes())
    assert one_job(ws).state == "done"
    assert front.post(at, data={"drop": "yes"}).headers["location"] == "/start"
    assert front.get(at).status_code == 404
    assert left(ws) == []


def test_an_upload_is_its_owners_alone(front: TestClient, ws: Workspace) -> None:
    at = send(front, "a.csv", b"a,b\n1,2\n")
    app = create_app(ws, actor=Actor("someone", "analyst"), purpose="analysis")
    with TestClient(app, base_url="http://127.0.0.1:8000") as other:
        assert other.get(at).status_code in (403, 404)
    get_upload(ws, at.rsplit("/", 1)[1]).write("owner", {"actor": "someone"})
    assert front.get(at).status_code == 404
    assert front.post(at, data={"drop": "yes"}).status_code == 404


def test_no_real_place_beside_the_demonstration(
    front: TestClient, ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_zip(tmp_path / "d.zip", a_month=10)
    at = send(front, "d.zip", (tmp_path / "d.zip").read_bytes())
    one_job(ws)
    front.post(at, data={"force": "bedfordshire", "target": "violence"})
    held = pl.DataFrame({"force": ["simulated-eldermarch"]})
    monkeypatch.setattr("peelian.pipeline.onboarding_bring.coverage", lambda _: held)
    assert one_job(ws).state == "failed"
    assert "never held in one workspace" in front.get(at).text
    monkeypatch.setattr("peelian.api.starting.coverage", lambda _: held)
    assert "holds the demonstration" in front.get("/start").text
    answer = front.post("/start/files", files={"files": ("a.csv", b"a,b\n1,2\n")})
    assert answer.status_code == 409


def test_the_demonstration_is_queued_once_and_only_where_nothing_is_held(
    front: TestClient, ws: Workspace
) -> None:
    first = front.post("/start/demo").headers["location"]
    assert front.post("/start/demo").headers["location"] == first
    assert [job.kind for job in jobs.list(ws)] == ["demo"]
    assert "Making the demonstration" in front.get(first).text
