"""Made-up values that fit a JSON Schema."""
