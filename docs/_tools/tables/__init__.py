"""What writes the generated files: a module for each subject, found and imported by `docs._tools.generate`."""
