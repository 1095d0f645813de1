"""Writes the generated files: one module for each subject, found and imported by `docs._tools.generate`."""
