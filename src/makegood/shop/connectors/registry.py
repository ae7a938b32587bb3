"""The kinds of shops that we can speak with: one line each."""

from functools import lru_cache

from django.utils.module_loading import import_string

from makegood.shop.connectors.interface import Connector

CONNECTORS = {
    "shopify": "makegood.shop.connectors.shopify.Shopify",
    "woocommerce": "makegood.shop.connectors.woocommerce.WooCommerce",
    "medusa": "makegood.shop.connectors.medusa.Medusa",
    "vendure": "makegood.shop.connectors.vendure.Vendure",
    "generic": "makegood.shop.connectors.generic.Generic",
}


@lru_cache(maxsize=16)
def connector(kind: str) -> Connector:
    """The connector of a kind. A kind that we lack is a KeyError."""
    made: Connector = import_string(CONNECTORS[kind])()
    return made
