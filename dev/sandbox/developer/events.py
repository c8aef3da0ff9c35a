"""Events of the developer platform: one callback per app, all events."""

import json

from dev.sandbox import outbox


def send(world, client_key, event, content, open_id=None):
    """Send an event to the app's callback, if it has one.

    :param dict content: travels as a text inside the body
    :param str open_id: whose account it is about
    :return: the deliveries
    :rtype: list[Delivery]
    """
    app = world.developer_apps[client_key]
    if not app.webhook_url:
        return []
    payload = {"client_key": client_key, "event": event, "create_time": int(world.now())}
    if event == "tiktok.ping" and world.settings.hook_ping_time == "ms":
        payload["create_time"] = int(world.now() * 1000)
    if open_id:
        payload["user_openid"] = open_id
    payload["content"] = json.dumps(content, separators=(",", ":"))
    signed = event != "tiktok.ping" or world.settings.hook_ping_signature == "yes"
    return [_plan(world, app, payload, signed) for _n in range(int(world.settings.hook_copies))]


def _plan(world, app, payload, signed):
    return outbox.plan(
        world,
        kind="developer",
        url=app.webhook_url,
        body=json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode(),
        secret=app.client_secret if signed else "",
        label=payload["event"],
    )


def ping(world, client_key):
    """Do what the portal's button "Test URL" does."""
    open_id = world.ids.open_id()
    return send(world, client_key, "tiktok.ping", {"reason": "testing Webhook"}, open_id)


def open_id_of(world, creator, client_key):
    """Return an account's id for one app; made when first asked.

    :param Creator creator: the account
    :rtype: str
    """
    if client_key not in creator.open_ids:
        creator.open_ids[client_key] = world.ids.open_id()
    return creator.open_ids[client_key]


def remove_authorization(world, client_key, username, reason):
    """End an account's authorisation of an app; its tokens are dead before the event comes.

    :param int reason: 0 unknown, 1 user, 2 account deleted, 3 age, 4 banned, 5 developer
    """
    creator = world.creators[username]
    found = False
    for token in world.developer_tokens.values():
        if (token.client_key, token.username) == (client_key, username) and not token.dead:
            token.dead = found = True
    if found:
        open_id = open_id_of(world, creator, client_key)
        send(world, client_key, "authorization.removed", {"reason": reason}, open_id)
