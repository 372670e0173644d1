"""The seller's pages: her shop, her products, her permits."""
