"""Forms of the Fahrplan."""
