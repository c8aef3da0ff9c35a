"""The page that says why a consent did not end with a connected account."""

from odoo.http import request

from . import consent_words

# What TikTok's words mean; the first that is found in its code or description.
_WORDS = (
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


class Refusal(Exception):
    """Why it did not work.

    :param str kind: which sentence
    :param account: tiktok.account to go back to
    :param str text: what the sentence needs to say
    """

    def __init__(self, kind, *, account=None, text="", small="", url="", consent=None):
        super().__init__(kind)
        self.kind = kind
        self.account = account
        self.text = text
        self.small = small
        self.url = url
        self.consent = consent

    def response(self):
        """Return the page: one sentence, one button.

        :rtype: odoo.http.Response
        """
        title, sentence = self._words()[self.kind]
        shown = None
        if self.kind == "redirect_uri" and self.account:
            shown = self.account.sudo().company_id._tiktok_redirect_uri()
        button_url, button = self._button()
        values = {
            "title": title,
            "sentence": sentence,
            "address": shown,
            "small": self.small,
            "consent": self.consent,
            "button_url": button_url,
            "button": button,
        }
        response = request.render("tiktok_leadgen.consent_refused", values, status=self._status())
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"  # the address has TikTok's code in it
        return response

    def _words(self):
        return consent_words.sentences(request.env, self.text)

    def _button(self):
        if self.kind == "login":
            return self.url, request.env._("Log in")
        if self.kind in ("forbidden", "other_user"):
            return "/odoo", request.env._("Open Odoo")
        if self.account:
            return account_url(self.account), request.env._("Open “%s”", self.account.name)
        return "/odoo/tiktok-accounts", request.env._("Open the accounts")

    def _status(self):
        return {"login": 401, "forbidden": 403, "other_user": 403, "other_account": 200}.get(
            self.kind, 400
        )


def account_url(account):
    """Return where an account is shown.

    :rtype: str
    """
    return f"/odoo/tiktok-accounts/{account.id}"


def refusal_of(code, description, account, request_id=""):
    """Return the refusal for what TikTok said.

    :param str code: TikTok's code
    :param str description: TikTok's words
    :rtype: Refusal
    """
    said = f"{code} {description}".lower()
    kind = next((kind for word, kind in _WORDS if word in said), "unknown")
    small = ", ".join(filter(None, (code[:100], request_id[:100])))
    return Refusal(kind, account=account, small=small)
