from django.apps import AppConfig


class Ledger(AppConfig):
    name = "makegood.ledger"

    def ready(self) -> None:
        from makegood.ledger import sealing  # noqa: F401  # registers its follower
