"""Pages of big orders: the coordinator's and each maker's."""
