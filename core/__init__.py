"""The ground floor: what every shop needs and no word of the trade."""
