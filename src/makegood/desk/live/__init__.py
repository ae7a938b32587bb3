"""News for open pages: ids only, to those who may see them, over one stream per page."""
