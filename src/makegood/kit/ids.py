"""Opaque names: random, unguessable, and stored only as their hash where they open something."""

import base64
import hashlib
import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
TOKEN_LENGTH = 26


def new_token() -> str:
    """128 random bits as 26 lower-case base32 characters: survives mail local parts."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def is_token(text: str) -> bool:
    return len(text) == TOKEN_LENGTH and all(letter in ALPHABET for letter in text)


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
