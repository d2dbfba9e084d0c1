"""Accounts of staff: how one logs in, what slows a stranger down, the second factor, passwords."""
