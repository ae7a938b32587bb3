"""Reading promises out of words: pure, offline, English and German; text in, findings out."""

__all__ = ["due", "naming", "recognising"]
