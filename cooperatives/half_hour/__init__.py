"""The coordinator's half hour: what in her cooperative needs her today, the most urgent first."""
