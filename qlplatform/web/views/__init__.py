"""The pages of the shell: dashboard, account, audit trail, status, about."""
