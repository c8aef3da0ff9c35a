"""Subscriptions to the lead webhook: authenticated by the app's keys, not by a header."""

import urllib.parse

from dev.sandbox import faults_http, leads, outbox
from dev.sandbox.business.api import (
    INVALID,
    NOT_ALLOWED,
    NOT_FOUND,
    TOKEN_DEAD,
    Refused,
    endpoint,
    form_of,
    keyed_app,
    one_of,
    owner,
    paged,
    struct,
    text,
    world,
)
from dev.sandbox.business.read import SOURCES
from dev.sandbox.records import Subscription

ENTITIES = (
    "LEAD",
    "AD_GROUP",
    "AD",
    "AD_ACCOUNT_SUSPENSION",
    "CREATIVE_FATIGUE",
    "TCM_VIDEOS",
    "REPORT_DATA_CHANGE",
    "API_SERVICE_STATUS",
)
LEADS_RETRIEVAL = 21


def callback_error(state, url):
    """Say what is wrong with a callback address, or return None.

    :param World state: its switches decide about http and query strings
    :rtype: str | None
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "callback_url: Not a valid URL."
    if parts.scheme == "http" and state.settings.callback_http == "refused":
        return "callback_url: Must be https."
    if parts.query and state.settings.callback_query == "refused":
        return "callback_url: A query string is not allowed."
    return outbox.probe(state, url)


def _detail(app):
    detail = struct("subscription_detail")
    if not detail:
        raise Refused(INVALID, "subscription_detail: Missing data for required field.")
    token = world().business_tokens.get(detail.get("access_token") or "")
    if faults_http.dead_token() or not token or token.revoked:
        raise Refused(TOKEN_DEAD, "Access token is incorrect or has been revoked.")
    if token.app_id != app.app_id or LEADS_RETRIEVAL not in token.scope:
        raise Refused(NOT_ALLOWED, "The app lacks the permission Lead Management.")
    account = owner(token, admin=True, detail=detail)
    source = detail.get("lead_source") or "INSTANT_FORM"
    if source not in SOURCES:
        raise Refused(INVALID, f"lead_source: Must be one of {', '.join(SOURCES)}.")
    _check_page(detail.get("page_id"), source, account)
    return {**detail, "lead_source": source}


def _check_page(page_id, source, account):
    if page_id and source == "DIRECT_MESSAGE":
        raise Refused(INVALID, "page_id: Not allowed for DIRECT_MESSAGE.")
    if page_id:
        form_of(page_id, *account)


@endpoint("POST", "/subscription/subscribe/", token=False)
def subscribe():
    """Subscribe a callback to the leads of an advertiser, a library or a form."""
    app = keyed_app()
    text("subscribe_entity", required=True)
    entity = one_of("subscribe_entity", ENTITIES)
    callback = text("callback_url", required=True)
    problem = callback_error(world(), callback)
    if problem:
        raise Refused(INVALID, problem)
    detail = _detail(app) if entity == "LEAD" else struct("subscription_detail") or {}
    new = Subscription(world().ids.uid(), app.app_id, entity, callback, detail)
    _check_unique(new)
    world().subscriptions[new.subscription_id] = new
    return {"subscription_id": new.subscription_id}


def _check_unique(new):
    rule = world().settings.subscription_unique
    if rule == "none":
        return
    for old in world().subscriptions.values():
        if old.source == "api" and leads.alive(world(), old) and _same(old, new, rule):
            raise Refused(INVALID, "The same subscription exists already.")


def _same(old, new, rule):
    where = (old.app_id, old.entity, old.callback_url)
    if where != (new.app_id, new.entity, new.callback_url):
        return False
    return rule == "callback" or _what(old.detail) == _what(new.detail)


def _what(detail):
    return {key: value for key, value in detail.items() if value and key != "access_token"}


@endpoint("GET", "/subscription/get/", token=False)
def subscription_get():
    """List the app's subscriptions."""
    app = keyed_app()
    entity = one_of("subscribe_entity", ENTITIES)
    hidden = world().settings.dead_subscription == "hidden"
    found = [
        each
        for each in world().subscriptions.values()
        if each.app_id == app.app_id
        and each.source == "api"
        and entity in ("", each.entity)
        and not (hidden and not leads.alive(world(), each))
    ]
    page, info = paged(found, most=1000)
    rows = [
        {
            "app_id": each.app_id,
            "subscription_id": each.subscription_id,
            "subscribe_entity": each.entity,
            "callback_url": each.callback_url,
            "subscription_detail": each.detail,
        }
        for each in page
    ]
    return {"subscriptions": rows, "page_info": info}


@endpoint("POST", "/subscription/unsubscribe/", token=False)
def unsubscribe():
    """End a subscription."""
    app = keyed_app()
    subscription_id = text("subscription_id", required=True)
    found = world().subscriptions.get(subscription_id)
    if not found or found.app_id != app.app_id or found.source != "api":
        raise Refused(NOT_FOUND, "subscription_id: There is no such subscription.")
    del world().subscriptions[subscription_id]
    return {"subscription_id": subscription_id}
