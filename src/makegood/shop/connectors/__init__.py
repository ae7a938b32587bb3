"""The ways to shops: one module or folder for each kind."""
