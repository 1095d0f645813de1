"""What MkDocs calls: a thin hook, and the function from a page's source to plain Markdown."""
