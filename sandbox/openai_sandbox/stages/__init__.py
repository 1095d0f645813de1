"""What happens to a request, a module a stage."""
