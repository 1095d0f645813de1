"""What all endpoints share: errors, events, headers, ids, validation."""
