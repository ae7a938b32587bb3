"""What can be asked for, because we know it: the conversations of an order."""

from makegood.concerns.queries import conversations_about
from makegood.conversations.knowing import knows_orders

knows_orders(conversations_about)
