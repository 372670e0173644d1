"""Goods come to a kiosk: offered first, taken in on a *nota titip*, or refused with a reason."""
