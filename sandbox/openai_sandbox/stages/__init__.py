"""What happens to a request: one module for each stage."""
