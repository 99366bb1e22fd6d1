"""Drafts of impact assessments: what the system knows is filled in; what only people can judge is asked.

The parts of the data protection draft are those of section 64(3) of the Data Protection Act 2018, as quoted
in R (Bridges) v South Wales Police (2019). The equality draft follows the three aims of section 149 of the
Equality Act 2010 and the Act's protected characteristics. Drafts: people complete, judge and sign them.
"""

from __future__ import annotations

from typing import Final

from peelian.govern.records.facts import Facts
from peelian.govern.records.record import Field, Maker, Record, Section

DPIA_SOURCE: Final = "Data Protection Act 2018, section 64(3); a draft, to be judged and signed by people"
EIA_SOURCE: Final = "Equality Act 2010, section 149; a draft, to be judged and signed by people"
CHARACTERISTICS: Final = (
    "age", "disability", "gender reassignment", "marriage and civil partnership", "pregnancy and maternity",
    "race", "religion or belief", "sex", "sexual orientation",
)  # fmt: skip


def dpia(facts: Facts) -> Record:
    """Make the draft of a data protection impact assessment."""
    make, system = Maker(facts), facts.system
    data = "\n".join(
        f"{one.key}: {one.rows:,} rows, {one.first} to {one.last}; {one.scope}" for one in facts.data
    )
    shared = "\n".join(f"{id_}: {text}" for id_, text in facts.agreements.items())
    processing = (
        make.registered("a.1", "lawful_basis", "Lawful basis", facts.lawful_basis),
        make.said("a.2", "process", "What it is used for", "process"),
        make.known("a.3", "data", "Which data", data),
        make.known("a.4", "fields", "Which fields of an event are kept", system["event_fields"]),
        make.known("a.5", "grounds", "On which agreements", shared),
        make.known("a.6", "retention", "For how long", system["retention"]),
        make.said("a.7", "necessity", "Why it is necessary and proportionate", "necessity"),
    )
    risks = (
        make.known("b.1", "persons", "Whose data", system["sensitive"]),
        make.known("b.2", "attributed", "Singling out", system["singling_out"]),
        make.said("b.3", "residual_risk", "Risks that are left", "residual_risk"),
        make.said("b.4", "consulted", "Who was consulted", "consulted"),
        make.said("b.5", "protection_advice", "Advice of the data protection officer", "protection_advice"),
    )
    measures = (
        make.known("c.1", "refused", "What is refused at the door", system["refused_inputs"]),
        make.known("c.2", "disclosure", "Who sees how much", system["tiers"]),
        make.known("c.3", "human_review", "Who decides", system["human_review"]),
    )
    safeguards = (
        make.known("d.1", "access", "Access", system["access"]),
        make.known("d.2", "audit", "Audit", system["audit"]),
        make.known("d.3", "notices", "Notices", system["notice"]),
        make.known("d.4", "stop", "Stopping it", system["stop"]),
    )
    parts = (
        Section("(a) The processing envisaged", processing),
        Section("(b) Risks to the rights and freedoms of data subjects", risks),
        Section("(c) Measures against those risks", measures),
        Section("(d) Safeguards, security and showing compliance", safeguards),
    )
    title = f"Data protection impact assessment, draft: {facts.area_name}"
    return Record("dpia", title, DPIA_SOURCE, parts, facts.digest, facts.simulated)


def equality(facts: Facts) -> Record:
    """Make the draft of an equality impact assessment."""
    make, system = Maker(facts), facts.system
    audits = "\n".join(f"{one.key}: {one.fairness}" for one in facts.models)
    never = (
        f"The system holds nothing on people of any protected characteristic ({', '.join(CHARACTERISTICS)})."
    )
    evidence: tuple[Field, ...] = (
        make.known(
            "1.1", "held", "What is held of protected characteristics", f"{never} {system['sensitive']}"
        ),
        make.known("1.2", "areas", "Areas compared", system["compared"]),
        make.known("1.3", "audits", "Audits of served models", audits),
        make.said("1.4", "consulted", "Who was consulted", "consulted"),
    )
    duty = (
        make.said("2.1", "discrimination", "What was found, by protected characteristic", "equality"),
        make.said("2.2", "opportunity", "What is done about it", "equality_action"),
        make.said("2.3", "relations", "Effect on relations between people", "societal"),
    )
    title = f"Equality impact assessment, draft: {facts.area_name}"
    parts = (Section("Evidence", evidence), Section("The duty's three aims", duty))
    return Record("equality", title, EIA_SOURCE, parts, facts.digest, facts.simulated)
