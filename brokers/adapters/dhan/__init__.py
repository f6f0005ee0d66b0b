"""DhanHQ."""
