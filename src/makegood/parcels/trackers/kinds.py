"""Every tracker that can be connected."""

from collections.abc import Mapping

from makegood.parcels.trackers.aftership import AfterShip
from makegood.parcels.trackers.easypost import EasyPost
from makegood.parcels.trackers.karrio import Karrio
from makegood.parcels.trackers.shared import TrackerReader

TRACKERS: Mapping[str, TrackerReader] = {
    "easypost": EasyPost(), "aftership": AfterShip(), "karrio": Karrio(),
}  # fmt: skip
