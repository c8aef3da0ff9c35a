"""Calls of our models wait only a moment for locked rows, whichever way a program makes them.

The web client and ``/json/2`` pass `ir.http._dispatch`. ``/xmlrpc``, ``/xmlrpc/2`` and ``/jsonrpc``
have a transaction of their own, which Odoo opens behind it: a held row would hold their worker.
"""

import functools

from odoo.service import model as service_model

from .locks import refuse_locked_rows


def is_own_call(model, method):
    """Tell whether a call is one of our models, or of a method of ours on another model.

    :param str model: name of the model
    :param str method: name of the method
    :rtype: bool
    """
    return str(model).startswith("tiktok.") or "tiktok" in str(method)


def install():
    """Have Odoo's remote procedure calls of our models end soon where a row is held."""
    if not getattr(service_model.call_kw, "guards_tiktok", False):
        service_model.call_kw = _guard_call(service_model.call_kw)


def _guard_call(call_kw):
    """Wrap the function that calls a method of a model for a program.

    :param call_kw: Odoo's function
    :return: the function that replaces it
    """

    @functools.wraps(call_kw)
    def guarded(model, name, args, kwargs):
        if not is_own_call(model._name, name):
            return call_kw(model, name, args, kwargs)
        with refuse_locked_rows(model.env):
            return call_kw(model, name, args, kwargs)

    guarded.guards_tiktok = True
    return guarded
