"""Who sees what, for many at once, is the same as the one rule for one."""

from typing import Any

from makegood.channels.queries import may_see
from makegood.routing.floor import seats


def test_seats_say_the_same_as_the_rule(
    form: Any, mailbox: Any, nora: Any, vera: Any, tomas: Any, olga: Any
) -> None:
    mailbox.teams.clear()
    both = seats([form.pk, mailbox.pk])
    for agent in (nora, vera, tomas, olga):
        for inbox in (form, mailbox):
            assert both.may_see(agent, inbox.pk) == may_see(agent, inbox.pk)
    assert not both.may_see(vera, form.pk)
    assert both.may_see(vera, mailbox.pk)
