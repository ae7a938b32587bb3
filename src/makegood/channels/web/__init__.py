"""The contact form, and the customer's answers behind a private link."""
