"""Phrases that hold a blade's word and speak of no blade: masked before anything else is looked for."""

# ruff: noqa: E501  # a pattern is read whole or not at all

from __future__ import annotations

from typing import Final

_STREET: Final = (
    r"(?:lane|street|st|road|rd|way|court|close|avenue|ave|house|bar|arms|inn|pub|ph|hotel|green|hill|park|"
    r"square|terrace|mews|drive|place|walk|row|crescent|barbers?|games|club|cafe|shop|works|wood|bridge)"
)
_NAMED: Final = (
    r"(?:knife|knives|blades?|daggers?|swords?|cutlers?|axe|razor(?: sharp)?|machete|cutlass|scissors)"
)

DECOYS: Final = tuple(
    rf"\b(?:{one})\b"
    for one in (
        # Names of places and premises.
        rf"{_NAMED} {_STREET}",
        r"(?:the )?(?:crossed |two |three )swords?(?: \w+)?",
        r"(?:the )(?:axe|sword|dagger|cutlass|blade)s? (?:and|&) \w+",
        # Parts of the body, of machines and of dress.
        r"shoulder[ -]?blades?|(?:wiper|rotor|fan|mower|roller|turbine)[ -]?blades?|blades? of grass|rollerblad\w+",
        r"stab[ -]?(?:vests?|proof|resistant)(?: vest)?|stab[ -]vest\w*|stabili\w+|stable|unstable",
        r"razor[ -]?wire|razor[ -]?sharp|knife[ -]?edge|knife[ -]?arch|knife[ -]?crime (?:awareness|talk|team)\b",
        # Sayings.
        r"(?:a |took a |take a )?stab (?:in the dark|at it|at the)|back[ -]?stab\w*",
        r"stab\w* (?:him|her|me|them|us|people|someone) in the back (?:on|by|over|to|at work|with lies)",
        r"daggers drawn|look(?:s|ed|ing)? daggers|cut[ -]throat (?:competition|business|trade|world)|double[ -]edged sword|"
        r"twist(?:s|ed|ing)? the knife|(?:the )?sharpest (?:knife|tool)(?: in the (?:drawer|box))?|sharp as a (?:razor|knife|tack)|"
        r"swiss army|under the knife|the (?:\w+ )?axe (?:fell|falls|is falling|looms)|axe to grind|"
        r"(?:the )?knives are out|the knives (?:were|came) out|knives out (?:film|cinema|screening|movie)|cut (?:him|her|me|them) up|cut(?:ting)? (?:me|him|her) off",
        r"slash(?:ed|ing)? (?:prices?|costs?|budgets?)|axed|price slash\w*",
        # The clinic.
        r"stabbing (?:chest |abdo\w* |back )?pains?|stab(?:bing)? (?:sensation|feeling)s?|slash[ -]and[ -]burn|pains? (?:is |was )?stabbing",
        r"stabs? of pain|knife to skin|gamma[ -]?knife|surgical blades?|stab incision\w*|needle ?stick\w*|stab avulsion\w*",
        r"sharp (?:intake|chest pain|pain|bend|words|tug)|needle decompression",
    )
)
