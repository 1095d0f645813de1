"""What reads the pages and the ledger of claims."""
