"""What becomes of promises when something happens in a conversation."""
