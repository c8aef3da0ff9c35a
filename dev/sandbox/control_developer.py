"""Control of the developer platform: apps, accounts, tokens, posts, events."""

import base64
import dataclasses

from dev.sandbox import ownership, publishing, seed
from dev.sandbox.developer import authorize, events, oauth
from dev.sandbox.records import Creator, DeveloperApp


def post_row(post):
    """Return a post as JSON can say it: pictures in base64.

    :rtype: dict
    """
    row = dataclasses.asdict(post)
    row["pictures"] = [base64.b64encode(each).decode() for each in post.pictures]
    row.pop("first_bytes")
    return row


class DeveloperControl:
    """Apps, accounts, tokens, posts, events."""

    def describe_developer(self):
        """Return apps and accounts."""
        state = self.world
        return {
            "developer_apps": [dataclasses.asdict(a) for a in state.developer_apps.values()],
            "creators": [dataclasses.asdict(c) for c in state.creators.values()],
        }

    def create_developer_app(self, name="Test app", redirect_uris=(), **values):
        """Make an app; values are further fields of :class:`DeveloperApp`. Return it."""
        ids = self.world.ids
        app = DeveloperApp(
            client_key=ids.token("sbfakeclientkey", 5).lower(),
            client_secret=ids.token("fake-client-secret-", 20),
            name=name,
            redirect_uris=list(redirect_uris),
            scopes=list(values.pop("scopes", seed.SCOPES)),
            **values,
        )
        self.world.developer_apps[app.client_key] = app
        return dataclasses.asdict(app)

    def set_app(self, client_key, **values):
        """Change an app: see the names below."""
        app = self.world.developer_apps[client_key]
        for name, value in values.items():
            if name not in (
                "pkce",
                "platform",
                "audited",
                "scopes",
                "webhook_url",
                "redirect_uris",
                "target_users",
            ):
                raise ValueError(f"{name} can't be changed")
            setattr(app, name, value)
        return dataclasses.asdict(app)

    def redirect_uri_problem(self, client_key, uri):
        """Say why the portal would not take a redirect URI, or return None."""
        return authorize.uri_problem(self.world.developer_apps[client_key], uri)

    def create_creator(self, username, display_name="", **values):
        """Make a TikTok account; values are further fields of :class:`Creator`. Return it."""
        name = display_name or username
        creator = Creator(username, name, self.world.ids.open_id(), **values)
        self.world.creators[username] = creator
        return dataclasses.asdict(creator)

    def set_creator(self, username, **values):
        """Change an account: private, banned, spam, old_app, comment_disabled, numbers, names."""
        creator = self.world.creators[username]
        for name, value in values.items():
            if name in ("username", "union_id", "open_ids") or not hasattr(creator, name):
                raise ValueError(f"{name} can't be changed")
            setattr(creator, name, value)
        return dataclasses.asdict(creator)

    def add_video(self, username, title, create_time=None, public=True):
        """Put a video on an account; return it."""
        when = self.world.now() if create_time is None else create_time
        return dataclasses.asdict(seed.add_video(self.world, username, title, when, public))

    def grant_developer_token(self, client_key, username, scopes=None):
        """Make tokens without a browser; return them."""
        scopes = self.world.developer_apps[client_key].scopes if scopes is None else scopes
        return dataclasses.asdict(oauth.grant(self.world, client_key, username, scopes))

    def developer_tokens(self, username=None):
        """Return the tokens that were given, oldest first."""
        found = self.world.developer_tokens.values()
        return [dataclasses.asdict(t) for t in found if username in (None, t.username)]

    def remove_authorization(self, client_key, username, reason=1):
        """Let an account disconnect an app; see the webhook's reasons."""
        events.remove_authorization(self.world, client_key, username, reason)

    def send_event(self, client_key, event, content, username=None):
        """Send any event to an app's callback; return the deliveries' ids."""
        open_id = None
        if username:
            creator = self.world.creators[username]
            open_id = events.open_id_of(self.world, creator, client_key)
        sent = events.send(self.world, client_key, event, content, open_id)
        return [delivery.delivery_id for delivery in sent]

    def test_url(self, client_key):
        """Send ``tiktok.ping``, as the portal's button does."""
        return [each.delivery_id for each in events.ping(self.world, client_key)]

    def add_property(self, client_key, kind, value, verified=False):
        """Add a URL property; return it with its token."""
        made = ownership.add(self.world, self.world.developer_apps[client_key], kind, value)
        made.verified = verified
        return dataclasses.asdict(made)

    def verify_property(self, client_key, value):
        """Look for the record or the file; return what is wrong, or None."""
        for owned in self.world.developer_apps[client_key].properties:
            if owned.value == value:
                return ownership.verify(self.world, owned)
        raise KeyError(value)

    def posts(self, username=None):
        """Return posts, newest first."""
        found = reversed(self.world.posts.values())
        return [post_row(post) for post in found if username in (None, post.username)]

    def post(self, publish_id):
        """Return one post."""
        return post_row(self.world.posts[publish_id])

    def finish_draft(self, publish_id, privacy_level="PUBLIC_TO_EVERYONE"):
        """Post a draft, as the person does in the app."""
        publishing.finish_draft(self.world, self.world.posts[publish_id], privacy_level)

    def remove_post(self, publish_id):
        """Delete a post, as the person does in the app."""
        publishing.remove(self.world, self.world.posts[publish_id])
