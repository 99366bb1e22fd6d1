"""What a mention's own neighbours make of it: asked in a form, denied, only said, or attempted.

Each rule rewrites the text, so that what is left standing is a mention that nothing near it took back.
"""

# ruff: noqa: E501  # a pattern is read whole or not at all

from __future__ import annotations

from typing import Final

_W: Final = r"W_[A-Z]+"
_ACT: Final = r"(?:STAB|SLASH)"
_NOT: Final = (
    r"\b(?:no|not|n't|without|never|nil|neither|nor|nobody|no one|none of (?:them|us)|denie[sd]|deny(?:ing)?|isn't|wasn't|weren't|didn't|don't|"
    r"doesn't|hadn't|cannot say)"
)
_SMALL: Final = r"(?:[\w']+\s+){0,3}?"
_WILL: Final = (
    r"\b(?:will|i'll|he'll|ill|'ll|would|gonna|gunna|going to|could|might|may|shall|want(?:s|ed)? to|"
    r"(?:make )?threat\w* (?:of|to)|you're getting|get(?:ting)? (?:you )?|gets|to get|(?:someone|somebody) to|or i)"
)

RULES: Final = (
    # Boxes and lines of a form.
    (r"\[ ?\] ?W_[A-Z]+", " NONE "),
    (r"\[ ?[x✓] ?\] ?W_[A-Z]+", " YES "),
    (r"weapons?(?: used| type)?\s*[-:=]?\s*W_[A-Z]+", " FORM "),
    (rf"{_W}(?:[ /](?:W_[A-Z]+|crime|enabled|used|involved))*\s*[-:?=]+\s*(?:n|no|none|nil|0|false)\b", " NONE "),
    (rf"{_W}(?:[ /](?:W_[A-Z]+|crime|enabled|used|involved))*\s*[-:?=]+\s*(?:y|yes|1|true)\b", " YES "),
    (rf"(?:access to|any|are there) {_W}\s*[-:?=]+\s*(?:n|no|none|nil)\b", " NONE "),
    # A list shares what is said of it.
    (rf"({_W})(?:(?:,| or| and| nor|/|, or) ?(?:a |any |other )?(?:{_W}|weapons?|bottles?|guns?|firearms?))+", "${1}"),
    # Known of old, and now again with the same thing.
    (rf"({_W})([^;]{{0,60}}?\b(?:today|tonight|this (?:morning|afternoon|evening|time)|on this occasion)\b[^.;]*?)\b(?:one|it)\b",
     "${1}${2}${1}"),
    # What was attempted counts as done.
    (rf"\b(?:tri(?:ed|es)|try(?:ing)?|attempt(?:s|ed|ing)?(?: made| were made)?) to (?:\w+ )?{_ACT}", " USED "),
    # What was only said, feared or asked for.
    (rf"{_WILL}\s+(?:[\w']+\s+){{0,4}}?(?:{_ACT}|W_KNIFE (?:you|him|her|them)|cut (?:you|him|her|his|your)|put a {_W})",
     " SAY "),
    (rf"\bthreats?\b[^.;]{{0,50}}?\bto {_ACT}", " SAY "),
    (r"\bto W_KNIFE (?:the|him|her|them|you|me|his|my)\b", " SAY "),
    (rf"\bthreat\w* (?:[\w']+ ){{0,4}}(?:with )?being {_ACT}", " SAY "),
    (rf"\b(?:you're|ur|be|get(?:s|ting)?) {_ACT}", " SAY "),
    (r"\bno (?:\w+ )?threats?(?: to \w+(?: else)?)?(?: (?:was|were))?(?: made)?\b|\b(?:did not|didn't|not) threaten\w*|\b(?:nobody|no one|none) (?:\w+ ){0,3}threatened", " ~~ "),
    # Hurt on it, by nobody.
    (rf"\b(?:cut|gashed|sliced) (?:(?:his|her|their|own) ){{1,2}}(?:\w+ )?\w+ (?:on|while|when) (?:an? |some |the )?{_W}", " ~ "),
    # Somebody's name, or a thing looked for, taken for another, or untrue.
    (rf"\b(?:called|named|nick ?named?|known as|name (?:is|was))(?: is)?(?: the)? {_W}", " ~ "),
    (rf"\b(?:look\w*|check\w*|examin\w*|search\w*) for (?:an? |any )?(?:{_W}|{_ACT}|WOUND)(?: wounds?)?", " NONE "),
    (rf"\b(?:taken?|took|mistook|mistaken|mistook) (?:\w+ ){{0,2}}(?:for|to be) (?:an? |the )?{_W}", " NONE "),
    (rf"\b(?:it|this|that|which) (?:was|is) (?:an? |the |his |her )?({_W})", "REALLY a ${1}"),
    (rf"(?:{_W}|{_ACT})[^.;]{{0,20}}?,? ?(?:it|this|which|that) (?:was|is) "
     r"(?:nothing|untrue|not true|false|wrong|only|just|actually|in fact|an? )", " NONE "),
    # What is taken back, or at first thought otherwise and then made sure.
    (rf"(?:found|turned out|confirmed|established|proved) to be (?:an? |the )?({_W})", "REALLY a ${1}"),
    (rf"{_W},?(?: \w+)? (?:but |and |which |it )*(?:was )?(?:later |actually )?"
     r"(?:found|turned out|confirmed|established|proved) to be\b", " NONE "),
    (r"\bin possession of\b", "having"),
    (rf"\b(?:nothing|no (?:one|\w+))(?: (?:to|that|which))? (?:suggest|indicat|support|show|point)\w*(?: to| of)? {_SMALL}{_W}", " NONE "),
    (rf"{_NOT}\s+{_SMALL}(?:{_W}|{_ACT}(?: wounds?| injur\w+)?|WOUND|PUNCTURE)", " NONE "),
    (rf"{_W},? (?:(?:was|were|is|are|had been|has been|said|which was) )*(?:not|never|none)"
     r" (?:\w+ (?:or|and) )?(?:seen|used|shown|produced|present|involved|mentioned|touched|visible|drawn|sighted)", " NONE "),
    (rf"\bNONE\b(?:\s*,?\s*(?:or|nor|and)\s+(?:any )?(?:{_W}|{_ACT}))+", " NONE "),
)  # fmt: skip
"""Pattern and what takes its place, in order."""
