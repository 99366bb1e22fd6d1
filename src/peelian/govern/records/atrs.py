"""The record of the Algorithmic Transparency Recording Standard, version 4.0, from facts.

Field names and numbers: the template table of version 3.0 in the repository
co-cddo/algorithmic-transparency-recording-standard, less what version 4.0 dropped (id, version, organisation
type, function, capability, task, tags, the three dates), its scope folded into the detailed description.
"""

from __future__ import annotations

from typing import Final

from peelian.govern.records.facts import DataFacts, Facts, ModelFacts
from peelian.govern.records.record import Field, Maker, Record, Section

SOURCE: Final = "Algorithmic Transparency Recording Standard v4.0 (UK Government Digital Service)"
NAME: Final = "Peelian crime map"


_DATA_FIELDS: Final = (
    "source_data_name", "data_modality", "data_description", "data_quantities", "sensitive_attributes",
    "data_completeness_and_representativeness", "source_data_url", "data_collection", "data_cleaning",
    "data_sharing_agreements", "data_access_and_storage",
)  # fmt: skip


def atrs(facts: Facts) -> Record:
    """Make the record."""
    make = Maker(facts)
    sections = [
        Section("Title", _title(make)), Section("Tier 1: summary", _summary(make)),
        Section("2.1 Owner and responsibility", _owner(make)),
        Section("2.2 Description and rationale", _rationale(make)),
        Section("2.3 Deployment context", _context(make)),
        Section("2.4.1 Tool specification", _tool(make)),
        *(Section(f"2.4.2 Model: {one.key}", model_fields(make, one)) for one in facts.models),
        Section("2.4.3 Development data", _data(make, "2.4.3", "development")),
        Section("2.4.4 Operational data", _data(make, "2.4.4", "operation")),
        Section("2.5 Risks, mitigations and impact assessments", _risks(make)),
    ]  # fmt: skip
    return Record(
        "atrs", f"{NAME}: {facts.area_name}", SOURCE, tuple(sections), facts.digest, facts.simulated
    )


def _title(make: Maker) -> tuple[Field, ...]:
    status = make.facts.status
    return (
        make.known("0.11", "title", "Title", NAME),
        make.said("0.12", "organisation_name", "Organisation name", "organisation"),
        make.said("0.13", "phase", "Phase", "phase", f"The deployment register says: {status or 'nothing'}."),
        make.said("0.14", "region", "Region", "region"),
        make.known(
            "0.15", "one_sentence_description", "One sentence description", make.facts.system["sentence"]
        ),
    )


def _summary(make: Maker) -> tuple[Field, ...]:
    counted = "; ".join(sorted({one.title for one in make.facts.models}))
    about = f"{make.facts.system['sentence']} Counted here: {counted}." if counted else ""
    return (
        make.known("1.1", "name", "Name", NAME), make.known("1.2", "description", "Description", about),
        make.said("1.3", "website_url", "Website URL", "website"),
        make.said("1.4", "contact_email", "Contact email", "contact"),
    )  # fmt: skip


def _owner(make: Maker) -> tuple[Field, ...]:
    owner = make.facts.senior_owner
    return (
        make.said("2.1.1", "organisation_or_department", "Organisation or department", "organisation"),
        make.said("2.1.2", "team", "Team", "team"),
        make.registered("2.1.3", "senior_responsible_owner", "Senior responsible owner", owner),
        make.said("2.1.4", "external_supplier_involvement", "External supplier involvement", "suppliers"),
        make.said("2.1.4.4", "procurement_procedure_type", "Procurement procedure type", "procurement"),
        make.said("2.1.4.5", "data_access_terms", "Data access terms", "supplier_access"),
    )


def _rationale(make: Maker) -> tuple[Field, ...]:
    return (
        make.known("2.2.1", "detailed_description", "Detailed description", make.facts.system["how"]),
        make.said("2.2.3", "benefit", "Benefit", "benefits"),
        make.said("2.2.4", "previous_process", "Previous process", "previous_process"),
        make.said("2.2.5", "alternatives_considered", "Alternatives considered", "alternatives"),
    )


def _context(make: Maker) -> tuple[Field, ...]:
    review = make.facts.system["human_review"]
    days = make.facts.answers.get("reply_within_days", "")
    reply = f" It is answered within {days} days." if days else ""
    where = f"/about/{make.facts.area}"
    appeals = f"Anyone may challenge a place or area at {where}, and sees the reply by a code.{reply}"
    return (
        make.said("2.3.1", "process_integration", "Process integration", "process"),
        make.known("2.3.2", "provided_information", "Provided information", make.facts.system["outputs"]),
        make.said("2.3.3", "frequency_and_scale_of_usage", "Frequency and scale of usage", "scale"),
        make.known("2.3.4", "human_decisions_and_review", "Human decisions and review", review),
        make.said("2.3.5", "required_training", "Required training", "training"),
        make.known("2.3.6", "appeals_and_review", "Appeals and review", appeals),
    )


def _tool(make: Maker) -> tuple[Field, ...]:
    models = "\n".join(f"{one.key}: {one.name}, version {one.version}" for one in make.facts.models)
    return (
        make.known(
            "2.4.1.1", "system_architecture", "System architecture", make.facts.system["architecture"]
        ),
        make.known("2.4.1.2", "system_input", "System input", _listed(make.facts.data)),
        make.known("2.4.1.3", "system_output", "System output", make.facts.system["outputs"]),
        make.said("2.4.1.4", "maintenance", "Maintenance", "maintenance", f"Version {make.facts.version}."),
        make.known("2.4.1.5", "models", "Models", models),
    )


def model_fields(make: Maker, one: ModelFacts) -> tuple[Field, ...]:
    """Make the fields of one model: of this record, and of its own card."""
    task = f"Expected number of {one.title}, in each place, for {one.window} {one.every}(s) at a time"
    output = f"Mean, chance of one or more and range, by place and period, {one.horizon} period(s) ahead"
    sets = "; ".join(f"{data.key} ({data.scope})" for data in make.facts.data)
    performance = f"{one.verdict}\nSub-groups: {one.fairness}" if one.verdict else ""
    return (
        make.known("2.4.2.1", "model_name", "Model name", one.name),
        make.known("2.4.2.2", "model_version", "Model version", f"{one.version} (program {one.code})"),
        make.known("2.4.2.3", "model_task", "Model task", task),
        make.known("2.4.2.4", "model_input", "Model input", one.inputs),
        make.known("2.4.2.5", "model_output", "Model output", output),
        make.known("2.4.2.6", "model_architecture", "Model architecture", f"{one.name}; {one.card}"),
        make.known("2.4.2.7", "model_performance", "Model performance", performance),
        make.known("2.4.2.8", "datasets", "Datasets", sets),
        make.known("2.4.2.9", "dataset_purposes", "Dataset purposes", one.learned),
    )


def _data(make: Maker, of: str, what: str) -> tuple[Field, ...]:
    facts, held = make.facts, make.facts.data
    lines = "\n".join(f"{one.key}: {one.rows:,} rows, {one.first} to {one.last}" for one in held)
    gaps = "\n".join(f"{one.key}: {one.days_missing:,} days within it were not published" for one in held)
    gaps = gaps and f"{gaps}\nWhat is recorded is not all that happened; how far, by area, is unknown here."
    shared = "\n".join(f"{id_}: {text}" for id_, text in facts.agreements.items())
    modality = "table of events: time, place, kind" + (
        "; and forecasts and audit rows" if of == "2.4.4" else ""
    )
    texts = (
        _listed(held), modality, facts.system["event_fields"], lines, facts.system["sensitive"], gaps,
        facts.system["source_urls"] if held else "", facts.system["collected"], facts.system["cleaning"],
        shared, facts.system["access"],
    )  # fmt: skip
    labels = (name.replace("_", " ").capitalize() for name in _DATA_FIELDS)
    rows = zip(_DATA_FIELDS, labels, texts, strict=True)
    return tuple(
        make.known(f"{of}.{k}", f"{name}{'' if what == 'development' else '_operational'}", label, text)
        for k, (name, label, text) in enumerate(rows, 1)
    )


def _risks(make: Maker) -> tuple[Field, ...]:
    drafts = "Drafts made from the same facts: data protection, equality; see this area's records."
    return (
        make.said("2.5.1", "impact_assessment", "Impact assessment", "data_protection", drafts),
        make.known("2.5.2", "risks_and_mitigations", "Risks and mitigations", make.facts.system["risks"]),
        make.said("2.5.3", "residual_risks", "Risks that are left", "residual_risk"),
    )


def _listed(held: tuple[DataFacts, ...]) -> str:
    return "; ".join(f"{one.key} ({one.scope})" for one in held)
