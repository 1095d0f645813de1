"""Build-time Python code of the site, in four packages. Imports only go down this list, and never in a circle.

- `site`: what MkDocs calls. One function turns a page into plain Markdown, and `site_data` publishes the data of the
  pages; the hooks around them are thin.
- `tables`: writes the generated files, with one module for each subject.
- `ledger`: reads the pages and the ledger of claims.
- `data`: the as-of date, the reader of data files, the list of generated files, and data that several tables share.

`generate` is the command that writes or checks all generated files. It imports `tables` and `data`; nothing imports it.
"""
