"""50 feeds with person-shaped columns. Every person in them is invented; every value is a canary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NAMES: Final = ["Aisha Zquorn", "Rhys Jones", "Piotr Kowalski", "Megan Patel", "SMITH, Daniel", "Olivia Khan"]
SURNAMES: Final = ["Smith", "Kowalski", "Begum", "Okafor", "Davies", "Zquorn"]
FIRST: Final = ["Aisha", "Rhys", "Piotr", "Megan", "Daniel", "Olivia"]
BIRTHS: Final = ["03/11/1961", "29/02/1972", "14/07/1984", "30/05/1990", "08/08/1999", "21/12/2003"]
ISO_BIRTHS: Final = ["1961-11-03", "1972-02-29", "1984-07-14", "1990-05-30", "1999-08-08", "2003-12-21"]
NHS: Final = ["9434765919", "4010232137", "9434765870", "9434765889", "9434765897", "9434765900"]
NHS_SPACED: Final = [f"{n[:3]} {n[3:6]} {n[6:]}" for n in NHS]
PNC: Final = ["2001/0012345X", "98/123456L", "2011/0000001A", "05/7654321B", "2019/0456789C", "99/12D"]
CRO: Final = ["123456/08A", "1234/91B", "45678/12C", "99/03D", "54321/17E", "777/19F"]
NI: Final = ["AB123456C", "CE 12 34 56 A", "JG103759A", "AP019283D", "OE112233B", "PB998877C"]
MOBILES: Final = ["07700900123", "07700900456", "07700900789", "07700900321", "07700900654", "07700900987"]
SPOKEN: Final = [
    "07700 900123",
    "+44 7700 900456",
    "0161 496 0123",
    "(0114) 496 0999",
    "020 7946 0999",
    "01632 960321",
]
EMAILS: Final = [
    "zquorn@example.org",
    "r.jones@example.com",
    "pk@example.net",
    "m@example.org",
    "d@example.org",
    "o@example.org",
]
PLATES: Final = ["ZQ51 RNX", "FG64HJK", "LM05NOP", "K50 WTB", "ABC 123D", "YX70 ZZZ"]
HOMES: Final = [
    "14 Zquorn Lane",
    "Flat 3, 9 High Street",
    "221b Quern Road",
    "7 Sluice Close",
    "12-14 Mill Row",
    "1 Heol y Zquorn",
]
POSTED: Final = [f"{k} Zquorn View, Fenton FT1 {k}AB" for k in range(1, 7)]
TALES: Final = [
    f"zquorn caller {k} says a man in a blue coat shouted at his neighbour and then walked off to the shop"
    for k in range(6)
]
TITLED: Final = ["Mr Zquorn", "Mrs Begum", "Ms Okafor", "Dr Davies", "Miss Patel", "Mr Kowalski"]
CODES: Final = ["zquorn1", "zquorn2", "zquorn3", "zquorn4", "zquorn5", "zquorn6"]
HANDLES: Final = ["@zquorn", "@rhys_j", "@pk99", "@meg.p", "@dan", "@liv"]
IMEIS: Final = [
    "490154203237518",
    "356938035643809",
    "352099001761481",
    "353918057724893",
    "013977000323877",
    "357805023984942",
]


@dataclass(frozen=True)
class Hostile:
    """One feed: the column about people, its values, the kind that must be found, how it is written."""

    header: str
    values: list[str]
    kind: str
    form: str = "csv"  # csv, parquet or xlsx
    mapped: str = ""  # smuggled as this column of ours


PEOPLE: Final = [
    # By name, whatever stands in them.
    Hostile("Surname", CODES, "name"),
    Hostile("FNAME", CODES, "name", "parquet"),
    Hostile("victimName", CODES, "name"),
    Hostile("Alias / AKA", CODES, "name", "xlsx"),
    Hostile("Cyfenw", CODES, "name"),
    Hostile("Enw'r dioddefwr", CODES, "name"),
    Hostile("DoB", CODES, "date of birth"),
    Hostile("dyddiad_geni", CODES, "date of birth", "parquet"),
    Hostile("Patient Age", CODES, "age"),
    Hostile("NHS No.", CODES, "NHS number"),
    Hostile("rhif GIG", CODES, "NHS number"),
    Hostile("PNCID", CODES, "PNC number", "parquet"),
    Hostile("CRO Number", CODES, "CRO number"),
    Hostile("NI Number", CODES, "National Insurance number", "xlsx"),
    Hostile("custody_no", CODES, "custody number"),
    Hostile("Tel No", CODES, "phone number"),
    Hostile("Rhif Ffôn", CODES, "phone number"),
    Hostile("callerMobile", CODES, "phone number"),
    Hostile("E-mail", CODES, "e-mail address"),
    Hostile("VRM", CODES, "vehicle mark"),
    Hostile("veh_reg_mark", CODES, "vehicle mark"),
    Hostile("House No", CODES, "address"),
    Hostile("Home Address", CODES, "address", mapped="location_text"),
    Hostile("Victim Postcode", CODES, "address", mapped="postcode"),
    Hostile("Self-defined ethnicity", CODES, "protected characteristic"),
    Hostile("Religion", CODES, "protected characteristic"),
    Hostile("SUSPECT_SEX", CODES, "protected characteristic"),
    Hostile("Nominal Ref", CODES, "person reference", mapped="id"),
    Hostile("Officer collar number", CODES, "person reference"),
    Hostile("IMEI", CODES, "device"),
    Hostile("Free Text", CODES, "free text"),
    # By their values, under a harmless name.
    Hostile("ref2", NAMES, "name"),
    Hostile("field 7", SURNAMES, "name", "parquet"),
    Hostile("tag", FIRST, "name", "xlsx"),
    Hostile("label", TITLED, "name", mapped="location"),
    Hostile("d2", BIRTHS, "date of birth"),
    Hostile("d3", ISO_BIRTHS, "date of birth", "parquet"),
    Hostile("key2", NHS, "NHS number"),
    Hostile("key3", NHS_SPACED, "NHS number", "xlsx"),
    Hostile("ref", PNC, "PNC number", mapped="id"),
    Hostile("xref", CRO, "CRO number"),
    Hostile("code2", NI, "National Insurance number", "parquet"),
    Hostile("num", MOBILES, "phone number"),
    Hostile("line", SPOKEN, "phone number", "xlsx"),
    Hostile("via", EMAILS, "e-mail address", mapped="location"),
    Hostile("mark", PLATES, "vehicle mark"),
    Hostile("spot", HOMES, "address", mapped="location"),
    Hostile("spot2", POSTED, "address", "parquet"),
    Hostile("extra", TALES, "free text", "xlsx"),
    Hostile("dev", IMEIS, "device"),
]
