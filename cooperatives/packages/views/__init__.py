"""Pages of packages of several makers."""
