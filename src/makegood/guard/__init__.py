"""What goes out is looked at first: text in, findings out; refused where wrong, asked where odd."""

__all__ = ["checking", "languages", "sheet", "speech"]
