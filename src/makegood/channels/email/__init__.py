"""Mail in by SMTP, LMTP, IMAP, pipe and import; mail out by SMTP."""

__all__ = ["channel"]
