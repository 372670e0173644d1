"""The shelf of a kiosk: whose, until when, what must leave it, and what travels elsewhere."""
