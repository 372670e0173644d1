"""The demo world: fictional people, goods and sales, loaded through the services people use."""
