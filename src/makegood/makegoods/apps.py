from django.apps import AppConfig


class MakegoodsApp(AppConfig):
    name = "makegood.makegoods"

    def ready(self) -> None:
        from makegood.makegoods import reactions  # noqa: F401  # registers itself
