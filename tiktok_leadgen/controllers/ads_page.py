"""The pages after a consent to ad accounts: its error, or which company each belongs to."""

from odoo.http import request

from ..tiktok.errors import RetryLaterError
from ..tiktok.values import isolate
from . import ads_messages
from .consent_page import ConsentError

_KINDS = {
    "40001": "ads_not_allowed",
    "40101": "keys",
    "40110": "code_spent",
    "40113": "keys",
    "40115": "ads_not_allowed",
    "40118": "ads_not_allowed",
    "40105": "code_spent",
    "access_denied": "denied",
    "not_json": "address",
    "not_an_object": "address",
    "no_code": "address",
    "http_404": "address",
    "http_405": "address",
    "redirects": "address",
}


class AdsConsentError(ConsentError):
    """Why a consent to ad accounts did not connect any."""

    return_path = False  # of the page of ours from which the consent was requested

    def _get_messages(self):
        return {
            **super()._get_messages(),
            **ads_messages.get_messages(request.env, isolate(self.text)),
        }

    def _get_button(self):
        if self.kind in ("login", "forbidden", "other_user"):
            return super()._get_button()
        if self.return_path:
            return self.return_path, request.env._("Back to Odoo")
        return "/odoo/tiktok-ad-accounts", request.env._("Open the ad accounts")


def make_ads_error(error):
    """Return the page's error for an error of the Marketing API.

    :param TiktokError error: what was raised
    :rtype: AdsConsentError
    """
    kind = _KINDS.get(error.code)
    details = ", ".join(filter(None, (error.code, error.request_id)))
    if kind:
        return AdsConsentError(kind, details=details)
    if error.words:
        return AdsConsentError("tiktok_message", text=error.words, details=details)
    return AdsConsentError(
        "down" if isinstance(error, RetryLaterError) else "unknown", details=details
    )


def render_company_choice(consent, names, held):
    """Return the page that asks which company each ad account belongs to.

    :param consent: tiktok.oauth.state, which stores the token meanwhile
    :param dict names: of the ad accounts, by TikTok's id
    :param dict held: those that belong to a company already, tiktok.advertiser by TikTok's id
    :rtype: odoo.http.Response
    """
    companies = request.env.user.company_ids
    values = {
        "title": request.env._("Which companies do these ad accounts belong to?"),
        "consent": consent,
        "companies": companies,
        "default": consent.company_id,
        "rows": [
            {
                "uid": uid,
                "name": name or uid,
                "holder": uid in held and held[uid].company_id,
                "is_foreign": uid in held and held[uid].company_id not in companies,
            }
            for uid, name in names.items()
        ],
    }
    response = request.render("tiktok_leadgen.consent_companies", values)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address has TikTok's code in it
    return response
