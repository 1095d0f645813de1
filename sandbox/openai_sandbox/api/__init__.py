"""One module per resource, as the API names them."""
