from django.apps import AppConfig


class Portraits(AppConfig):
    name = "makegood.portraits"
