"""What people read, and below `_tools` what builds it."""
