"""Pages of the cooperatives' floor: the coordinator's desk."""
