"""Templates in the API."""
