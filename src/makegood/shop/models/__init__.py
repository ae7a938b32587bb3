"""The nouns of the shop, by subject: shops, their files, their orders, the ways to them."""

from makegood.shop.models.connections import Connection, Pull, Signal
from makegood.shop.models.imports import ImportLine, ImportRun, ImportTrouble
from makegood.shop.models.orders import Line, Order, Payment, Refund, Scan, Shipment
from makegood.shop.models.shops import Shop

__all__ = [
    "Connection",
    "ImportLine",
    "ImportRun",
    "ImportTrouble",
    "Line",
    "Order",
    "Payment",
    "Pull",
    "Refund",
    "Scan",
    "Shipment",
    "Shop",
    "Signal",
]
