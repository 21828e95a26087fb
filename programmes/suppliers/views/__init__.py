"""Pages of what a Durchgang spends."""
