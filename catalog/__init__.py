"""The Django project: settings, root addresses and the ways in for servers; no word of the domain."""
