"""What one clause says was done with the thing it names."""

# ruff: noqa: E501  # a pattern is read whole or not at all

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.knife.vocabulary import OBJECTS

_W: Final = r"W_[A-Z]+"
_NEAR: Final = r"[^.;]{0,70}?"
_CLOSE: Final = r"[^.;,]{0,60}?"


def _near(verbs: str, gap: str = _NEAR) -> str:
    """Give a pattern: one of the verbs and a thing within reach of one another."""
    return rf"(?:\b(?:{verbs})\b{gap}{_W}|{_W}{gap}\b(?:{verbs})\b)"


_ATTACK: Final = (
    r"cuts?|cutting|lung(?:e|ed|es|ing)|sw[uia]ng\w*|jab(?:s|bed|bing)?|str[iu]c?k\w*|hit|attack\w*|"
    r"assault\w* with|hack\w*|thrust\w*|chas(?:e|ed|es|ing)|r[au]n(?:ning)? (?:\w+ )?(?:at|after|towards?|into|onto)|"
    r"(?:came|come|comes|coming|went|going|moved|moving) (?:\w+ )?(?:at|for|forwards?|towards?|up)|"
    r"held (?:\w+ ){0,3}(?:to|against|at|towards?)|"
    r"holding (?:\w+ ){0,3}(?:to|against|at)|press(?:ed|ing|es)?|push(?:ed)? (?:\w+ )?(?:into|against)|"
    r"lacs?|lacerat\w+|drawn across|drew across|caught (?:him|her|his|the|my|their)|injur\w+|us(?:ed|ing) (?:\w+ )?(?:to|on|as)|plung\w+|put (?:\w+ )?(?:to|against|at|in|into)|"
    r"swip(?:e|ed|ing)|poke[ds]?|inflict\w*|wounds?|wounded|involv\w+|went through|snapped|sutures?|stitches|bleeding|blood|killed|"
    r"murder\w*|raped|hurt|set about|stuck (?:in|into|with)|blocked|embedded|carved|slic(?:ed|ing)(?: at)?"
)
_THREAT: Final = (
    r"threat\w*|produc\w+|pull(?:ed|s|ing)?|brandish\w*|wav(?:e|ed|es|ing)|wield\w*|point(?:ed|ing|s)? (?:it|a|the|at|towards?)|"
    r"gestur\w*|demand\w*|robbed|robbery|robs?|menac\w*|warned (?:him|her|them)"
)
_SHOWN: Final = (
    r"show(?:n|ed|s|ing)?|(?:took|takes?|taking|got|gets|getting|brought|whipped|slid|drew) out|drew|drawn|raised|reveal\w*|lifted|flash(?:ed|es|ing)|"
    r"presented|confront\w*"
)

FLAGS: Final[dict[str, str]] = {
    "thing": _W,
    "struck": r"\bSTAB\b|\bSLASH\b|\bGLASSED\b|\bUSED\b",
    "wound": r"\bWOUND\b",
    "puncture": r"\bPUNCTURE\b",
    "attack": _near(_ATTACK, _CLOSE) + rf"|\b(?:threw|throws?|throwing|hurl\w*|flung|launched) (?:\w+ ){{0,3}}{_W} (?:at|across|from|towards?|down|into|past|over|through|and)\b|"
    rf"{_W} (?:(?:was|were|been|being) )*(?:thrown|hurled|flung)|"
    rf"\b(?:took|taken|put|puts|stuck|drove|rammed|shoved|dug|sank) (?:an? |the |his |her )?{_W} (?:to|against|at|in|into) (?:[\w']+ )?(?:cheek|face|neck|throat|arm|leg|chest|"
    r"stomach|hand|back|head|eye|him|her|them|me)\b",
    "threat": _near(_THREAT) + rf"|{_W} ?-?point",
    "shown": _near(_SHOWN, _CLOSE) + rf"|\b(?:grabbed|saw|sees?|get out|pull out|picked up|met by){_CLOSE}{_W}|\b(?:took|taken|takes) (?:out )?(?:an? |the |his |her )?{_W}{_NEAR}"
    r"\b(?:from|out)|\b(?:took|taken|takes|pulled|removed|out) .{0,40}\b(?:from|of) .{0,30}"
    rf"(?:waistband|sleeve|pocket|bag|sock|coat|belt|trousers|jacket).{{0,40}}{_W}",
    "held": r"\b(?:held|holding|holds|press(?:ed|ing)|pushed|put|placed) (?:\w+ ){0,2}W_[A-Z]+ (?:up )?(?:(?:to|against|on|near|under|across)\b|"
    r"(?:at|towards?) (?:the|his|her|him|them|their|me|my|a|an|another|victim\w*|complainant\w*|staff|officers?|police|[\w]+'s)\b)|"
    r"W_[A-Z]+ (?:up )?(?:to|against|under|at|across|into|through) (?:[\w']+ ){1,3}?(?:throat|neck|chin|cheek|face|chest|stomach|ribs?|"
    r"kidneys?|head|arm|leg|thigh|eyes?|belly|groin|temple)\b",
    "form_weapon": r"\bFORM\b",
    "yes": r"\bYES\b",
    "believed": _near(
        r"believ\w+|thought|thinks|said (?:that )?(?:he|she|they) (?:had|has|have)|says (?:he|she|they) (?:had|has)|"
        r"claim\w*|impl(?:y|ied|ying|ies)|indicat\w+|asif|told (?:\w+ ){0,3}(?:had|has)|feared|suspected|"
        r"i've got|i got|i have|has got|hand (?:in|inside)|pat(?:ted|ting)|likely|consistent with|appeared to be|"
        r"looked like|may have been"
    ),
    "present": _near(
        r"holding|armed|in (?:his|her|their|right|left|one|each|a|the|hand) ?(?:hand|right hand|left hand|hands)?|"
        r"with|carrying|had|has|having|clutching|gripping|refus\w+ to (?:put|drop)|on him"
    ),
    "felt": r"W_SHARP|\bfelt\b.{0,60}W_[A-Z]+",
    "say": r"\bSAY\b",
    "break_in": r"padlock|lever\w*|prised|jemm\w+|forced (?:open|entry|using)|\bforcing\b|cut (?:through|open|off)|rear door|"
    r"window|fence|gained entry|\block of\b|ignition|shed\b",
    # Reasons to set the mention aside.
    "past": r"\b(?:19|20)\d\d\b(?: in|,| \b)|\bin (?:19|20)\d\d\b|\byears? ago|\bpreviously\b|previous (?:incident|assault|attack|log|convict\w*|offen\w+|for)|\blast (?:call|time|incident)|\bearlier (?:STAB|W_[A-Z]+|log|incident|job|call)|\blinked to\b|\bflagged\b|\bsurgery for\b|"
    r"\blast (?:month|year|week|summer|winter)|\bold (?:STAB|WOUND|scar|SLASH|W_)|\bhistory of|\bknown (?:to|for)\b.{0,20}(?:carry|use|have)|"
    r"\bmarkers?\b|\bintelligence\b|\bpnc\b|\bscars?\b|\bhistoric\w*",
    "again": r"\b(?:today|tonight|this (?:morning|afternoon|evening|time)|on this occasion)\b.*(?:W_|STAB|SLASH)",
    "supposed": rf"\bwhether (?:\w+ ){{0,5}}?{_W}|\bwould have (?:noticed|seen|said)\b|\bhad there been\b|\b(?:watch(?:ed|ing)|dream(?:s|t|ed|ing)?|nightmares?|reads?|reading) (?:\w+ ){{0,3}}(?:of|about)\b|\b(?:if|in case|unless|should)\b (?:\w+ ){{0,5}}?{_W}|\bif (?:he|she|they|suspect|someone|any|there|it)\b.{{0,50}}{_W}|"
    rf"\b(?:worried|scared|fearful|concern\w*|afraid|fears|hopes)\b.{{0,60}}(?:{_W}|STAB|SAY)|\badvised to\b|"
    rf"\b(?:could|might|may)\b (?:have )?(?:\w+ )?(?:use|had|been|have|be).{{0,20}}(?:{_W}|STAB)|"
    r"\bnext time\b|\bin (?:the )?future\b|\bwhat would\b",
    "reported": r"\b(?:first |initial(?:ly)? |originally )?report(?:ed)? (?:of|as)|\binitial report|\b(?:call )?came in as|"
    r"\bfirst (?:thought|believed|reported)|\bcalled in as|\binitially\b",
    "undone": r"turned out|found to be|confirm(?:ed)? (?:to be|not)|made up|retract\w*|\bhoax\b|not as first|no trace|"
    r"mistaken|stand down|\bis a cut from|cannot be recontacted|duplicate of|said as a joke|accidental call|"
    r"officers found (?:him|her|them) (?:carrying|with|holding)",
    "property": r"(?:tyres?|roof|sofa|tent|pool|castle|package|parcel|seats?|canvas|marquee|inflatable|trampoline|"
    r"gazebo|hoodie left|curtains?|mattress|cushions?|painting|fence panel|bin bags?)\b.{0,40}(?:SLASH|STAB|\bcut\b)|"
    r"(?:SLASH|STAB|\bcut open)\b.{0,30}(?:tyres?|roof|sofa|tent|pool|castle|package|parcel|seat|canvas|marquee|trampoline)",
    "person": r"\b(?:went for|came at|lunged (?:at|for|towards?)|threatened|ran at|turned on|swung at) (?:\w+)",
    "found": r"stop(?:ped)?(?:[ -]and)?[ -]search\w*|\bsearch(?:ed|ing)?\b|\bsection (?:1|60)\b|\bs60\b|in custody|\bboot\b|"
    r"warrant|\bseiz\w+|handed in|surrender\w*|amnesty|\bfound\b|\blocated\b|\brecovered\b|litter|"
    r"collected|dumped|sweep|display|stolen|theft|shoplift\w*|\bset of\b|basket|\bsold\b|seller|test purchase|"
    r"\bvalued\b|\bpossession\b|\bleft (?:at|beside|in|behind)|\bproperty\b|burglary|pencil case|no offence|"
    r"multi[ -]?tool|\bhid\b|\bremoved all\b|\blocked the\b|out of reach|precaution|caught with|handed to|taken (?:off|from) (?:him|her|them)|footwell|noticed|fell (?:from|out)|mattress|glove ?box|receipt|\bhome from\b|camping|on (?:the |his )?(?:wall|keys)|\bon arrest\b",
    "work": r"chopping|slicing|butter(?:ing)?\b|cooking|on (?:the |a )?(?:counter|work ?top|side|drainer|table)|W_KNIFE drawer|in (?:the |a )?drawer|washing[ -]up|cutlery|\brack\b|\bblock\b|"
    r"setting out|sharpening|toast|\bcake\b|dinner|gutting|at (?:lunch|breakfast|dinner|tea|meal)|\bstall\b|\bbelt\b|stripping|\btools\b|tool ?(?:bag|box|belt)|"
    r"decorator|butcher|gardener|\bchef\b|carpet|opening (?:parcels|boxes|letters)|\bclear\b|brambles|tree|"
    r"were scattered|contractor|fishmonger|electrician|\bcraft\b",
    "play": r"\btoy\b|\bplastic\b|rubber|costume|halloween|practis\w+|demonstrat\w+|fancy dress|\bfoam\b|acting out|music video|\bnovel\b|cinema|pretend\w*|gaming|\bgames?\b|television|\btv\b|\bfilm\b|drama|rehears\w+|"
    r"\bstage\b|graffiti|posters? (?:of|about|says|reads|saying)|rambo poster|comics|\btalk\b|awareness|tattoo|training|museum|martial arts|\bin (?:biro|pencil|chalk|felt[ -]tip|paint|crayon)\b|\bemoji\b|collector",
}  # fmt: skip
"""Name of a flag, and the pattern a clause must hold."""

WHOLE: Final[dict[str, str]] = {
    "self_harm": r"self[ -]?(?:harm\w*|inflict\w*)|\bdsh\b|\b(?:cut|cutting|slit|knife to|held to|blade to) (?:both |his |her |their )?own\b|"
    r"\bown (?:wrists?|throat|neck|life|arms?|stomach)|\bharm (?:himself|herself|themselves)|suicid\w+|\bend (?:his|her|their)? ?life|"
    r"overdose|(?:cut|SLASH) (?:both |his |her )?wrists",
    "others": r"\b(?:at|towards?) (?:\w+ )?(?:officers?|police|staff|partner|mother|father|crew|carers?|neighbours?|him|her|them)\b|"
    r"threat\w* (?:to (?:STAB|kill) )?(?:officers?|police|staff|partner|mother|father|crew|him|them|others|anyone)|SAY them|"
    r"\b(?:attacked|assaulted|STAB) (?:by|officer|staff|partner)",
    "accident": r"accident\w*|\bslipped\b|\bdiy\b|not an assault|\b(?:slicing|chopping|peeling|cutting) (?:\w+ ){0,2}(?:onions?|bread|veg\w*|carrots?|meat|fruit|ham|cheese|lemons?|limes?|"
    r"tomato\w*|potato\w*|apples?|wood|cardboard|carpet)\b|\bopening (?:oysters|parcels|a tin)|"
    r"washing[ -]up bowl|\bfell (?:onto|through)\b|\b(?:stood|stepped) on\b|\btripped\b|\btoddler\b|no(?: one|body) else involved|\bown (?:hand|finger|thumb|foot)\b|\bcut (?:finger|thumb)\b|during craft",
    "assailant": r"attack\w*|assault\w*|threat\w*|\bsuspect\b|\boffender\b|lung\w+|\bSTAB by\b|produced|\bran at\b|\bjumped by\b",
    "undone": r"\b(?:are|is|was|were) (?:false|untrue|unfounded|not true|incorrect)\b|\brumou?rs?\b|made up the|\bhoax\b|not as first|stand down|child playing",
    "harmless": r"\bit (?:was|is) (?:only |just |actually |in fact )?(?:an? |the |his |her )?(?:\w+ )?(?:lighter|phone|mobile|torch|"
    r"umbrella|vape|comb|pen|keys?|wallet|toy|stick|rod|card|cigarette|spoon|ruler|remote|tape measure)\b",
    "thought": r"\bthought\b.{0,60}\b(?:took|pulled) out an? (?:\w+ )?(?:inhaler|phone|wallet|card|keys?|pen|lighter|vape|torch)\b",
    "real_after": r"\bREALLY\b",
    "remote": r"voicemail|voice note|voice message|\btext(?:ed|s)?\b (?:message|reads|saying|from)|"
    r"\bmessages? (?:received|reads?|sent|saying)|snapchat|instagram|letter through|\bonline\b|over the phone|\bemail\w*",
    "none": r"\bNONE\b",
    "name": r"~",
    "cut": r"\b(?:lacerat\w+|cuts?|wounds?|lac|blood\w*)\b",
}  # fmt: skip
"""The same of a whole text."""


def flagged(clauses: pl.DataFrame) -> pl.DataFrame:
    """Add to [row, clause, whole] one Boolean a flag; those of the whole text begin with `whole_`."""
    return clauses.with_columns(
        *(pl.col("clause").str.contains(pattern).alias(name) for name, pattern in FLAGS.items()),
        *(pl.col("whole").str.contains(pattern).alias(f"whole_{name}") for name, pattern in WHOLE.items()),
        *(pl.col("clause").str.contains(token, literal=True).alias(token) for token in OBJECTS),
    )  # fmt: skip
