"""How German promises: `ich melde mich`, `Sie hören von uns`, and what only looks like it."""

from makegood.kit.rx import rx
from makegood.promises.wording.phrases import Grammar
from makegood.promises.wording.words import named

_NEWS = (
    r"(?:antwort|rueckmeldung|bescheid|nachricht|nachrichten|anruf|rueckruf|update|zwischenstand|"
    r"e - mail|email|mail|information|informationen|info|infos|auskunft|entscheidung|loesung|"
    r"ergebnis|neuigkeiten|feedback|bestaetigung|mitteilung)"
)
_OURSELVES = (
    r"(?:(?:mein|meine|unser|unsere|ein|eine|der|die)(?: \w+)? "
    r"(?:kollegen?|kollegin|team|kundendienst|support|techniker|technikerin|leitung|abteilung|"
    r"fachabteilung|mitarbeiter|mitarbeiterin)|jemand)"
)
_OTHERS = (
    r"(?:spediteur|dhl|ups|dpd|gls|hermes|fahrer|bank|lieferant|lieferanten|hersteller|post|"
    r"paketdienst|paket|ware|geld|bestellung|lieferung)"
)


def _finite(ending: str, oneself: str) -> str:
    """What somebody does for a customer, in the present tense that German promises in."""
    return (
        rf"(?:(?:meld{ending} (?:ich |wir )?{oneself}|{oneself}(?: \S+){{0,6}} meld{ending})\b"
        rf"|(?:schreib|antwort|beantwort|informier|benachrichtig|pruef|klaer|erledig|bearbeit|"
        rf"veranlass|ueberweis|erstatt|aktualisier|bestaetig|kontaktier|send|schick|uebersend|"
        rf"mail){ending}\b"
        rf"|ruf{ending}(?: \S+){{0,12}} (?:an|zurueck|durch)\b|(?:an|zurueck)ruf{ending}\b"
        rf"|(?:geb{ending}|gibt)(?: \S+){{0,12}} (?:{_NEWS}|durch|weiter)\b"
        rf"|{_NEWS} (?:geb{ending}|gibt)\b"
        rf"|sag{ending}(?: \S+){{0,8}} (?:bescheid|ihnen)\b"
        rf"|komm{ending}(?: \S+){{0,10}} (?:auf sie|zurueck)\b"
        rf"|kuemmer{ending} (?:ich |wir )?{oneself}"
        rf"|(?:schau|seh){ending}(?: \S+){{0,10}} (?:an|nach)\b"
        rf"|halt{ending} sie\b|teil{ending}(?: \S+){{0,12}} mit\b"
        rf"|lass{ending}(?: \S+){{0,10}} (?:wissen|hoeren|zukommen)\b|lass{ending} sie\b"
        rf"|(?:hak|frag|reich){ending}(?: \S+){{0,10}} nach\b|sorg{ending}(?: \S+){{0,2}} dafuer\b"
        rf"|sprech{ending} mit\b|leit{ending}(?: \S+){{0,10}} weiter\b"
        rf"|versprech{ending}(?: \S+){{0,6}} {_NEWS}\b)"
    )


_I = _finite("e", "mich")
_WE = _finite("en", "uns")
_ONE = _finite("e?t", "sich")
_INFINITIVE = (
    r"(?:melden|schreiben|antworten|beantworten|informieren|benachrichtigen|pruefen|klaeren|"
    r"erledigen|bearbeiten|veranlassen|ueberweisen|erstatten|aktualisieren|bestaetigen|"
    r"kontaktieren|senden|schicken|uebersenden|anrufen|zurueckrufen|geben|sagen|zukommen|"
    r"zurueckkommen|kuemmern|anschauen|ansehen|nachsehen|mitteilen|wissen lassen|nachfragen|"
    r"nachhaken|nachreichen|weiterleiten)"
)

GERMAN = Grammar(
    breaks=named(
        ", ; : - ( ) und aber oder sondern denn weil wenn falls sobald ob dass damit nachdem bevor "
        "sofern obwohl"
    ),
    subordinate=named("weil wenn falls sobald ob damit nachdem bevor sofern obwohl"),
    that=frozenset({"dass"}),
    that_needs=None,
    fillers=named(
        "bis am um spaetestens also noch dann wieder zum den der versprochen vor nach in gern gerne"
    ),
    heard=rx(
        rf" (?:sie|hoeren)(?: \w+){{0,8}} (?:hoeren|sie)\b.* von (?:uns|mir)\b"
        rf"| sie hoeren\b.* von (?:uns|mir)\b"
        rf"| (?:hoeren|erhalten|bekommen|haben|kriegen) sie\b.* {_NEWS}\b"
        rf"| sie (?:erhalten|bekommen|haben|kriegen)\b.* {_NEWS}\b"
        rf"| {_NEWS} (?:erhalten|bekommen|haben) sie\b"
        rf"|(?: sie koennen| koennen sie| rechnen sie)\b.* mit (?:\w+ ){{0,2}}{_NEWS}\b"
        rf"| (?:eine|unsere|meine|die|ihre) (?:antwort|rueckmeldung|nachricht)(?: \w+)? "
        r"(?:folgt|kommt|geht|erreicht)\b"
    ),
    heard_bare=rx(rf" sie\b.* {_NEWS}\b.* (?:bekommen|erhalten|haben)\b"),
    ours=rx(
        rf" (?:ich werde|werde ich|wir werden|werden wir|ich verspreche|verspreche ich"
        rf"|wir versprechen|ich versuche|wir versuchen|versuche ich|versuchen wir"
        rf"|{_OURSELVES}(?: aus \w+ \w+)? wird|wird (?:sich )?{_OURSELVES})\b"
    ),
    us=rx(rf" (?:ich|wir|{_OURSELVES})\b"),
    theirs=rx(r" \w+en sie\b.* (?:mir|uns)\b"),
    others=rx(rf" {_OTHERS}\b"),
    does=rx(rf" (?:{_INFINITIVE}|versprech\w+ (?:\w+ ){{0,4}}{_NEWS})\b"),
    begins=rx(
        rf"^(?: \w+){{0,3}} (?:{_I}|{_WE}|{_ONE}|werden? .*{_INFINITIVE}\b|wird .*{_INFINITIVE}\b)"
    ),
    alone=rx(rf"^ {_I}"),
    finite=rx(r"^"),
    whole=(
        (rx(r" ich\b"), rx(rf" {_I}")),
        (rx(r" wir\b"), rx(rf" {_WE}")),
        (rx(rf" {_OURSELVES}\b"), rx(rf" {_ONE}")),
    ),
    denies=rx(
        r" (?:nicht|kein\w*|nie|niemals|niemand|kaum|vielleicht|eventuell|moeglicherweise|"
        r"hoffentlich|hoffen?|wuerden?|normalerweise|ueblicherweise|gewoehnlich|meist|meistens|"
        r"generell|in der regel|jede[nrms]?|immer|wollten?|hatten?|haetten?|wahrscheinlich|"
        r"vermutlich|voraussichtlich|koennen wir|koennen ich|kann|koennte\w*|sollen?|sollten?|muss|"
        r"muessen|darf|duerfen|moechten?|will|wollen|habe ich|ich habe|haben wir|wir haben|sagten?|"
        r"schrieb\w*|glauben?|bitte)\b"
    ),
    denies_anywhere=True,
    tries=rx(r" (?:versuchen?|versprechen?|bemuehen?|sagen? .* zu)\b"),
    to_do=rx(rf" zu {_INFINITIVE}\b|(?:anzu|zurueckzu)rufen\b|mitzuteilen\b"),
    assures=rx(r" (?:versprech|zusag|zusicher|sicher|garantier|sorg|verlassen)"),
    goods=rx(
        r" (?:paket|bestellung|ware|sendung|ersatz\w*|artikel|produkte?|lieferung|geraet|retoure)\b"
    ),
    sends=rx(r" (?:ver)?(?:send|schick|liefer)\w*\b"),
    hedged=rx(rf" (?:versuchen?|wegen|bezueglich|{_OURSELVES})\b"),
)
