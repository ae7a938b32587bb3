"""What the office asks for, a module a subject."""
