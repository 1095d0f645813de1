"""One module per API resource, with the API's names."""
