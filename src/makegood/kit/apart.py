"""Names that stand twice are told apart, before a constraint keeps them so: for migrations."""

from collections.abc import Callable
from typing import Any


def names_apart(app: str, model: str, most: int, *scope: str, **among: Any) -> Callable[..., None]:
    """What a migration runs: of two that are called the same, the later one gets a number."""

    def tell_apart(apps: Any, _editor: Any) -> None:
        rows = apps.get_model(app, model)._default_manager.filter(**among)
        taken: set[tuple[Any, ...]] = set()
        for pk, name, *home in rows.order_by("pk").values_list("pk", "name", *scope):
            called, number = name, 1
            while (called.lower(), *home) in taken:
                number += 1
                called = f"{name[: most - 6]} ({number})"
            taken.add((called.lower(), *home))
            if called != name:
                rows.filter(pk=pk).update(name=called)

    return tell_apart
