"""The dictionary: words for what cuts or pierces, and for wounds by it, to one token each.

English, police and clinical short forms, street words and Welsh (with its mutations). Texts are in lower case
here, so a token, in capitals, cannot be met by chance.
"""

# ruff: noqa: E501  # a pattern is read whole or not at all

from __future__ import annotations

from typing import Final

_KIND: Final = (
    r"(?:(?:kitchen|bread|steak|carving|boning|butter|paring|chef'?s?|lock|flick|butterfly|folding|hunting|"
    r"combat|fishing|filleting|pocket|pen|sheath|zombie|rambo|bowie|throwing|push|gravity|survival|large|small|"
    r"big|black|long|silver|sharp) ){0,3}"
)
_CUTTER: Final = r"(?:stanley|craft|utility|carpet|box|gutting)[ -]?(?:knife|knives|blades?|cutters?)"

WORDS: Final = (
    # Parts of Welsh that the rules need in English.
    (r"\b(?:[cg]|ch|ngh)yll(?:ell|yll)\b|\bll?afn(?:au)?\b", "W_KNIFE"),
    (r"\b(?:t|d|th|nh)rywan\w*", "STAB"),
    (r"\b[bf]yg(?:wth|ythi)\w*", "threatened"),
    (r"\bymoso\w*", "attacked"),
    (r"\brhedeg ar ôl\b", "chasing"),
    (r"\btynnodd\b", "pulled"),
    (r"\b(?:gyda|efo|â)\b", "with"),
    (r"\b(?:dim|heb|doedd dim)\b", "no"),
    (r"\b(?:knife|blade)[ -]?point\b", "threatened W_KNIFE"),
    # Wounds that only such a thing makes.
    (r"\b(?:multiple )?(?:knife|stab(?:bing)?|slash|incised|sharp force|bladed?)[ -](?:wounds?|injur\w+|lacs?\b|lacerations?)"
     r"|\bpenetrating (?:\w+ )?(?:trauma|wounds?|injur\w+)|\bsw(?:'?s)? to\b|\bblade track\b", "WOUND"),
    (r"\bpuncture wounds?", "PUNCTURE"),
    # Things.
    (rf"\b{_CUTTER}|\bstanley\b", "W_TOOL"),
    (r"\b(?:pencil )?sharpener blades?\b|\b(?:cut[ -]throat )?razors?(?: blades?)?\b|\bscalpel(?: blades?)?\b", "W_TOOL"),
    (r"\b(?:screw ?drivers?|scissors|chisels?|syringes?|needles?|cork ?screws?|ice ?picks?|bradawls?|skewers?|"
     r"(?:garden )?shears|loppers|secateurs|pruning saw|compass point|(?:point|tip) of (?:an? |the |his |her )?(?:pair of )?compass(?:es)?|pair of compasses|garden(?:ing)? fork|knitting needle|box cutters?)\b",
     "W_TOOL"),
    (r"\b(?:machetes?|(?:samurai |ninja )?swords?|katanas?|axes?|hatchets?|(?:meat )?cleavers?|cutlass(?:es)?|"
     r"bayonets?|scythes?|sickles?|rambos?(?: knife| knives)?|zombie (?:knife|knives|machetes?|blades?))\b", "W_LARGE"),
    (rf"\b{_KIND}(?:knife|knives|blades?|daggers?|penkni(?:fe|ves)|flick ?kni(?:fe|ves)|stilettos?)\b", "W_KNIFE"),
    (r"\b(?:bladed (?:article|weapon|item|object|implement)s?|shanks?|shivs?|chibs?|nanks?|flicky|flickies)\b", "W_KNIFE"),
    (r"\b(?:unknown )?(?:(?:sharp|pointed|pointy)(?: metal)? (?:object|instrument|implement|item|edge|thing|metal|point|tip|end|stick|stake)s?|"
     r"something (?:very )?(?:sharp|pointed|pointy)|jagged end|sharpened (?:\w+ )?\w+)\b", "W_SHARP"),
    (r"\b(?:broken|smashed|shattered|jagged) (?:(?:piece|bit|shard)s? of )?(?:\w+ )?(?:glass|bottles?|mirror|pane)\b|"
     r"\b(?:shards?|pieces?|bits?) of (?:broken )?(?:glass|mirror|bottle)\b|\bshards?\b", "W_GLASS"),
    (r"\b(?:broke|snapped|knocked) the (?:neck|end|top|bottom) off (?:an? |the )?(?:\w+ )?(?:bottle|glass)", "W_GLASS"),
    (r"\bglassed\b|\bglassing\b", "GLASSED"),
    (r"\b(?:glass|bottle|jug|mug|mirror)(?: was)? (?:smashed|broken|shattered|broke) (?:and|then) (?:was |it was )?"
     r"(?:pushed|shoved|thrust|jabbed|rammed|ground|swung|used)", "attacked with W_GLASS"),
    (r"\b(?:broke|smash\w*|shatter\w*) (?:a |the |his |her )?(?:\w+ )?(?:glass|bottle)\b", "W_GLASS"),
    (r"\b(?:glass|bottle)\b(?P<more>(?: \w+){0,2} which| that| and it) (?:shatter|smash|broke)\w*", "W_GLASS"),
    (r"\bweapons? (?:outstanding )?(?:believed|thought) to be (?:an? )?W_", "used W_"),
    # Acts by street words, and by the plain ones.
    (r"\b(?:shanked|shivved|chibbed|cheff?ed|juked|jooked|wetted up|poked up|knifed)\b", "STAB"),
    (r"\bdipped\b(?:\W+\w+){0,2}\W+in (?:the|his|her|my) (?:side|leg|back|stomach|chest|arm|thigh|ribs)\b", "STAB"),
    (r"\bstab(?:s|bed|bings?)?\b", "STAB"),
    (r"\b(?:throat|neck) (?:(?:was|is|been|being) )*(?:cut|slit|sliced)\b|\b(?:cut|slit) (?:[\w]+'s|his|her|their) throat\b|"
     r"\bcut across (?:the |his |her )?(?:\w+ of (?:the |his |her )?)?(?:neck|throat|face|cheek|chest|back)\b", "SLASH"),
    (r"\bslash(?:es|ed|ing)?\b", "SLASH"),
)  # fmt: skip
"""Pattern and token, in the order in which they are put in."""

TOKEN: Final = r"W_[A-Z]+"
ANY: Final = r"W_[A-Z]+|STAB|SLASH|WOUND|PUNCTURE|GLASSED|SAY"
