"""The rows of each kind of saved view, each by one raw query as good as we can write it."""

CONVERSATIONS = "SELECT * FROM conversations_conversation c WHERE"
NEWEST = "ORDER BY last_at DESC, id DESC LIMIT 51"
LONGEST = "ORDER BY turn, turn_since, id LIMIT 51"
TAGGED = """EXISTS (SELECT 1 FROM conversations_conversation_tags ct WHERE ct.conversation_id = c.id
    AND ct.tag_id = (SELECT id FROM conversations_tag WHERE name = '{tag}'))"""
SEEN = "(SELECT s.message FROM conversations_seen s WHERE s.conversation_id = c.id"
MESSAGES = "(SELECT COUNT(*) FROM conversations_message m WHERE m.conversation_id = c.id)"
FOUND = """c.id IN (SELECT CAST(substr(x.about, 14) AS bigint) FROM ({few}) w
    JOIN search_indexed x ON x.id = w.id)"""
FEW_SQLITE = """SELECT rowid AS id FROM search_words WHERE search_words MATCH '"{word}"*'
    ORDER BY rowid DESC LIMIT 400"""
FEW_POSTGRESQL = """SELECT id FROM search_words WHERE words @@ '''{word}'':*'::tsquery
    ORDER BY id DESC LIMIT 400"""

SHAPES = {
    "walked": (
        f"{CONVERSATIONS} status = 'open' AND turn = 'ours' AND assignee_id IS NULL {LONGEST}"
    ),
    "tagged": (
        f"SELECT * FROM (SELECT * FROM ({CONVERSATIONS} status = 'open' AND {TAGGED} {NEWEST}) a"
        f" UNION ALL SELECT * FROM ({CONVERSATIONS} status = 'snoozed' AND {TAGGED} {NEWEST}) b) c"
        f" {NEWEST}"
    ),
    "sifted": (
        f"{CONVERSATIONS} status = 'open' AND has_attachment"
        f" AND last_incoming > COALESCE({SEEN} AND s.agent_id = {{agent}}), 0) {LONGEST}"
    ),
    "long_ago": (
        f"{CONVERSATIONS} status = 'resolved' AND {MESSAGES} >= 5"
        f" AND opened_at >= '{{since}}' {NEWEST}"
    ),
    "common_word": (
        "SELECT c.*, MAX(w.id) AS found FROM ({few}) w JOIN search_indexed x ON x.id = w.id"
        " JOIN conversations_conversation c ON c.id = CAST(substr(x.about, 14) AS bigint)"
        " WHERE c.status = 'open' GROUP BY c.id ORDER BY found DESC LIMIT 51"
    ),
    "rare_word": f"{CONVERSATIONS} status <> 'joined' AND NOT {TAGGED} AND {FOUND} {NEWEST}",
}
ORDERS = {
    "walked": "c.turn, c.turn_since, c.id",
    "sifted": "c.turn, c.turn_since, c.id",
    "common_word": "c.found DESC",
}
USUAL = "c.last_at DESC, c.id DESC"


def source_of(kind: str, asked: dict[str, str], *, is_postgresql: bool) -> tuple[str, str]:
    """The rows of a kind, and their order."""
    few = FEW_POSTGRESQL if is_postgresql else FEW_SQLITE
    written = SHAPES[kind].replace("{few}", few)
    return f"({written.format(**asked)})", ORDERS.get(kind, USUAL)
