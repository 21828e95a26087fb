"""Pages of the Fahrplan."""
