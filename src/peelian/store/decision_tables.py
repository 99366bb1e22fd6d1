"""The catalogue's tables of acting: plans, problems, decisions, interventions, designs locked, verdicts."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Float, Index, Integer, String, Table, Text

from peelian.store.tables import METADATA, Id, Instant, in_area, owner

plan = Table(
    "plan", METADATA,
    Column("id", String(80), primary_key=True), *owner(),
    Column("area", String(80), nullable=False), Column("target", String(60), nullable=False),
    Column("run", String(80), nullable=False),
    Column("start", Date, nullable=False), Column("end", Date, nullable=False),
    Column("created", Instant, nullable=False), Column("state", String(12), nullable=False),
    Column("card", JSON, nullable=False),  # rules, gap, rivals, places with options; rows are in the folder
)  # fmt: skip

problem = Table(
    "problem", METADATA,
    Column("id", Id, primary_key=True), *owner(),
    Column("title", String(300), nullable=False), Column("area", String(80), nullable=False),
    Column("target", String(60), nullable=False), Column("state", String(12), nullable=False),
    Column("owner_agency", String(120), nullable=False),
    Column("card", JSON, nullable=False),  # OSARA: objective, scanning, analysis, response, assessment
    Column("opened", Instant, nullable=False), Column("closed", Instant),
    Column("version", Integer, nullable=False, server_default="0"),
)  # fmt: skip

action = Table(
    "action", METADATA,
    Column("id", Id, primary_key=True), *owner(), in_area(),
    Column("problem", Integer, nullable=False, index=True),
    Column("what", Text, nullable=False), Column("agency", String(120), nullable=False),
    Column("decision", Integer, nullable=False),  # by which it is tasked: none without one
    Column("due", Date, nullable=False), Column("done", Date), Column("outcome", Text),
)  # fmt: skip

decision = Table(
    "decision", METADATA,
    Column("id", Id, primary_key=True), *owner(), in_area(),
    Column("about_kind", String(20), nullable=False),  # run, warning, plan, problem, intervention
    Column("about", String(80), nullable=False),
    Column("decided", String(300), nullable=False), Column("refused", Boolean, nullable=False),
    Column("by_role", String(120), nullable=False), Column("why", Text, nullable=False),
    Column("options", JSON, nullable=False), Column("cites_forecast", Boolean, nullable=False),
    Column("kind", String(60), nullable=False, server_default=""),  # of the catalogue, where one was decided
    Column("needs_second", Boolean, nullable=False), Column("second_role", String(120)),
    Column("second_approved", Boolean), Column("second_why", Text), Column("second_at", Instant),
    Column("queue", String(12), nullable=False, server_default=""),  # ethics
    Column("problem", Integer), Column("at", Instant, nullable=False),
    Index("decision_about", "about_kind", "about"),
)  # fmt: skip

intervention = Table(
    "intervention", METADATA,
    Column("id", String(80), primary_key=True), *owner(),
    Column("kind", String(60), nullable=False), Column("area", String(80), nullable=False),
    Column("start", Date, nullable=False), Column("end", Date, nullable=False),
    Column("agency", String(120), nullable=False), Column("dose", Float, nullable=False),
    Column("cost", Float), Column("card", JSON, nullable=False),  # domain.intervention.Entry
    Column("problem", Integer), Column("added", Instant, nullable=False), Column("withdrawn", Instant),
    Index("intervention_by_area", "area", "start"),
)  # fmt: skip

study_design = Table(
    "study_design", METADATA,
    Column("id", String(80), primary_key=True), *owner(), in_area(),
    Column("intervention", String(80), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),  # of the design as it was locked
    Column("design", JSON, nullable=False),
    Column("locked", Instant, nullable=False), Column("by_role", String(120), nullable=False),
)  # fmt: skip

effect_verdict = Table(
    "effect_verdict", METADATA,
    Column("id", Id, primary_key=True), *owner(), in_area(),
    Column("intervention", String(80), nullable=False, index=True),
    Column("design", String(80)), Column("method", String(40), nullable=False),
    Column("verdict", JSON, nullable=False),  # null results too; nothing is ever overwritten
    Column("at", Instant, nullable=False),
)  # fmt: skip

numbering = Table(
    "numbering", METADATA,
    Column("name", String(40), primary_key=True), *owner(),
    Column("last", Integer, nullable=False),  # one row of numbers for all forces: ids never meet
)  # fmt: skip
