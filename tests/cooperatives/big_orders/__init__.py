"""Big orders shared out."""
