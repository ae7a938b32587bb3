from django.apps import AppConfig


class ParcelsApp(AppConfig):
    name = "makegood.parcels"

    def ready(self) -> None:
        from makegood.parcels import beside, weighing  # noqa: F401  # they register themselves
        from makegood.parcels.trackers.kinds import TRACKERS
        from makegood.shop import doors

        for kind, reader in TRACKERS.items():
            doors.register(kind, reader)
