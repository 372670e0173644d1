"""The life of a sale: checkout, payment, parcels, hand-over and refund."""
