"""The catalog of reform measures: its tables, its pages and its editing."""
