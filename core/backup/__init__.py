"""Backups: taken by night, proved every week, and the way back to any second of the last days."""
