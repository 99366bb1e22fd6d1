"""Files that an operator writes: access, teams, kinds, returns, warnings, worlds, answers, the register."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

import polars as pl

from peelian.api.access import FILE, read_access
from peelian.api.transparency_settings import answers, settings_file, template
from peelian.cli.auditing import _kept
from peelian.pipeline.acting.registering import file_entered
from peelian.pipeline.delivery.reading import FORM
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.nij.events import read_city
from peelian.pipeline.nij.rules import CATEGORIES
from peelian.pipeline.planning.resources import example, read_resources
from peelian.pipeline.returning.template import read_template, shipped_text, template_text
from peelian.pipeline.setting_warnings import import_delivery
from peelian.plan.catalogue.load import shipped
from peelian.simulate.scenario import load_scenario
from tests.security.fuzzing.bench import Bench, Parser, Seeds

ACCESS: Final = b"""force = "kent"
hosts = ["map.kent.example"]
proxies = ["10.0.0.5"]
idle_minutes = 15
absolute_hours = 12
requests_a_second = 100

[oidc]
issuer = "https://login.kent.example"
client_id = "peelian"
client_secret_file = ""
claim = "groups"
[[oidc.rules]]
value = "map-analysts"
role = "analyst"
force = "kent"
areas = ["*"]
agreements = ["*"]
"""
ENTRIES: Final = b"""kind,title,area,start,end,agency,dose,dose_unit,cost,reason,decision_maker
visible-presence,Foot patrols,kent,2024-01-01,2024-02-01,police,20,hours,,night violence,supervisor
lighting,New lamps,kent,2024-03-01,2024-03-09,council,12,lamps,9000,dark path,council officer
"""


def access(bench: Bench, _name: str, data: bytes) -> None:
    """Read who may come in."""
    home = bench.put(FILE, data).parent
    read_access(home, "accounts", secure=True)


def of_path(read: Callable[[Path], object]) -> Callable[[Bench, str, bytes], None]:
    """Give the reading of a file at a path."""

    def reading(bench: Bench, name: str, data: bytes) -> None:
        read(bench.put(name, data))

    return reading


def kinds(bench: Bench, name: str, data: bytes) -> None:
    """Bring in own kinds of intervention."""
    import_context(bench.ctx, "interventions", bench.put(name, data))


def kind_seeds(_bench: Bench) -> Seeds:
    """Give two shipped kinds' files."""
    held = resources.files("peelian.plan.catalogue") / "kinds"
    found = sorted((one for one in held.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {one.name: one.read_bytes() for one in found[:2]}


def returned(bench: Bench, name: str, data: bytes) -> None:
    """Read a partnership's own template of a return."""
    read_template(template_text("csp", bench.put(name, data)))


def asked(bench: Bench, _name: str, data: bytes) -> None:
    """Read the answers of the transparency record."""
    path = settings_file(bench.ctx.ws)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    answers(bench.ctx.ws, "north")


def warned(bench: Bench, name: str, data: bytes) -> None:
    """Read who is told of warnings."""
    import_delivery(bench.ctx, bench.put(name, data))


def registered(bench: Bench, name: str, data: bytes) -> None:
    """Enter a file of interventions, all or none."""
    file_entered(bench.ctx, bench.put(name, data), good_only=True)


def world_seeds(_bench: Bench) -> Seeds:
    """Give the smallest world's scenario, and one built on another."""
    held = resources.files("peelian.simulate") / "scenarios"
    return {"tiny.yaml": (held / "tiny.yaml").read_bytes(), "plain.yaml": (held / "plain.yaml").read_bytes()}


def teams(path: Path) -> Any:
    """Read teams and rules by the shipped catalogue."""
    return read_resources(path, shipped())


def city_seeds(_bench: Bench) -> Seeds:
    """Give a small folder of the NIJ challenge, by file."""
    frame = pl.DataFrame(
        {"occ_date": [date(2016, 3, 1)] * 3, "x_coordina": [7.64e6] * 3, "y_coordina": [6.8e5] * 3}
    )
    out = io.BytesIO()
    frame.write_parquet(out)
    ring = [[7.6e6, 6.5e5], [7.7e6, 6.5e5], [7.7e6, 7e5], [7.6e6, 6.5e5]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    districts = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    return {f"{one.prefix}_all.parquet": out.getvalue() for one in CATEGORIES} | {
        "police_districts.geojson": districts
    }


def city(bench: Bench, name: str, data: bytes) -> None:
    """Read the NIJ challenge's folder with one file of it spoilt."""
    for one, whole in city_seeds(bench).items():
        bench.put(f"nij/{one}", whole)
    read_city(bench.put(f"nij/{name}", data).parent)


CHECKPOINT: Final = json.dumps({
    "seq": 3, "hash": "ab" * 32, "at": 1_700_000_000_000_000, "before": "", "key": "cd" * 32, "next_key": "",
    "signature": "ef" * 64,
}).encode()  # fmt: skip
PARSERS: Final = (
    Parser("access.toml", lambda _: {"access.toml": ACCESS}, access),
    Parser("teams", lambda _: {"teams.toml": example().encode()}, of_path(teams)),
    Parser("kinds of intervention", kind_seeds, kinds),
    Parser("template of a return", lambda _: {"csp.toml": shipped_text("csp").encode(),
                                              "hotspot.toml": shipped_text("hotspot").encode()}, returned),
    Parser("transparency answers", lambda _: {"t.toml": template(simulated=True).encode()}, asked),
    Parser("delivery of warnings", lambda _: {"w.toml": FORM.encode()}, warned),
    Parser("register", lambda _: {"r.csv": ENTRIES}, registered),
    Parser("scenario", world_seeds, of_path(lambda path: load_scenario(str(path)))),
    Parser("challenge folder", city_seeds, city),
    Parser("kept checkpoints", lambda _: {"c.jsonl": CHECKPOINT + b"\n" + CHECKPOINT}, of_path(_kept)),
)  # fmt: skip
