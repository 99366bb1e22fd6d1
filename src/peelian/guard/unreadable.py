"""What readers raise over a file that is none of theirs: more than their own errors.

A date of no calendar is a ValueError of YAML, a text nested a thousand deep a RecursionError of all three, a
number beyond all bounds an OverflowError once it is made whole, bytes that are no UTF-8 a UnicodeDecodeError,
which is a ValueError too. So is pydantic's ValidationError: catch that one first.
"""

from __future__ import annotations

from typing import Final

import yaml

NO_YAML: Final = (yaml.YAMLError, ValueError, RecursionError)
NO_TOML: Final = (ValueError, RecursionError)
NO_JSON: Final = (ValueError, RecursionError, OverflowError)
NO_SHAPES: Final = (RuntimeError, ValueError, IndexError, OSError, UnboundLocalError)
"""Of pyogrio, whose own errors are RuntimeErrors; some broken files run into a name it has not set."""
NO_CRS: Final = (RuntimeError, ValueError)
"""Of pyproj, whose own errors are RuntimeErrors; half a character (a lone surrogate) is a ValueError."""
