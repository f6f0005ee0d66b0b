"""Settings: `dev` (one machine, bundled servers), `test`, `prod`. Every variable is described in
.env.example.
"""
