"""The sandbox as an HTTP server."""
