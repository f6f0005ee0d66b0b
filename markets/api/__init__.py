"""Markets and instruments in the API."""
