"""The mapping file of source `table`: what each of our columns is called in yours, and in which codes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from peelian.domain import offence
from peelian.domain.records import AGE_BANDS, BASES
from peelian.knife.vocabulary import WEAPONS

PATROL_MODES: Final = ("foot", "vehicle", "cycle", "outreach", "other")
SITE_KINDS: Final = (
    "licensed-premises", "transport-stop", "school", "lighting", "park", "hospital", "shop", "other",
)  # fmt: skip
VOCABULARY: Final[dict[str, tuple[str, ...]]] = {"patrols": PATROL_MODES, "sites": SITE_KINDS}
"""What `codes` maps to, in feeds that hold no events; in all others, offence groups."""

COUNTED: Final[dict[str, tuple[str, ...]]] = {"basis": BASES, "age_band": AGE_BANDS}
"""The closed vocabularies of an area's count."""

STATUS: Final = ("stands", "retract")
MARKS: Final[dict[str, tuple[str, ...]]] = {
    "knife": offence.KNIFE,
    "setting": offence.SETTING,
    "domestic": offence.YES_NO,
    "sexual": offence.YES_NO,
    "discovered_by": offence.DISCOVERED_BY,
}
DEFAULT: Final = "default"


def _text(value: Any) -> Any:
    """YAML reads yes, no and 110 as other than text; here they are codes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else value


Code = Annotated[str, BeforeValidator(_text)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Strict):
    """Names of the file's columns. Nothing else of the file is read."""

    id: str | None = None
    occurred: str | None = None
    date: str | None = None
    time: str | None = None
    hour: str | None = None
    start: str | None = None
    end: str | None = None
    available_at: str | None = None
    easting: str | None = None
    northing: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    offence: str | None = None
    n: str | None = None
    knife: str | None = None
    setting: str | None = None
    domestic: str | None = None
    sexual: str | None = None
    discovered_by: str | None = None
    lsoa: str | None = None
    location: str | None = None
    severity: str | None = None
    # Resolved to a point in memory by a local gazetteer, then dropped: never stored.
    location_text: str | None = None
    grid_reference: str | None = None
    postcode: str | None = None
    uprn: str | None = None
    usrn: str | None = None
    # Read in memory to say whether a knife was there, then dropped: never stored.
    narrative: str | None = None
    weapon: str | None = None
    # What became of the record: `values.status` says which codes mean `retract` (no crime, cancelled).
    status: str | None = None
    # Of area counts.
    area: str | None = None
    count: str | None = None
    measure: str | None = None
    basis: str | None = None
    age_band: str | None = None
    distinct: str | None = None  # how many different families or adults the count is of: the floor is on it
    institution_share: str | None = None  # of the count, from 0 to 1
    # Of patrols and sites: the mode, the kind of place, and how much a place holds.
    kind: str | None = None
    weight: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Columns:
        ways = [bool(self.occurred), bool(self.date), bool(self.start)]
        if sum(ways) != 1 and not (self.kind and not any(ways)):  # a place may stand without dates
            raise ValueError("give one of `occurred`, `date` (with `time` or `hour` if known) or `start`")
        if (self.time or self.hour) and not self.date:
            raise ValueError("`time` and `hour` go with `date`")
        if self.time and self.hour:
            raise ValueError("give `time` or `hour`, not both")
        if self.end and not self.start:
            raise ValueError("`end` goes with `start`")
        for one, other in (("easting", "northing"), ("longitude", "latitude")):
            if bool(getattr(self, one)) != bool(getattr(self, other)):
                raise ValueError(f"`{one}` and `{other}` go together")
        if sum(bool(one) for one in (self.area, self.offence, self.kind)) > 1:
            raise ValueError("a row has one of `area` (a count), `offence` (an event) and `kind`")
        if self.easting and self.longitude:
            raise ValueError("give `easting` and `northing`, or `longitude` and `latitude`, not both")
        return self

    @property
    def resolved(self) -> tuple[str, ...]:
        """Our names of the columns that a gazetteer resolves, best first."""
        ways = ("uprn", "usrn", "grid_reference", "postcode", "location_text")
        return tuple(way for way in ways if getattr(self, way))

    def used(self) -> dict[str, str]:
        """Give our names and the file's, for those that are given."""
        return {ours: str(theirs) for ours, theirs in self.model_dump().items() if theirs}


class Time(_Strict):
    """How times are written: a strftime `format` (or `excel`), the time zone, how exact they are."""

    format: str | None = None
    zone: str = "Europe/London"
    granularity: Literal["minute", "hour", "day", "month"] | None = None

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError("not a time zone; write it as in Europe/London") from None
        return zone


class Covers(_Strict):
    """The first and the last day, both inclusive, for which the file holds everything."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @model_validator(mode="after")
    def _ordered(self) -> Covers:
        if self.last < self.first:
            raise ValueError("`to` is before `from`")
        return self


class Mapping(_Strict):
    """A whole mapping file."""

    source: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")
    feed: str = Field(default="table", pattern=r"^[a-z0-9_]{1,60}$")  # the kind of feed: a source's id
    force: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$")
    title: str = ""
    controller: str = ""
    licence: str = ""
    agreement: str = ""  # id of the sharing agreement it comes under
    columns: Columns
    discard: dict[str, str] = {}  # the file's columns to drop in memory, each with the reason
    time: Time = Time()
    crs: str | None = None
    project_to: str = "EPSG:27700"
    precision_m: float | None = Field(default=None, gt=0)
    codes: dict[Code, Code] = {}
    weapons: dict[Code, Code] = {}  # the file's weapon codes to the classifier's own words
    values: dict[str, dict[Code, Code]] = {}
    constants: dict[str, Code] = {}
    offence_by_file: dict[str, Code] = {}  # a word in the file's name -> the offence of all its rows
    institutions: tuple[str, ...] | None = None  # areas whose count comes mainly from an institution
    covers: Covers | None = None
    sheet: str = ""  # of a spreadsheet; the first one where nothing is said
    separator: str = Field(default=",", min_length=1, max_length=1)

    @model_validator(mode="after")
    def _groups(self) -> Mapping:
        groups = VOCABULARY.get(self.feed, offence.GROUPS)
        for group in self.codes.values():
            if group not in groups:
                raise ValueError(f"codes: {group!r} is not a group; the groups are {', '.join(groups)}")
        return self

    @field_validator("values")
    @classmethod
    def _marks(cls, values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for mark, codes in values.items():
            _check_mark(mark, codes.values())
        return values

    @field_validator("weapons")
    @classmethod
    def _weapons(cls, weapons: dict[str, str]) -> dict[str, str]:
        for word in weapons.values():
            if word not in WEAPONS:
                raise ValueError(f"{word!r} is no weapon we know; use {', '.join(WEAPONS)}")
        return weapons

    @field_validator("constants")
    @classmethod
    def _fixed(cls, constants: dict[str, str]) -> dict[str, str]:
        for name, value in constants.items():
            if name not in ("offence", "measure"):
                _check_mark(name, [value])
        return constants

    @model_validator(mode="after")
    def _offence(self) -> Mapping:
        both = set(self.columns.used()) & set(self.constants)
        if both:
            raise ValueError(f"{', '.join(sorted(both))} is both a column and a constant")
        if self.columns.area or self.columns.kind:  # a count has a measure, a patrol or a place a kind
            return self
        if not self.codes:
            raise ValueError("codes: say which offence codes are which group")
        ways = [bool(self.columns.offence), "offence" in self.constants, bool(self.offence_by_file)]
        if sum(ways) > 1 or not (any(ways) or DEFAULT in self.codes):
            raise ValueError("say once what happened: columns.offence, constants.offence or offence_by_file")
        return self

    @property
    def input_crs(self) -> str:
        """The CRS of the file's coordinates."""
        return self.crs or ("EPSG:4326" if self.columns.longitude else self.project_to)


def _check_mark(mark: str, values: Any) -> None:
    if mark == "status":
        if not set(values) <= set(STATUS):
            raise ValueError(f"a value of status is not one of {', '.join(STATUS)}")
        return
    if mark == "measure":  # the provider's own words to ours, which are open
        return
    known = MARKS | COUNTED
    if mark not in known:
        raise ValueError(f"{mark!r} is not a mark; the marks are {', '.join(MARKS)}")
    for value in values:
        if value not in known[mark]:
            raise ValueError(f"{value!r} is no value of {mark}; use {', '.join(known[mark])}")
