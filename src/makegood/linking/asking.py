"""What can be asked for, because we know it: what is linked with a conversation."""

from makegood.conversations.knowing import knows_links
from makegood.linking.queries import linked_with

knows_links(linked_with)
