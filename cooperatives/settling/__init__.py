"""Settling with the members: rounds, one statement for each, batches of payouts, and the tax."""
