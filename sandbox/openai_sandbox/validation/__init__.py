"""What the API refuses of a request, and in which words."""
