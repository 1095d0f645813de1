"""Runs the site's programs in a reader's browser, against the sandbox in the same process."""
