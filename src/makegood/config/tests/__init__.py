"""Tests of what plugs the apps together."""
