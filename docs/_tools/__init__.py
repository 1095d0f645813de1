"""Build-time Python of the site, in four rooms. Imports go down this list only, and never in a circle.

- `site`: what MkDocs calls. One function makes plain Markdown of a page; the hooks around it are thin.
- `tables`: what writes the generated files, a module for each subject.
- `ledger`: what reads the pages and the ledger of claims.
- `data`: the as-of date, the reader of data files, the list of generated files, and data that several tables share.

`generate` is the command that writes or checks all generated files. It imports `tables` and `data`, nothing imports it.
"""
