from odoo import api, models

from ...concurrency import InterruptedAttemptsError
from ...tiktok import errors


class TiktokErrorMessages(models.AbstractModel):
    """Sentences for TikTok's codes: what they mean for a user, and what to do.

    The Open API and the Business API have a table of codes each; no code is in both.
    """

    _name = "tiktok.error.messages"
    _description = "TikTok Error Messages"

    @api.model
    def _describe_error(self, error):
        """Describe an error of TikTok's; in its own words too where only they say what is wrong.

        :param error: `errors.TiktokError` that was raised, or `InterruptedAttemptsError`
        :return: sentences, with the code and the request's id
        :rtype: str
        """
        if isinstance(error, InterruptedAttemptsError):
            return self.env._(
                "Odoo stopped each time it worked on this (attempts: %s). It takes too long or "
                "too much memory. Contact your Odoo administrator.",
                error.attempts,
            )
        sentence = self._map_codes().get(error.code) or self._describe_kind(error)
        small = [error.code, error.request_id]
        if any(small):
            sentence = f"{sentence} ({', '.join(filter(None, small))})"
        if error.words:
            sentence = self.env._(
                "%(sentence)s TikTok's message: %(words)s", sentence=sentence, words=error.words
            )
        return sentence

    @api.model
    def _map_codes(self):
        """Return the sentences for all codes.

        :return: by code
        :rtype: dict[str, str]
        """
        return {**self._map_network_codes(), **self._map_open_codes(), **self._map_business_codes()}

    @api.model
    def _map_open_codes(self):
        """Return the sentences for the codes of the Open API: Login Kit and accounts.

        :return: by code
        :rtype: dict[str, str]
        """
        return {
            "access_denied": self.env._(
                "Permission was not granted at TikTok. Click Connect to try again."
            ),
            "invalid_client": self.env._(
                "TikTok does not recognize these app keys. Compare the client key and "
                "secret in Settings with those in TikTok's developer portal."
            ),
            "redirect_uri": self.env._(
                "TikTok rejected the redirect URL. Register exactly the one shown in "
                "Settings in your TikTok app."
            ),
            "code_verifier": self.env._(
                "TikTok rejected the login verification (PKCE). Ask your administrator to change "
                "TIKTOK_PKCE_ENCODING in the server's settings, then connect again."
            ),
            "scope_not_authorized": self.env._(
                "TikTok did not grant a required permission. Reconnect and leave it "
                "ticked; the app must have it approved in TikTok's developer portal."
            ),
            "invalid_scope": self.env._(
                "Your TikTok app may not request one of these permissions. Request its "
                "approval in TikTok's developer portal, or untick it on the account."
            ),
            "unauthorized_client": self.env._(
                "Your TikTok app may not do this. While it is in TikTok's sandbox, only accounts "
                "on its list of target users can connect: add this one there."
            ),
            "rate_limit_exceeded": self.env._(
                "TikTok asks to slow down. Try again in a few minutes."
            ),
            "not_connected": self.env._("The account is not connected. Click Connect."),
        }

    @api.model
    def _map_business_codes(self):
        """Return the sentences for the codes of the Business API: ad accounts and exports.

        :return: by code
        :rtype: dict[str, str]
        """
        return {
            **self._map_business_access(),
            "ads_not_connected": self.env._("The ad account is not connected. Click Connect."),
            "40002": self.env._("TikTok rejected the request."),
            "40007": self.env._("It no longer exists at TikTok. Refresh, then try again."),
            "unconfirmed": self.env._(
                "TikTok did not confirm that it sends the leads here. Odoo checks it again within "
                "the hour."
            ),
            "truncated": self.env._("TikTok's file was incomplete. It is fetched again."),
            **dict.fromkeys(
                ("bad_zip", "bad_csv"),
                self.env._("TikTok's export file is damaged. Odoo requests a new one."),
            ),
        }

    @api.model
    def _map_business_access(self):
        """Return the sentences for codes about the app, its permissions and its connection.

        :return: by code
        :rtype: dict[str, str]
        """
        not_allowed = self.env._(
            "TikTok does not allow this. The user who connects must be an Admin of the "
            "ad account, and your app needs the permissions Leads Retrieval and Instant "
            "Page Management. Request their approval in TikTok's portal, then click "
            "Reconnect."
        )
        reconnect = self.env._(
            "TikTok no longer accepts the connection of this ad account. Click Reconnect."
        )
        return {
            **dict.fromkeys(("40001", "40118", "40301"), not_allowed),
            **dict.fromkeys(("40102", "40104", "40105"), reconnect),
            "40101": self.env._(
                "TikTok does not recognize these app keys. Compare the ID and secret in "
                "Settings with those of your app in TikTok API for Business."
            ),
            "40110": self.env._(
                "TikTok rejected the authorization: it was already used, or took too "
                "long. Click Connect again."
            ),
            "40113": self.env._(
                "TikTok does not recognize your app. Compare its ID in Settings with "
                "TikTok's portal."
            ),
            "40115": self.env._(
                "The ad account and your app belong to different companies at TikTok."
            ),
            "40300": self.env._("TikTok no longer knows this ad account, or never did."),
        }

    @api.model
    def _map_network_codes(self):
        """Return the sentences for what prevents Odoo from reaching TikTok.

        :return: by code
        :rtype: dict[str, str]
        """
        return {
            **dict.fromkeys(
                ("not_json", "not_an_object", "no_code", "http_404", "http_405", "redirects"),
                self.env._(
                    "TikTok's URL is not answered by TikTok's API. Try again; if this "
                    "persists, ask your administrator to check the TikTok URLs in the "
                    "server's settings, and the proxy if there is one."
                ),
            ),
            "answer_lost": self.env._("TikTok did not answer in time. Try again in a few minutes."),
            "unreachable": self.env._("TikTok could not be reached. Try again in a few minutes."),
            "bad_proxy": self.env._(
                "TikTok cannot be reached through this server's proxy. Check the setting "
                "TIKTOK_PROXY: URL, user and password."
            ),
            "bad_address": self.env._(
                "A URL in the server's settings is not valid. Check TIKTOK_PROXY and "
                "TikTok's base URLs."
            ),
            "bad_ca_file": self.env._(
                "The certificate authorities of this server cannot be read. Check the "
                "setting TIKTOK_CA_FILE: it must name a PEM file that Odoo may read."
            ),
        }

    @api.model
    def _describe_kind(self, error):
        """Describe an error whose code is unknown by its kind.

        :param errors.TiktokError error: what was raised
        :return: a sentence
        :rtype: str
        """
        if isinstance(error, errors.ReconnectError):
            return self.env._("TikTok no longer accepts the connection. Click Reconnect.")
        if isinstance(error, errors.RetryLaterError):
            return self.env._("TikTok cannot be reached right now. Try again in a few minutes.")
        if isinstance(error, errors.NotAllowedError):
            return self.env._("TikTok does not allow this for your app or this account.")
        if isinstance(error, errors.UnparsableAnswerError):
            return self.env._(
                "TikTok's answer could not be read. Try again; if this persists, contact support."
            )
        return self.env._("TikTok rejected the request.")
