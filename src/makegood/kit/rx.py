"""Regular expressions for foreign text: linear in time, whatever is thrown at them.

Only this module may compile expressions for text that we did not write (security.md D11).
"""

from functools import lru_cache
from typing import Any

import re2


@lru_cache(maxsize=512)
def rx(pattern: str, *, ignore_case: bool = False) -> Any:
    """A compiled RE2 expression: no backtracking, no look-around, no back-references."""
    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.log_errors = False
    return re2.compile(pattern, options)
