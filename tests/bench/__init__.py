"""How fast the house is, as a ratio to the least that Flask and PostgreSQL could need."""
