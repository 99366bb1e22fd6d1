"""Short tables for panels and the public: a card a model, ALGO-CARE, the ethics framework's principles."""

from __future__ import annotations

from typing import Final

from peelian.govern.records.atrs import model_fields
from peelian.govern.records.facts import Facts
from peelian.govern.records.record import Maker, Record, Section

ALGO_CARE_SOURCE: Final = (
    "ALGO-CARE: Oswald, Grace, Urwin and Barnes (2018), Information and Communications Technology Law 27(2), "
    "223-250. The eight heads are as commonly given; the answers are ours, not the paper's checklist"
)
ETHICS_SOURCE: Final = (
    "The seven principles of the Data and AI Ethics Framework (Government Digital Service, December 2025), "
    "as named by PublicTechnology on 5 January 2026; the answers are ours"
)
CARDS_SOURCE: Final = "Fields 2.4.2 of the Algorithmic Transparency Recording Standard; limits are ours"


def model_cards(facts: Facts) -> Record:
    """Make a card of each served model."""
    make = Maker(facts)
    parts = []
    for one in facts.models:
        limits = (
            make.known("limits", "limits", "Limits", facts.system["limits"]),
            make.known("not_for", "not_for", "Not for", facts.system["notice"]),
        )
        parts.append(Section(f"Model of {one.key}", (*model_fields(make, one), *limits)))
    if not parts:
        parts.append(Section("Models", (make.known("", "models", "Models served", ""),)))
    title = f"Model cards: {facts.area_name}"
    return Record("models", title, CARDS_SOURCE, tuple(parts), facts.digest, facts.simulated)


def algo_care(facts: Facts) -> Record:
    """Make the table of eight letters."""
    make, system = Maker(facts), facts.system
    verdicts = "\n".join(f"{one.key}: {one.verdict}" for one in facts.models)
    audits = "\n".join(f"{one.key}: {one.fairness}" for one in facts.models)
    rows = (
        make.known("A", "advisory", "Advisory", system["human_review"]),
        make.registered("L", "lawful", "Lawful", facts.lawful_basis),
        make.known("G", "granularity", "Granularity", system["tiers"]),
        make.said(
            "O", "ownership", "Ownership", "suppliers", "The program's code and its tests are open to read."
        ),
        make.known("C", "challengeable", "Challengeable", f"By anyone, at /about/{facts.area}#challenge."),
        make.known("A", "accuracy", "Accuracy", verdicts),
        make.registered("R", "responsible", "Responsible", facts.senior_owner, audits),
        make.known("E", "explainable", "Explainable", system["explained"]),
    )
    title = f"ALGO-CARE table: {facts.area_name}"
    return Record("algo-care", title, ALGO_CARE_SOURCE, (Section("Eight heads", rows),), facts.digest,
                  facts.simulated)  # fmt: skip


def ethics(facts: Facts) -> Record:
    """Make the page for an ethics panel: the case, the seven principles, what was weighed."""
    make, system = Maker(facts), facts.system
    audits = "\n".join(f"{one.key}: {one.fairness}" for one in facts.models)
    case = (
        make.known("1", "what", "What it is", system["sentence"]),
        make.registered("2", "ethics", "What the panel said", facts.ethics),
        make.said("3", "benefits", "Benefit, and how it is measured", "benefits"),
        make.said("4", "without", "What is done without it", "previous_process"),
        make.said("5", "alternatives", "Alternatives", "alternatives"),
    )
    principles = (
        make.known(
            "1", "transparency", "Transparency", f"These records, and /about/{facts.area}, open to all."
        ),
        make.registered("2", "accountability", "Accountability", facts.senior_owner, system["audit"]),
        make.known("3", "fairness", "Fairness", audits),
        make.known("4", "privacy", "Privacy", system["singling_out"]),
        make.known("5", "safety", "Safety", system["stop"]),
        make.said("6", "societal_impact", "Societal impact", "societal"),
        make.said("7", "environmental_sustainability", "Environmental sustainability", "environment"),
    )
    weighed = (make.said("1", "tradeoffs", "Principles against each other", "tradeoffs"),)
    parts = (
        Section("The case", case),
        Section("Seven principles", principles),
        Section("Trade-offs", weighed),
    )
    title = f"For the ethics panel: {facts.area_name}"
    return Record("ethics", title, ETHICS_SOURCE, parts, facts.digest, facts.simulated)
