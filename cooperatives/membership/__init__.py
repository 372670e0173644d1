"""What members share: savings, advances, costs by unit, the surplus, and closed months."""
