"""Reads the pages and the ledger of claims."""
