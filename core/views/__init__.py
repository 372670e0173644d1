"""Pages of the ground floor: signing in, one's account, language, health."""
