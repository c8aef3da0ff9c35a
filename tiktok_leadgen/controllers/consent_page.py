"""The page that says why a consent did not end with a connected account."""

from odoo.http import request

from ..tiktok.values import isolate
from . import consent_messages

# Kind of error by what TikTok's code or description contains; the first match counts.
_KINDS = (
    ("access_denied", "denied"),
    ("redirect_uri", "redirect_uri"),
    ("verifier", "code_verifier"),
    ("code_challenge", "code_verifier"),
    ("target user", "target_users"),
    ("invalid_client", "keys"),
    ("client_key", "keys"),
    ("client_secret", "keys"),
    ("unauthorized_client", "target_users"),
    ("scope", "scope"),
    ("unreachable", "down"),
    ("answer_lost", "down"),
    ("http_5", "down"),
    ("not_json", "address"),
    ("not_an_object", "address"),
    ("http_4", "address"),
    ("server_error", "down"),
    ("temporarily_unavailable", "down"),
    ("rate_limit", "down"),
    ("invalid_grant", "code_spent"),
)


class ConsentError(Exception):
    """Why a consent did not connect anything; it renders the page that says so.

    :param str kind: which message of `consent_messages`
    :param account: tiktok.account to go back to
    :param str text: inserted in the message
    :param str details: codes for support
    :param str url: of the login page
    :param consent: tiktok.oauth.state that waits for the user's answer
    """

    def __init__(self, kind, *, account=None, text="", details="", url="", consent=None):
        super().__init__(kind)
        self.kind = kind
        self.account = account
        self.text = text
        self.details = details
        self.url = url
        self.consent = consent

    def render_page(self):
        """Return the page: one sentence, one button.

        :rtype: odoo.http.Response
        """
        title, sentence = self._get_messages()[self.kind]
        shown = None
        if self.kind == "redirect_uri" and self.account:
            shown = self.account.sudo().company_id._tiktok_get_redirect_uri()
        button_url, button_text = self._get_button()
        values = {
            "title": title,
            "sentence": sentence,
            "address": shown,
            "details": self.details,
            "consent": self.consent,
            "button_url": button_url,
            "button": button_text,
        }
        response = request.render(
            "tiktok_leadgen.consent_refused", values, status=self._get_status()
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"  # the address has TikTok's code in it
        return response

    def _get_messages(self):
        return consent_messages.get_messages(request.env, isolate(self.text))

    def _get_button(self):
        if self.kind == "login":
            return self.url, request.env._("Log in")
        if self.kind in ("forbidden", "other_user"):
            return "/odoo", request.env._("Open Odoo")
        if self.account:
            return get_account_url(self.account), request.env._(
                "Open “%s”", isolate(self.account.name)
            )
        return "/odoo/tiktok-accounts", request.env._("Open the accounts")

    def _get_status(self):
        return {"login": 401, "forbidden": 403, "other_user": 403, "other_account": 200}.get(
            self.kind, 400
        )


def get_account_url(account):
    """Return the address of an account's form.

    :param account: tiktok.account
    :rtype: str
    """
    return f"/odoo/tiktok-accounts/{account.id}"


def make_consent_error(code, description, account, request_id=""):
    """Return the error for TikTok's answer.

    :param str code: TikTok's code
    :param str description: TikTok's message
    :param account: tiktok.account that was to be connected
    :param str request_id: TikTok's id of the request
    :rtype: ConsentError
    """
    said = f"{code} {description}".lower()
    kind = next((kind for word, kind in _KINDS if word in said), "unknown")
    details = ", ".join(filter(None, (code[:100], request_id[:100])))
    return ConsentError(kind, account=account, details=details)
