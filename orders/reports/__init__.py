"""Gateways' reports against our books: read, matched, booked; what differs is explained."""
