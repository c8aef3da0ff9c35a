"""The page that says why a consent did not end with a connected account."""

from odoo.http import request

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
    ("not_json", "down"),  # the page of a gateway in front of it
    ("not_an_object", "down"),
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
        title, sentence = _sentences(request.env, self.text)[self.kind]
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

    def _button(self):
        _ = request.env._
        if self.kind == "login":
            return self.url, _("Log in")
        if self.kind in ("forbidden", "other_user"):
            return "/odoo", _("Open Odoo")
        if self.account:
            return account_url(self.account), _("Open %s", self.account.name)
        return "/odoo/tiktok-accounts", _("Open the accounts")

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


def _sentences(env, text):
    """Return title and sentence by kind of refusal."""
    _ = env._
    return {
        "login": (
            _("Log in to go on"),
            _("Odoo does not know this browser. Log in as the user who pressed Connect."),
        ),
        "state_lost": (
            _("This login is not known"),
            _("Odoo did not ask TikTok for it, or forgot it. Open the account, press Connect."),
        ),
        "other_user": (
            _("Another user began this"),
            _("Log in as the user who pressed Connect, or open the account and connect anew."),
        ),
        "expired": (
            _("That took too long"),
            _("A login at TikTok must be finished within ten minutes. Press Connect again."),
        ),
        "used": (
            _("This was done already"),
            _("A login works once. See whether the account is connected; else press Connect."),
        ),
        "forbidden": (
            _("You may not connect this account"),
            _("Ask a TikTok administrator of the company."),
        ),
        "denied": (
            _("Permission was not given"),
            _("Somebody pressed Cancel at TikTok. Press Connect to be asked again."),
        ),
        "redirect_uri": (
            _("TikTok refused the address we return to"),
            _("Register exactly this one in your TikTok app, under Login Kit, then connect again:"),
        ),
        "keys": (
            _("TikTok does not know these app keys"),
            _("Compare client key and secret in Settings with TikTok's developer portal."),
        ),
        "target_users": (
            _("TikTok does not let this account in yet"),
            _(
                "While your app is in TikTok's sandbox, only its target users can connect. Add the "
                "account to that list in TikTok's developer portal, then connect again."
            ),
        ),
        "code_verifier": (
            _("TikTok refused the proof of this login"),
            _("Change the encoding of PKCE in Settings, then connect again."),
        ),
        "code_spent": (
            _("TikTok did not take the login"),
            _("It was used before, or took too long. Press Connect again."),
        ),
        "scope": (
            _("A permission is not allowed"),
            _(
                "Your app may not ask for one of the ticked permissions. Untick it on the account, "
                "or have it approved in TikTok's developer portal."
            ),
        ),
        "down": (
            _("TikTok does not answer"),
            _("Nothing is wrong with your settings. Try again in a few minutes."),
        ),
        "twin": (
            _("This TikTok account is connected already"),
            _(
                "Your company has it as “%s”: connect it there. To add another one here, choose "
                "another account at TikTok.",
                text,
            ),
        ),
        "other_account": (
            _("This is another TikTok account than before"),
            _("Shall it take the place of the one that was connected here?"),
        ),
        "told": (_("It could not be connected"), text),
        "unknown": (
            _("TikTok refused"),
            _("Try again. If it stays, tell support what stands below."),
        ),
    }
