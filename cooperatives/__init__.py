"""What is shared: places, stock, consignment, the kiosk shelf and the books."""
