"""The rows of acts in a form, of macros and of rules."""

import pytest

from makegood.acts.vocabulary import acts_for_rules
from makegood.office.forms.acts import WithActs


@pytest.mark.django_db
def test_every_priority_can_be_chosen_the_most_urgent_first() -> None:
    form = WithActs()
    form.add_rows((), acts_for_rules())
    groups = {str(label): may for label, may in form.fields["do_0"].choices}  # type: ignore[attr-defined]
    named = [value for name, may in groups.items() if isinstance(may, list) for value, _word in may]
    levels = [value for value in named if value.startswith("priority=")]
    assert levels == ["priority=urgent", "priority=high", "priority=normal", "priority=low"]
