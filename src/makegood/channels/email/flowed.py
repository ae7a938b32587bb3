"""Flowed text (RFC 3676): lines that were broken for sending are put together again."""


def unflow(text: str, *, delsp: bool = False) -> str:
    """Join lines that end in a space with the next of the same quote depth."""
    out: list[str] = []
    pending: list[str] = []
    depth = 0
    for line in text.split("\n"):
        quotes, words = _unstuffed(line)
        if pending and quotes != depth:
            out.append(_line(depth, pending))
            pending = []
        depth = quotes
        if words.endswith(" ") and words != "-- ":
            pending.append(words[:-1] if delsp else words)
        else:
            out.append(_line(depth, [*pending, words]))
            pending = []
    if pending:
        out.append(_line(depth, pending))
    return "\n".join(out)


def _unstuffed(line: str) -> tuple[int, str]:
    words = line.lstrip(">")
    return len(line) - len(words), words.removeprefix(" ")


def _line(depth: int, pieces: list[str]) -> str:
    words = "".join(pieces)
    return f"{'>' * depth} {words}" if depth else words
