"""The one client for addresses that others chose: checked, pinned, small, and without cookies.

Filled when the first outside address is fetched; until then nothing in the house opens an
HTTP connection (security.md D15).
"""
