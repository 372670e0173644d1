"""Joint bazaars: who joins in turn, goods out and back per member, costs, closing, notes."""
