"""Titip Tangan: a seller lets a helper do parts of her work, and sees all that was done."""
