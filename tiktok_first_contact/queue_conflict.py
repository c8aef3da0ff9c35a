"""What follows from a delivery must not undo it: Odoo would send the message a second time."""

import contextlib
import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


@contextlib.contextmanager
def undo_on_conflict(env):
    """Undo what is done inside if another transaction changed or holds the same rows.

    The transaction of Odoo's queue goes on: the mail server or the SMS service has the message.

    :param odoo.api.Environment env: of Odoo's queue
    """
    env.cr.flush()  # what Odoo did before fails as it would without us
    try:
        with env.cr.savepoint():
            yield
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
        _logger.warning("TikTok: what follows from a delivery: %s", type(error).__name__)
