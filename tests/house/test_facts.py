"""The ledger's facts: kinds that read as told, and nobody forgets what is personal."""

import dataclasses
import re
from datetime import datetime

import pytest
from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from makegood.ledger.facts import KINDS

autodiscover_modules("events")
FACTS = [fact for kind, fact in sorted(KINDS.items()) if fact.__module__.startswith("makegood")]
SILENT = (int, bool, float, datetime)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind)
def test_a_fact_is_told_well(fact):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", fact.kind), "noun.past_verb"
    assert fact.__doc__, "a fact says in one sentence what happened"
    with translation.override("en"):
        places = set(re.findall(r"\{(\w+)\}", str(fact.says)))
    assert places <= {field.name for field in dataclasses.fields(fact)} | {"by"}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind)
def test_a_fact_says_of_its_text_whether_it_is_personal(fact):
    declared = {*fact.personal, *fact.plain}
    names = {field.name: field.type for field in dataclasses.fields(fact)}
    assert declared <= set(names)
    undecided = [
        name for name, kind in names.items() if _may_hold_text(kind) and name not in declared
    ]
    assert not undecided, f"{fact.kind}: personal or plain? {undecided}"


def _may_hold_text(kind: object) -> bool:
    return kind not in SILENT and "str" in getattr(kind, "__name__", str(kind))
