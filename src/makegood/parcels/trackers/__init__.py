"""The services that tell what carriers say: one module each, read into the same words."""
