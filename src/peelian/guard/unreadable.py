"""What the readers of YAML and TOML raise over a text that is none: more than their own errors.

A date of no calendar is a ValueError of YAML, a text nested a thousand deep a RecursionError of both, bytes
that are no UTF-8 a UnicodeDecodeError, which is a ValueError too. So is pydantic's ValidationError: catch
that one first.
"""

from __future__ import annotations

from typing import Final

import yaml

NO_YAML: Final = (yaml.YAMLError, ValueError, RecursionError)
NO_TOML: Final = (ValueError, RecursionError)
