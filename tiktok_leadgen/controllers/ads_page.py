"""The pages after a consent to ad accounts: why it did not work, and whose they are."""

from odoo.http import request

from ..tiktok.errors import RetryLaterError
from . import ads_words
from .consent_page import Refusal

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


class AdsRefusal(Refusal):
    """Why it did not work, in words about ad accounts."""

    def _words(self):
        return {**super()._words(), **ads_words.sentences(request.env, self.text)}

    def _button(self):
        if self.kind in ("login", "forbidden", "other_user"):
            return super()._button()
        return "/odoo/tiktok-ad-accounts", request.env._("Open the ad accounts")


def refusal_of(error):
    """Return the refusal for an error of the Marketing API.

    :param TiktokError error: what was raised
    :rtype: AdsRefusal
    """
    kind = _KINDS.get(error.code)
    small = ", ".join(filter(None, (error.code, error.request_id)))
    if kind:
        return AdsRefusal(kind, small=small)
    if error.words:
        return AdsRefusal("ads_told", text=error.words, small=small)
    return AdsRefusal("down" if is_down(error) else "unknown", small=small)


def is_down(error):
    """Tell whether TikTok did not answer.

    :rtype: bool
    """
    return isinstance(error, RetryLaterError)


def choose(consent, names, held):
    """Return the page that asks which company each ad account belongs to.

    :param consent: tiktok.oauth.state, which keeps the token meanwhile
    :param dict names: of the ad accounts, by TikTok's id
    :param dict held: those that belong to a company already, tiktok.advertiser by TikTok's id
    :rtype: odoo.http.Response
    """
    companies = request.env.user.company_ids
    values = {
        "title": request.env._("Whose are these ad accounts?"),
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
