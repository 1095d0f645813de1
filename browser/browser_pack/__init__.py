"""Builds the pack: Python and the packages that run the site's programs in a reader's browser.

`uv run browser-pack` downloads what `pack_lock.json` names, checks every hash, compiles it with the browser's own
interpreter, and writes it into `.cache/browser-pack/`. `mkdocs build` picks it up from there.
"""
