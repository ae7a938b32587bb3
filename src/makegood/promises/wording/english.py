"""How English promises: who shall do what, and what only looks like it."""

from makegood.kit.rx import rx
from makegood.promises.wording.phrases import Grammar
from makegood.promises.wording.words import named

_NEWS = (
    r"(?:answers?|reply|response|update|news|call|calls|callback|e - mail|email|mail|message|word|"
    r"feedback|decision|solution|result|results|information|info|details|confirmation|quote|offer)"
)
_OURSELVES = (
    r"(?:(?:my|our|a|the|one of our|one of my)(?: \w+)? "
    r"(?:colleagues?|team|manager|technician|specialist|expert|support|department|boss|lead)"
    r"|someone|somebody)"
)
_DOES = (
    r"(?:write|reply|respond|answer|get back|come back (?:to|with)|get in touch|"
    r"be (?:back )?in touch|be back (?:to|with)|let you (?:know|have)|tell you|update|"
    r"keep you (?:posted|updated|informed)|call(?: you)?|ring|phone|give you|get you|"
    r"drop you a line|contact you|reach out|follow up|report back|inform|notify|send|email|"
    r"e - mail|mail|message|text you|forward|have|take care|sort|fix|solve|resolve|check|"
    r"look (?:into|at)|find out|see to|clarify|confirm|refund|credit|transfer|issue|investigate|"
    r"review|deal with|handle|provide|share|make sure|ask|speak|talk to|chase|arrange|prepare|"
    r"finish|complete|do (?:this|that|it))"
)
_HAVE_WHAT = (
    rf"(?:have (?:\w+ ){{0,3}}{_NEWS}\b|have (?:this|it|that|everything|all of it) "
    r"(?:sorted|fixed|solved|done|ready|checked|resolved|looked)|have looked into)"
)
_DONE = _DOES.replace("|have|", f"|{_HAVE_WHAT}|")
_SOFTLY = r"(?: (?:then|also|certainly|definitely|personally|gladly|happily|just|already|again))*"

ENGLISH = Grammar(
    breaks=named(
        ", ; : - ( ) and but or because if when once unless whether until while which who that"
    ),
    subordinate=named("because if when once unless whether while which who until"),
    that=frozenset({"that"}),
    that_needs=rx(r"^(?:i|we|you|it|they|he|she|the|your|our|my|this|there|nobody|no)(?:_\w+)?$"),
    fillers=named(
        "at the latest by on then again around of in this end until no later than before dear hi "
        "promised"
    ),
    heard=rx(
        rf" (?:you (?:will|shall|should|can)|you_ll)(?: \w+){{0,3}} "
        rf"(?:hear (?:\w+ )?(?:from|of) (?:us|me|our)"
        rf"|(?:have|get|receive|expect)(?: \w+){{0,2}} {_NEWS}\b"
        rf"|be (?:contacted|called|informed|notified|updated))\b"
        rf"|^ (?:please )?expect(?: \w+){{0,2}} {_NEWS}\b"
        rf"| (?:an|our|my|the|your) (?:answer|reply|response|update)(?: \w+){{0,2}} "
        r"(?:reach|follow|be with|arrive)"
    ),
    heard_bare=rx(rf" you(?: \w+)? (?:have|get|receive|hear)\b.* (?:{_NEWS}|from us|from me)\b"),
    ours=rx(
        rf" (?:(?:i|we|{_OURSELVES}(?: (?:from|of|in) \w+ \w+)?){_SOFTLY} "
        r"(?:will|shall|am going to|are going to|is going to)|i_ll|we_ll|(?:i_m|we_re) going to"
        r"|let me|let us|i promise(?: you)?(?: to)?|we promise(?: you)?(?: to)?)\b"
    ),
    us=rx(rf" (?:i|we|i_\w+|we_\w+|{_OURSELVES})\b"),
    theirs=rx(r" (?:you|you_\w+|they|they_\w+|please|kindly|he|she)\b"),
    others=rx(
        r" (?:courier|carrier|dhl|ups|dpd|gls|hermes|fedex|bank|supplier|manufacturer|post|driver|"
        r"parcel|order|package|money)\b"
    ),
    does=rx(rf" {_DONE}\b"),
    begins=rx(rf"^{_SOFTLY}(?: will| shall)?{_SOFTLY} {_DONE}\b"),
    alone=rx(rf"^ will{_SOFTLY} {_DONE}\b"),
    finite=rx(r"^(?: then| also)? (?:will|shall)\b"),
    whole=(),
    denies=rx(
        r" (?:not|\w+n_t|cannot|never|unable|nobody|no one|maybe|perhaps|hopefully|hope|might|would"
        r"|could|usually|normally|generally|typically|always|doubt|unsure|probably|possibly|had|was"
        r"|were|i_d|we_d|said|told|asked|wrote|mentioned|thought|understand|i may|we may|every|aim"
        r"|unlikely|sorry)\b"
    ),
    denies_anywhere=False,
    tries=rx(r" (?:try|promise) to\b"),
    to_do=rx(rf"^ to {_DONE}\b"),
    assures=rx(r"\b(?:promise|assured?|sure|guarantee|see to it|certain)\b"),
    goods=rx(
        r" (?:parcel|package|order|goods|item|items|product|products|replacement|shipment|device|"
        r"delivery)\b"
    ),
    sends=rx(r" (?:send|forward|get you|have|provide|return)\b"),
    hedged=rx(rf" (?:try|should|about|regarding|concerning|{_OURSELVES})\b"),
)
