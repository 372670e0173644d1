"""What a buyer sees: catalogue, search, product and shop pages, basket."""
