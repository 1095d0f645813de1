"""What MkDocs calls: thin hooks, the function that turns a page's source into plain Markdown, and the site's data."""
