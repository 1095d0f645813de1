"""What MkDocs calls: thin hooks, and the function that turns a page's source into plain Markdown."""
