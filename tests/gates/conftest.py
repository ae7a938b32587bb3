from typing import Any

import pytest

from makegood.office.views import signing_in
from tests.gates.places import Things, make_things
from tests.gates.whom import make_people


@pytest.fixture
def things(
    lamp: Any,
    nora: Any,
    tomas: Any,
    olga: Any,
    mailbox: Any,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Things:
    # Who proved who they are is believed to the end of a test, however long it takes.
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600
    monkeypatch.setattr(signing_in, "ALWAYS_TAKES", 0.001)
    return make_things(lamp, nora, olga, mailbox, make_people(lamp, nora, tomas, olga))
