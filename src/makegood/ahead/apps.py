from django.apps import AppConfig


class Ahead(AppConfig):
    name = "makegood.ahead"
