"""A rule that makes no sense any more turns itself off, with its reason; the others go on."""

from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.acts.vocabulary import act_named, read_act
from makegood.automation.events import RuleBroke
from makegood.automation.models import Rule, Version, Watch
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import System


def break_rule(rule: Rule, reason: str) -> None:
    """Turn it off and say why. The caller is in a transaction."""
    rule.is_on, rule.trouble, rule.trouble_at = False, reason[:250], timezone.now()
    rule.save(update_fields=["is_on", "trouble", "trouble_at"])
    Watch.objects.filter(rule=rule).delete()
    fact = RuleBroke(title=rule.name, reason=rule.trouble)
    record(fact, about=[rule], by=System("rules"))


def what_is_wrong(version: Version) -> str:
    """Why an act cannot be done anywhere any more, in words; empty where all still can."""
    for number, kept in enumerate(version.acts, 1):
        try:
            read_act(kept["do"], kept["with"])
            if not act_named(kept["do"]).is_for_rules:
                return _("Act %(n)s is not for rules any more.") % {"n": number}
        except Refused as refused:
            return _("Act %(n)s: %(why)s") % {"n": number, "why": str(refused)}
    return ""
