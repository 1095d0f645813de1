"""What every endpoint shares: errors, events, headers, ids, validation."""
