"""The nouns of the shop, by subject: shops, their files, orders, goods, and the ways to them."""

from makegood.shop.models.connections import Connection, Pull, Signal
from makegood.shop.models.goods import Cart, Coupon, Product, Variant
from makegood.shop.models.imports import ImportLine, ImportRun, ImportTrouble
from makegood.shop.models.orders import Line, Order, Payment, Refund, Scan, Shipment
from makegood.shop.models.shops import Shop

__all__ = [
    "Cart",
    "Connection",
    "Coupon",
    "ImportLine",
    "ImportRun",
    "ImportTrouble",
    "Line",
    "Order",
    "Payment",
    "Product",
    "Pull",
    "Refund",
    "Scan",
    "Shipment",
    "Shop",
    "Signal",
    "Variant",
]
