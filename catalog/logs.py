"""What the log leaves out."""

import logging


class WithoutTraceback(logging.Filter):
    """Let every record through as its one line: for what a stranger's request brings about."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback from the record, and keep the record."""
        record.exc_info = None
        record.exc_text = None
        return True
