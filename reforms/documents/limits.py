"""What an uploaded document may be and cost at most; each is stated where a file is asked for."""

MAX_BYTES = 20_000_000
MAX_CHARACTERS = 2_000_000
MAX_PAGES = 500
# What a DOCX file unpacks to, and how many files it holds.
MAX_UNPACKED_BYTES = 100_000_000
MAX_FILES = 2_000
MAX_SECONDS = 30
MAX_MEMORY_BYTES = 1_500_000_000
