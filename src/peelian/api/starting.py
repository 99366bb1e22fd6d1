"""What the first-run page shows of an upload: where it stands, its proposal, its job's progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from peelian.api.asking import Asked
from peelian.domain.errors import Misuse, NotFound
from peelian.domain.target import TARGETS
from peelian.store import jobs
from peelian.store.coverage import coverage
from peelian.store.uploads import Upload, get_upload

State = Literal["looking", "asking", "bringing", "done", "failed"]
OFFERED: Final = {
    "violence": "Violence", "robbery": "Robbery", "asb": "Anti-social behaviour", "burglary": "Burglary",
    "vehicle": "Vehicle crime", "theft": "Theft", "damage": "Criminal damage and arson",
}  # fmt: skip
"""What can be forecast first, in the words of the form."""
assert set(OFFERED) <= set(TARGETS)
_FIELDS: Final = ("force", "target", "ground", "licence", "controller", "expiry")


@dataclass(frozen=True)
class Standing:
    """Where an upload stands; `job` is the newest, `error` why it stopped."""

    state: State
    job: jobs.Job | None
    error: str = ""


def holds_demonstration(asked: Asked) -> bool:
    """Say whether simulated data are held: real places are never laid beside them."""
    forces = coverage(asked.ws)["force"].unique().to_list()
    return any(str(force).startswith("simulated") for force in forces)


def own_upload(asked: Asked, id_: str) -> Upload:
    """Give an upload to whoever chose its files, and to nobody else.

    Raises:
        NotFound: there is none of this name, or it is another's.
    """
    upload = get_upload(asked.ws, id_)
    if upload.note("owner").get("actor") != asked.actor.id:
        raise NotFound("there is no such upload here, or its day is over", do="choose the files again")
    return upload


def standing(asked: Asked, upload: Upload) -> Standing:
    """Say where an upload stands."""
    queued = upload.note("job")
    job = jobs.get(asked.ws, int(queued["id"])) if queued else None
    if job is None:
        return Standing("failed", None, "these files were not looked at: choose them again")
    if job.state == "failed":
        # A mapping that could not be used is asked for again; files refused at first sight are gone.
        again = job.kind == "bring-in" and upload.note("proposal") and upload.files
        return Standing("asking" if again else "failed", job, job.message)
    if job.state == "done":
        return Standing("done" if job.kind == "bring-in" else "asking", job)
    return Standing("bringing" if job.kind == "bring-in" else "looking", job)


def queue(asked: Asked, upload: Upload, kind: Literal["look", "bring-in"]) -> None:
    """Queue a job of an upload and note it."""
    made = jobs.create(asked.ws, kind, {"upload": upload.id}, actor=asked.actor, purpose=asked.purpose)
    upload.write("job", {"id": made})


def answers_of(typed: Mapping[str, str], proposal: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a person confirmed, as the job reads it. What cannot be is said by the job, in a sentence.

    Raises:
        Misuse: a force's code that is none, or a target that is not offered.
    """
    said: dict[str, Any] = {name: typed.get(name, "").strip()[:200] for name in _FIELDS}
    if said["target"] not in OFFERED:
        raise Misuse("what to forecast was not chosen", expected=", ".join(OFFERED.values()))
    code = said["force"].lower()
    if not code or not code.replace("-", "").isalnum() or not code.isascii() or len(code) > 60:
        raise Misuse(
            "the force's code is missing or is no code", expected="letters and hyphens, such as bedfordshire"
        )
    if proposal["kind"] == "police_uk" and code not in proposal["forces"]:
        raise Misuse("these files are of another force", expected=", ".join(proposal["forces"]))
    columns = {
        name.removeprefix("column."): value for name, value in typed.items() if name.startswith("column.")
    }
    if proposal["kind"] == "table" and not said["ground"]:
        raise Misuse("the ground on which these records are here was not chosen")
    return said | {"force": code, "columns": columns or None}
