"""The site's data as JSON for other programs, each file with a JSON Schema: what the pages are made from, once more."""
