"""A big order is shared out among makers by capacity and weather, agreed, made and collected."""
