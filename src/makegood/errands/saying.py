"""An errand as a connector is told it, and as a row keeps it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from makegood.errands.models import Errand
from makegood.shop.connectors.interface import Ability, Wanted


def kept(wanted: Wanted) -> dict[str, Any]:
    """As JSON keeps it, without what says nothing."""
    told = {name: value for name, value in asdict(wanted).items() if value}
    if wanted.valid_until is not None:
        told["valid_until"] = wanted.valid_until.isoformat()
    return told | {"what": wanted.what.value}


def wanted_of(errand: Errand) -> Wanted:
    """What a connector is told. The opposite of `kept`."""
    told = dict(errand.wanted)
    told["what"] = Ability(told["what"])
    told["lines"] = tuple((str(line), int(count)) for line, count in told.get("lines", ()))
    until = told.get("valid_until")
    if until:
        told["valid_until"] = datetime.fromisoformat(until)
    return Wanted(**told)


def amount_of(errand: Errand) -> str:
    """For the ledger, which speaks no language: `12.50 EUR`, or nothing."""
    money = errand.money
    return f"{money.decimal()} {money.currency}" if money else ""


def details_of(errand: Errand) -> list[str]:
    """What a person has to know who does it by hand: which articles, where to, for whom, why."""
    wanted, order = wanted_of(errand), errand.order
    names = {line.external_id: line.title for line in order.lines.all()} if order else {}
    told = [f"{count} × {names.get(line, line)}" for line, count in wanted.lines]
    told.append(", ".join(words for words in wanted.address.values() if words))
    told.append(_("%(percent)s %%") % {"percent": wanted.percent} if wanted.percent else "")
    told += [wanted.code, wanted.email, wanted.reason]
    return [words for words in told if words]
