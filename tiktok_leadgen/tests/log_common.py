"""Read what this process logs, at every level."""

import contextlib
import logging


class Memory(logging.Handler):
    """Keeps all that is printed, as it is printed."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record):
        if not record.name.startswith("urllib3"):  # the client of this test
            self.lines.append(self.format(record))


@contextlib.contextmanager
def everything_logged():
    """Print all that any logger says to a list instead."""
    names = ["werkzeug", "odoo.http", "odoo.sql_db", "odoo.service.model", "odoo"]
    names += [n for n in logging.Logger.manager.loggerDict if "tiktok_leadgen" in n]
    loggers = [logging.getLogger(), *map(logging.getLogger, names)]
    before = [(logger, logger.level, logger.handlers) for logger in loggers]
    memory = Memory()
    try:
        for logger in loggers:
            logger.setLevel(logging.DEBUG)
        loggers[0].handlers = [memory]
        yield memory.lines
    finally:
        for logger, level, handlers in before:
            logger.setLevel(level)
            logger.handlers = handlers
