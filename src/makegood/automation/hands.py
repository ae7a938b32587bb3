"""By whom a rule acts: it may what its keeper may, and is called what the rule is called."""

from makegood.automation.models import Hand, Rule


def hand_of(rule: Rule) -> Hand:
    """The hand of a rule, from a keeper that was just read."""
    known = {name: value for name, value in vars(rule.keeper).items() if name != "_state"}
    hand = Hand()
    vars(hand).update(known, rule_ref=rule.ref, name=rule.name)
    hand._state.adding, hand._state.db = False, rule.keeper._state.db
    return hand
