"""Makegood: the customer-service desk for online shops that keeps its promises."""
