import dataclasses

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from .. import const
from ..tiktok import client
from ..tiktok.business_login import Grant
from ..tiktok.errors import ReconnectError, SealError, TiktokError
from .ads_page import AdsRefusal, choose, refusal_of
from .consent_page import Refusal
from .oauth import Oauth, alone

PREFIX = "company_"


class OauthAds(Oauth):
    """The way back from TikTok's consent page for ad accounts."""

    @route(
        [const.BUSINESS_CALLBACK_ROUTE, const.BUSINESS_CALLBACK_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
    )
    def tiktok_business_callback(self, **params):
        """Finish a consent: connect its ad accounts, ask whose they are, or say why not."""
        try:
            consent = self._take(params.get("state", ""), ads=True)
            self._check_company(consent.company_id)
            with client.within(client.CONSENT_SECONDS):
                grant, names = self._exchange(consent.company_id, params)
            if len(request.env.user.company_ids) > 1:
                return self._ask(consent, grant, names)
            return self._finish_ads(consent, grant, names, {})
        except AdsRefusal as refusal:
            return refusal.response()
        except Refusal as refusal:
            return AdsRefusal(refusal.kind, text=refusal.text, url=refusal.url).response()

    @route(const.BUSINESS_CONFIRM_ROUTE, type="http", auth="user", methods=["POST"])
    def tiktok_business_confirm(self, consent_id="", **params):
        """Connect the ad accounts to the companies that were chosen for them."""
        try:
            consent = self._waiting(consent_id, ads=True)
            self._check_company(consent.company_id)
            kept = self._open_kept(consent)
            names, grant = kept.pop("names"), Grant(**kept)
            return self._finish_ads(consent, grant, names, self._choices(names, params))
        except AdsRefusal as refusal:
            return refusal.response()
        except Refusal as refusal:
            return AdsRefusal(refusal.kind, text=refusal.text).response()

    def _check_company(self, company):
        try:
            company.with_user(request.env.user)._tiktok_check_manager()
        except AccessError:
            raise AdsRefusal("forbidden") from None

    def _exchange(self, company, params):
        """Turn the code into a token and learn its ad accounts.

        :return: the grant, and the names by TikTok's id
        :rtype: tuple[Grant, dict]
        :raise Refusal: with the sentence for the page
        """
        code = params.get("auth_code") or params.get("code")
        if params.get("error") or not code:
            raise AdsRefusal("denied", small=str(params.get("error", ""))[:100])
        try:
            login = company._tiktok_business_login()
            grant = login.exchange(code)
        except UserError as error:
            raise AdsRefusal("told", text=str(error)) from None
        except TiktokError as error:
            raise refusal_of(error) from None
        try:
            return grant, self._names(login, grant)
        except AdsRefusal:
            self._revoke_later(company, grant)
            raise

    def _revoke_later(self, company, grant):
        """Have a consent revoked that connects nothing."""
        alone(
            lambda env: env["tiktok.revocation"]._plan_revocation(
                env["res.company"].browse(company.id), grant
            )
        )

    def _names(self, login, grant):
        """Return the names of the ad accounts; without them their ids are good enough."""
        names = dict.fromkeys(grant.advertiser_uids, "")
        try:
            names = {**names, **login.advertisers(grant.access_token)}
        except ReconnectError as error:
            raise refusal_of(error) from None
        except TiktokError as error:
            if not names:
                raise refusal_of(error) from None
        if not names:
            raise AdsRefusal("no_accounts")
        return names

    def _ask(self, consent, grant, names):
        """Keep the token until the person has said whose the ad accounts are."""
        kept = {**dataclasses.asdict(grant), "names": names}
        try:
            alone(lambda env: env["tiktok.oauth.state"].browse(consent.id)._keep_tokens(kept))
        except UserError as error:  # the secret can't be sealed, so it can't be kept for later
            raise AdsRefusal("told", text=str(error)) from None
        held = request.env["tiktok.advertiser"]._held(names)
        return choose(consent, names, held)

    def _choices(self, names, params):
        """Read which company was chosen for each; one the user is not in leaves it out."""
        allowed = {str(company_id): company_id for company_id in request.env.user.company_ids.ids}
        return {uid: allowed.get(params.get(f"{PREFIX}{uid}"), 0) for uid in names}

    def _finish_ads(self, consent, grant, names, choices):
        """Connect them, in a cursor that commits by itself, and show them.

        :raise Refusal: if another company holds some
        """
        try:
            ids, refused = alone(self._connect, consent.company_id.id, grant, names, choices)
        except psycopg2.errors.UniqueViolation:
            self._revoke_later(consent.company_id, grant)
            raise AdsRefusal("used") from None  # another user did the same at the same moment
        except (UserError, SealError) as error:
            self._revoke_later(consent.company_id, grant)
            raise AdsRefusal("told", text=str(error)) from None
        if refused:
            raise AdsRefusal("held", text=", ".join(refused))
        if len(ids) == 1:
            return request.redirect(f"/odoo/tiktok-ad-accounts/{ids[0]}")
        return request.redirect("/odoo/tiktok-ad-accounts")

    def _connect(self, env, company_id, grant, names, choices):
        company = env["res.company"].browse(company_id)
        connected, refused = env["tiktok.advertiser"]._connect_all(company, grant, names, choices)
        env.flush_all()
        return connected.ids, refused
