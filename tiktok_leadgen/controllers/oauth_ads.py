import dataclasses

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from .. import const
from ..concurrency import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from ..tiktok import client
from ..tiktok.business_login import Grant
from ..tiktok.errors import ReconnectError, SealError, TiktokError
from .ads_page import AdsConsentError, make_ads_error, render_company_choice
from .consent_page import ConsentError
from .oauth import Oauth, in_own_transaction

PREFIX = "company_"


class OauthAds(Oauth):
    """The callback of the Marketing API: TikTok's consent page for ad accounts leads here."""

    @route(
        [const.BUSINESS_CALLBACK_ROUTE, const.BUSINESS_CALLBACK_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
    )
    def tiktok_business_callback(self, **params):
        """Finish an authorization: connect its ad accounts, ask for companies, or show an error.

        :param params: of the callback's address
        :rtype: odoo.http.Response
        """
        consent = None
        try:
            consent = self._use_state(params.get("state", ""), ads=True)
            self._check_company_access(consent.company_id)
            with client.deadline(client.CONSENT_SECONDS):
                grant, names = self._exchange_code(consent.company_id, params)
            if len(request.env.user.company_ids) > 1:
                return self._show_company_choice(consent, grant, names)
            return self._connect_ad_accounts(consent, grant, names, {})
        except AdsConsentError as refusal:
            refusal.return_path = consent and consent.return_path
            return refusal.render_page()
        except ConsentError as refusal:
            return AdsConsentError(refusal.kind, text=refusal.text, url=refusal.url).render_page()

    @route(const.BUSINESS_CONFIRM_ROUTE, type="http", auth="user", methods=["POST"])
    def tiktok_business_confirm(self, consent_id="", **params):
        """Connect the ad accounts to the companies that were chosen for them.

        :param str consent_id: tiktok.oauth.state that waits for the answer
        :param params: of the posted form: a company by ad account
        :rtype: odoo.http.Response
        """
        try:
            consent = self._find_waiting_state(consent_id, ads=True)
            self._check_company_access(consent.company_id)
            stored = self._pop_stored_values(consent)
            names, grant = stored.pop("names"), Grant(**stored)
            choices = self._read_company_choices(names, params)
            return self._connect_ad_accounts(consent, grant, names, choices)
        except AdsConsentError as refusal:
            return refusal.render_page()
        except ConsentError as refusal:
            return AdsConsentError(refusal.kind, text=refusal.text).render_page()

    def _check_company_access(self, company):
        try:
            company.with_user(request.env.user)._tiktok_check_manager()
        except AccessError:
            raise AdsConsentError("forbidden") from None

    def _exchange_code(self, company, params):
        """Exchange the code for a token and request its ad accounts.

        :param company: res.company
        :param dict params: of the callback's address
        :return: the grant, and the names by TikTok's id
        :rtype: tuple[Grant, dict]
        :raise AdsConsentError: with the sentence for the page
        """
        code = params.get("auth_code") or params.get("code")
        if params.get("error") or not code:
            raise AdsConsentError("denied", details=str(params.get("error", ""))[:100])
        try:
            login = company._tiktok_get_business_login()
            grant = login.exchange(code)
        except UserError as error:
            raise AdsConsentError("error_text", text=str(error)) from None
        except TiktokError as error:
            raise make_ads_error(error) from None
        try:
            return grant, self._request_names(login, grant)
        except AdsConsentError:
            self._plan_revocation(company, grant)
            raise

    def _plan_revocation(self, company, grant):
        """Have the watchdog revoke a consent that connects nothing.

        It is revoked immediately if its token can't be stored.

        :param company: res.company
        :param Grant grant: of the consent
        """
        try:
            in_own_transaction(
                lambda env: env["tiktok.revocation"]._plan_revocation(
                    env["res.company"].browse(company.id), grant
                )
            )
        except (UserError, SealError):
            request.env["tiktok.revocation"].sudo()._revoke_unstored_grant(company, grant)

    def _request_names(self, login, grant):
        """Return the names of the ad accounts by their ids; empty where TikTok gives none.

        :param BusinessLogin login: of the company's app
        :param Grant grant: of the consent
        :rtype: dict[str, str]
        :raise AdsConsentError: if there is no ad account, or TikTok refuses
        """
        names = dict.fromkeys(grant.advertiser_uids, "")
        try:
            names = {**names, **login.list_advertisers(grant.access_token)}
        except ReconnectError as error:
            raise make_ads_error(error) from None
        except TiktokError as error:
            if not names:
                raise make_ads_error(error) from None
        if not names:
            raise AdsConsentError("no_accounts")
        return names

    def _show_company_choice(self, consent, grant, names):
        """Store the token and ask which company each ad account belongs to.

        :param consent: tiktok.oauth.state
        :param Grant grant: of the consent
        :param dict names: of the ad accounts, by TikTok's id
        :rtype: odoo.http.Response
        :raise AdsConsentError: if the token can't be sealed
        """
        stored = {**dataclasses.asdict(grant), "names": names}
        try:
            in_own_transaction(
                lambda env: env["tiktok.oauth.state"].browse(consent.id)._store_tokens(stored)
            )
        except UserError as error:  # a secret that can't be sealed can't be stored
            self._plan_revocation(consent.company_id, grant)
            raise AdsConsentError("error_text", text=str(error)) from None
        held = request.env["tiktok.advertiser"]._find_known_advertisers(names)
        return render_company_choice(consent, names, held)

    def _read_company_choices(self, names, params):
        """Return the company chosen for each ad account, 0 for one that the user is not in.

        :param dict names: of the ad accounts, by TikTok's id
        :param dict params: of the posted form
        :return: ids of companies by TikTok's id
        :rtype: dict[str, int]
        """
        allowed = {str(company_id): company_id for company_id in request.env.user.company_ids.ids}
        return {uid: allowed.get(params.get(f"{PREFIX}{uid}"), 0) for uid in names}

    def _connect_ad_accounts(self, consent, grant, names, choices):
        """Connect the ad accounts in a transaction of its own, and show them.

        :param consent: tiktok.oauth.state
        :param Grant grant: of the consent
        :param dict names: of the ad accounts, by TikTok's id
        :param dict choices: ids of companies by TikTok's id, empty for the consent's company
        :rtype: odoo.http.Response
        :raise AdsConsentError: if another company holds some
        """
        try:
            ids, refused = in_own_transaction(
                self._connect_in, consent.company_id.id, grant, names, choices
            )
        except psycopg2.errors.UniqueViolation:
            self._plan_revocation(consent.company_id, grant)
            raise AdsConsentError("used") from None  # another user did the same at the same moment
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self._plan_revocation(consent.company_id, grant)
            raise AdsConsentError("busy") from None  # the code works once: nothing is repeated
        except (UserError, SealError) as error:
            self._plan_revocation(consent.company_id, grant)
            raise AdsConsentError("error_text", text=str(error)) from None
        if refused:
            raise AdsConsentError("other_company", text=", ".join(refused))
        if consent.return_path:
            return request.redirect(consent.return_path)
        if len(ids) == 1:
            return request.redirect(f"/odoo/tiktok-ad-accounts/{ids[0]}")
        return request.redirect("/odoo/tiktok-ad-accounts")

    def _connect_in(self, env, company_id, grant, names, choices):
        """Connect the ad accounts.

        :param odoo.api.Environment env: of a transaction of its own
        :param int company_id: res.company that asked for the consent
        :param Grant grant: of the consent
        :param dict names: see `_connect_ad_accounts`
        :param dict choices: see `_connect_ad_accounts`
        :return: the ids of those connected, and the names of those another company holds
        :rtype: tuple[list, list]
        """
        company = env["res.company"].browse(company_id)
        connected, refused = env["tiktok.advertiser"]._connect_advertisers(
            company, grant, names, choices
        )
        env.flush_all()
        return connected.ids, refused
