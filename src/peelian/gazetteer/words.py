"""The words of location text: how streets and relations are shortened, and which words name no place."""

from __future__ import annotations

from typing import Final


def _pairs(text: str) -> dict[str, str]:
    """Read `short=long` pairs; `_` in a long form is a space."""
    return {s: long.replace("_", " ") for s, long in (pair.split("=") for pair in text.split())}


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHORT: Final = _pairs(
    """
    rd=road ave=avenue av=avenue ln=lane la=lane cl=close clo=close cres=crescent cr=crescent
    cresc=crescent drv=drive dr=drive ct=court crt=court pl=place sq=square gdns=gardens gdn=gardens
    gds=gardens gr=grove gro=grove grv=grove ter=terrace terr=terrace tce=terrace pde=parade pk=park
    hse=house bldg=building bldgs=buildings ctr=centre cntr=centre cent=centre center=centre stn=station
    sta=station sch=school schl=school hosp=hospital hosptl=hospital chrch=church bdge=bridge
    brdg=bridge est=estate ind=industrial nth=north sth=south gt=great lt=little ltl=little lwr=lower
    upr=upper uppr=upper mt=mount mkt=market rec=recreation_ground recky=recreation_ground
    ph=public_house cp=car_park carpark=car_park rbt=roundabout rdbt=roundabout rndbt=roundabout
    rbout=roundabout rab=roundabout blvd=boulevard psge=passage wy=way wlk=walk rly=railway lib=library
    uni=university coll=college blk=block str=street jct=junction jcn=junction junc=junction
    jctn=junction jn=junction jnc=junction jnct=junction opp=opposite os=outside o_s=outside ro=rear
    r_o=rear nr=near adj=adjacent bhd=behind btwn=between b_w=between betw=between cnr=corner crn=corner
    crnr=corner frt=front bs=bus_stop nb=northbound sb=southbound eb=eastbound wb=westbound
    n_b=northbound s_b=southbound e_b=eastbound w_b=westbound j_w=and jw=and c_pk=car_park
    c_park=car_park p_h=public_house twds=towards twrds=towards c_o=corner leis=leisure shpg=shopping
    s_c=shopping_centre v=and w_ms=and wmc=working_mens_club kgs=kings qns=queens rlwy=railway
    """
)  # fmt: skip

TYPES: Final = _set(
    """
    street road lane avenue close crescent drive court place square gardens grove terrace parade way
    walk row rise hill mews passage alley boulevard view vale gate green park wharf quay embankment path
    bypass roundabout stryd heol ffordd lon rhodfa clos maes cilgant gerddi teras rhes bryn rhiw
    """
)

RELATIONS: Final = _set(
    """
    outside opposite near behind rear front adjacent beside next between corner junction inside in at by
    off on along towards from toward heading entrance of the to a an and with into onto around across
    end top bottom middle side back outskirts vicinity facing alongside direction northbound southbound
    eastbound westbound number no door tu allan ger gyferbyn wrth ymyl ol flaen fewn cyffordd cornel
    rhwng ar yn yng ym i o y yr r am groesffordd blaen cefn ochr tua yn_y
    """
)
"""Between names these part them, and are no sign that a name goes on."""

JOINS: Final = frozenset(
    {"and", "with", "a", "ac", "junction", "corner", "cyffordd", "cornel", "meets", "at"}
)
"""Between two streets, these say that where they meet is meant."""

CROSSING: Final = frozenset(
    {"junction", "corner", "cyffordd", "cornel", "crossroads", "roundabout", "groesffordd", "intersection"}
)
BETWEEN: Final = frozenset({"between", "rhwng"})
TOWARDS: Final = frozenset({"towards", "toward", "heading", "direction"})
"""A place named after these is where somebody went."""

BEYOND: Final[dict[str, float]] = {
    "near": 100.0, "ger": 100.0, "vicinity": 150.0, "around": 100.0, "off": 100.0, "wrth": 50.0, "by": 50.0,
    "behind": 50.0, "rear": 50.0, "ol": 50.0, "cefn": 50.0, "back": 50.0, "opposite": 30.0, "gyferbyn": 30.0,
    "adjacent": 30.0, "next": 30.0, "beside": 30.0, "car": 40.0, "parcio": 40.0,
}  # fmt: skip
"""How much further from a premises a place may lie that is named by it so, in metres: our own judgement."""

MODIFIERS: Final = _set(
    """
    upper lower north south east west old new great little inner outer middle far nether higher uchaf
    isaf hen newydd bach mawr gogledd de dwyrain gorllewin
    """
)
"""Before or after a street's name these make it another street's."""

NAMED_AFTER: Final = _set(
    """
    school estate primary surgery club church chapel farm cottage lodge hall industrial trading business
    medical centre clinic nursery academy college hospital hotel inn arms mill bridge station library
    allotments cemetery playing ysgol ystad eglwys neuadd
    """
)
"""After a street's name these make it the name of something called after the street."""

TAILS: Final = _set(
    """
    pub inn hotel tavern bar public house supermarket store stores superstore shop express extra metro
    local restaurant cafe takeaway nightclub club tafarn gwesty siop
    """
)
"""Words that a premises' name may carry or lack."""

GENERIC: Final = _set(
    """
    library station church hospital school centre hall park club pavilion bandstand cinema theatre
    museum market cemetery college university surgery court mosque temple chapel gardens ground bank
    gorsaf llyfrgell eglwys ysgol
    """
)
"""What a premises is called where it is the only one: `the library`, in a street or town that is named."""

PARTS: Final = _set(
    """
    car park entrance exit toilets toilet gates gate steps bus stop shelter forecourt yard garden beer
    alleyway bench benches gents ladies doorway foyer lobby main reception tills atm cashpoint taxi rank
    maes parcio mynedfa traffic lights zebra pelican crossing
    """
)
"""A part of what is named; the place stays the same."""

PLAIN: Final = _set(
    """
    male female males females youths youth group fighting fight assault assaulted stabbing stabbed
    threats threatening shouting drunk argument ongoing progress reported reporting reports report
    informant caller states stating victim suspect suspects offender seen running ran away attacked
    large small people person someone somewhere incident occurred happened located location address home
    house flat apartment room floor block ground level area town centre city village local nearby next
    between that this there here then where when while just about approx unknown not known his her their
    my our old man woman boy girl kids teenagers street road lane knife police ambulance officers
    patient fell found lying walking walked pushed punched hit robbed robbery theft damage being been
    was were is are has have had they them came come coming gone going into onto out over under after
    before during night evening morning
    """
)
"""Common words, never taken for a misspelt name."""

COMMON_CORES: Final = _set(
    """
    church station school park mill bridge market green hill high main castle river wood new old north
    south east west king kings queen queens victoria manor chapel priory abbey farm meadow spring garden
    gardens college hospital factory railway canal common field fields cross well london
    """
)
"""A street is not known by these alone, without its `Street` or `Road`."""
