"""The programmatic handle: start a local TikTok, drive it, read what it did.

In this process, standing still (tests: no sleep, every delivery when told)::

    with Sandbox.start(seed=1, clock=1_789_900_000) as tiktok:
        tiktok.paste_webhook(url, advertiser_id=...)
        tiktok.submit_lead(page_id, {"name": "Ana"})
        tiktok.flush()

In a process of its own, in real time (demo, browser tests, bench)::

    with Sandbox.spawn(seed=1) as tiktok: ...

Attached to one that runs already: ``Sandbox("http://127.0.0.1:8070")``.

Every method of :class:`dev.sandbox.control.Control` can be called on the handle by its name, with
keyword arguments; the frequent ones take their first arguments by position too.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

from dev import paths

TIMEOUT = 120  # seconds for one control call; 100,000 leads take some
# Names of the first arguments of the calls that are made most.
POSITIONAL = {
    "advance": ("seconds",),
    "set_fault": ("path", "kind", "value"),
    "paste_webhook": ("callback_url", "advertiser_id"),
    "submit_lead": ("page_id", "answers"),
    "submit_leads": ("page_id", "count"),
    "resend": ("delivery_id",),
    "create_form": ("advertiser_id", "questions"),
    "grant_business_token": ("app_id", "advertiser_ids"),
    "grant_developer_token": ("client_key", "username", "scopes"),
    "set_redirect_uris": ("app", "redirect_uris"),
    "show_post_in_ad": ("ad_id", "item_id"),
    "map_host": ("host", "address"),
    "set_txt": ("domain", "values"),
    "revoke_business_token": ("token",),
    "finish_draft": ("publish_id",),
    "post": ("publish_id",),
}


class SandboxError(Exception):
    """A control call failed; the text says why."""


class Sandbox:
    """A local TikTok that runs somewhere on this machine.

    :param str url: where it answers
    """

    def __init__(self, url):
        self.url = url.rstrip("/")
        self._server = None
        self._process = None

    @classmethod
    def start(cls, *, seed=1, clock=None, port=0, empty=False):
        """Start one in this process; with a clock it acts only when told.

        :param float clock: seconds since 1970 to stand at, None for real time
        :rtype: Sandbox
        """
        # Only here: a program that attaches to a running one needs no Flask.
        from dev.sandbox import app, server

        world = app.make_world(seed, clock, empty=empty)
        running = server.Server(world, port=port, live=clock is None).start()
        handle = cls(running.url)
        handle._server = running
        return handle

    @classmethod
    def spawn(cls, *, seed=1, port=0, args=(), python=sys.executable):
        """Start one in a process of its own.

        :param list args: further arguments of ``python -m dev.sandbox``
        :rtype: Sandbox
        :raise SandboxError: if it does not start
        """
        command = [python, "-m", "dev.sandbox", "--port", str(port), "--seed", str(seed), *args]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            cwd=paths.ROOT,
            env={**os.environ, "PYTHONPATH": str(paths.ROOT)},
        )
        line = process.stdout.readline()
        if "http" not in line:
            process.kill()
            raise SandboxError("the sandbox did not start")
        handle = cls(line.split()[-1])
        handle._process = process
        return handle

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()

    def stop(self):
        """End it, if this handle started it."""
        if self._server:
            self._server.stop()
        if self._process:
            self._process.terminate()
            self._process.wait(20)
            self._process.stdout.close()

    @property
    def base_urls(self):
        """The settings that make the product talk to this TikTok.

        :rtype: dict[str, str]
        """
        return {
            "TIKTOK_WEB_BASE_URL": self.url,
            "TIKTOK_OPEN_API_BASE_URL": self.url,
            "TIKTOK_BUSINESS_API_BASE_URL": f"{self.url}/open_api/v1.3",
            "TIKTOK_BUSINESS_PORTAL_BASE_URL": self.url,
        }

    def describe(self):
        """Return everything a test needs to know: apps with keys, accounts, forms, creators.

        :rtype: dict
        """
        return {
            "base_urls": self.base_urls,
            **self.call("describe_business"),
            **self.call("describe_developer"),
        }

    def call(self, name, /, **values):
        """Call one method of ``Control``.

        :return: what it returns, as JSON can say it
        :raise SandboxError: with the reason
        """
        request = urllib.request.Request(
            f"{self.url}/_control/{name}",
            json.dumps(values).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with _opener().open(request, timeout=TIMEOUT) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise SandboxError(_reason(error)) from None

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)

        def method(*args, **values):
            named = dict(zip(POSITIONAL.get(name, ()), args, strict=False))
            if len(named) != len(args):
                raise TypeError(f"{name}: name the arguments")
            return self.call(name, **named, **values)

        return method

    def consent(self, url, *, approve=True, **choices):
        """Say yes or no on a consent screen, as a person would.

        :param str url: the authorise address the product made
        :param dict choices: ``username`` and ``scopes`` (Login Kit), ``advertiser_ids`` (portal)
        :return: the address the browser is sent to
        :rtype: str
        :raise SandboxError: with the text of the page, if it is an error page
        """
        fields = [("decision", "allow" if approve else "deny")]
        for name, value in choices.items():
            values = value if isinstance(value, list | tuple) else [value]
            fields += [(name, each) for each in values]
        request = urllib.request.Request(url, urllib.parse.urlencode(fields).encode())
        try:
            with _opener(_NoRedirect()).open(request, timeout=TIMEOUT) as answer:
                raise SandboxError(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                if error.code != 302:
                    raise SandboxError(error.read().decode()) from None
                return error.headers["Location"]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        """Follow none."""


def _opener(*handlers):
    """Return an opener that asks no proxy."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)


def _reason(error):
    text = error.read().decode(errors="replace")
    try:
        return json.loads(text)["error"]
    except (ValueError, KeyError):
        return f"HTTP {error.code}: {text[:300]}"
