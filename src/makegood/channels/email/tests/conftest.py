"""What the tests of mail share."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from makegood.channels.email.reading import read


@pytest.fixture
def count_lines() -> Callable[[bytes], int]:
    """Counts the lines of our code that reading a mail runs: work, without a clock."""

    def count(message: bytes) -> int:
        lines = 0

        def trace(frame: FrameType, event: str, _arg: Any) -> Any:
            nonlocal lines
            if "makegood" not in frame.f_code.co_filename:
                return None
            lines += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            read(message, {})
        finally:
            sys.settrace(before)
        return lines

    return count
