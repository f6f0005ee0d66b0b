"""Set-up and operations: bundled servers, scratch databases, the supervisor. Nothing here imports Django."""
