"""News for open pages of the desk: ids only, and only of what the reader may see."""
