"""Whether goods and money add up: opening + in − out ± adjusted = closing, down to each paper."""
