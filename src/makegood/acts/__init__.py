"""What can be done to a conversation, by name: one vocabulary for macros, bulk acts and others.

An act is kept as `{"do": "tag", "with": "late, -new"}`: its name and what it takes, in words.
`vocabulary.ACTS` lists all of them; `vocabulary.read_act` makes one from what was typed, and
refuses in words. Each calls the ordinary action of a conversation, with its rules, its
refusals and its event, so whoever runs an act need not know what it does.

To add an act, write an `Act` (see `act.py`, which says what each part is for) and hand it to
`vocabulary.offer` where your app is made ready; or list it in `vocabulary.py` where your app
lies below this one. An act that can be undone says what it `touches` and how it goes `back`,
and so is offered for many at once. What it touches is a column of `portraits.COLUMNS`, or a
part that you add by `portraits.has_part`. Nothing else is to be changed: macros, their files,
bulk acts with dry run and undo, and their pages take it from the list.
"""

__all__ = ["act", "filling", "linking", "portraits", "rests", "tagging", "vocabulary"]
