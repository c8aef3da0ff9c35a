"""Webhooks out: planned, signed, sent, and sent again until the answer is 200."""

import time

import requests

from dev.sandbox import outgoing, signing
from dev.sandbox.records import Attempt, Delivery

HOUR = 3600
# When each try is made, in seconds after the first. The lead webhook is retried immediately,
# then less and less often for 24 hours; the developer webhook for 72 hours.
SCHEDULES = {
    "lead": (0, 0, 60, 300, 1800, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR),
    "developer": (0, 10, 60, 300, 1800, 2 * HOUR, 6 * HOUR, 18 * HOUR, 36 * HOUR, 72 * HOUR),
}
ANSWER_CHARS = 2000  # stored of an answer
MOST_DELIVERIES = 20_000


def plan(world, *, kind, url, body, secret, label, subscription_id=""):
    """Plan a delivery for now.

    :param str kind: a key of ``SCHEDULES``
    :param bytes body: what is posted
    :param str secret: signs it; "" for no signature
    :param str label: what it is, for people
    :rtype: Delivery
    """
    with world.lock:
        delivery = Delivery(
            delivery_id=world.ids.uid(),
            kind=kind,
            url=url,
            body=body,
            secret=secret,
            label=label,
            created=world.now(),
            due=world.now(),
            subscription_id=subscription_id,
        )
        world.deliveries[delivery.delivery_id] = delivery
        _forget_old(world)
    world.scheduler.at(delivery.due, "deliver", delivery.delivery_id)
    return delivery


def _forget_old(world):
    while len(world.deliveries) > MOST_DELIVERIES:
        oldest = next(iter(world.deliveries))
        if world.deliveries[oldest].state == "waiting":
            return
        del world.deliveries[oldest]


def resend(world, delivery_id):
    """Plan the same body again, as a delivery of its own."""
    old = world.deliveries[delivery_id]
    return plan(
        world,
        kind=old.kind,
        url=old.url,
        body=old.body,
        secret=old.secret,
        label=old.label,
        subscription_id=old.subscription_id,
    )


def deliver(world, delivery_id):
    """Make one try and plan the next one if it fails.

    :param str delivery_id: a delivery that waits
    """
    delivery = world.deliveries.get(delivery_id)
    if not delivery or delivery.state != "waiting":
        return
    with world.lock:
        headers, timeout = _headers(world, delivery), float(world.settings.webhook_timeout)
    attempt = _post(world, delivery, headers, timeout)
    with world.lock:
        delivery.attempts.append(attempt)
        _plan_retry(world, delivery, attempt)


def _post(world, delivery, headers, timeout):
    at, began = world.now(), time.monotonic()
    try:
        answer = outgoing.request(
            world, "POST", delivery.url, data=delivery.body, headers=headers, timeout=timeout
        )
        status, text = answer.status_code, answer.text[:ANSWER_CHARS]
    except requests.RequestException as error:
        status, text = 0, outgoing.reason(error)
    took = round((time.monotonic() - began) * 1000)
    return Attempt(at, status, text, took, headers)


def _plan_retry(world, delivery, attempt):
    if attempt.status == 200:
        delivery.state = "delivered"
        return
    offsets = SCHEDULES[delivery.kind]
    if len(delivery.attempts) >= len(offsets):
        delivery.state = "dropped"
        return
    delivery.due = max(world.now(), delivery.created + offsets[len(delivery.attempts)])
    world.scheduler.at(delivery.due, "deliver", delivery.delivery_id)


def _headers(world, delivery):
    headers = {"Content-Type": "application/json", "User-Agent": "TikTok-local-sandbox"}
    if delivery.kind == "lead":
        return headers | _lead_headers(world, delivery)
    return headers | _developer_headers(world, delivery)


def _lead_headers(world, delivery):
    way = world.settings.lead_signature
    if not delivery.secret or way == "missing":
        return {}
    signed = signing.escape_unicode(delivery.body) if way == "escaped" else delivery.body
    secret = "some other secret" if way == "wrong" else delivery.secret
    return {
        "X-Open-Signature": signing.lead_signature(secret, signed),
        "x-open-signature-type": "HMAC-SHA256",
    }


def _developer_headers(world, delivery):
    if not delivery.secret:
        return {}
    if not delivery.signed_at or world.settings.hook_retry_signature == "new_time":
        delivery.signed_at = int(world.now())
    value = signing.developer_signature(delivery.secret, delivery.body, delivery.signed_at)
    return {"TikTok-Signature": value}


def probe(world, url):
    """Ask a callback before it is used, if the switch says so.

    :return: what was wrong, or None
    :rtype: str | None
    """
    if world.settings.callback_probe == "none":
        return None
    challenge = world.ids.token(length=16)
    try:
        answer = outgoing.request(world, "GET", url, params={"challenge": challenge}, timeout=5)
    except requests.RequestException as error:
        return f"callback_url: no answer to the challenge ({outgoing.reason(error)})"
    if answer.status_code != 200 or challenge not in answer.text:
        return "callback_url: the challenge was not echoed"
    return None
