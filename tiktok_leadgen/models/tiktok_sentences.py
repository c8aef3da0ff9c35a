from odoo import api, models

from ..tiktok import errors


class TiktokSentences(models.AbstractModel):
    """What TikTok's codes mean for a person, and what to do."""

    _name = "tiktok.sentences"
    _description = "TikTok Sentences"

    @api.model
    def _for(self, error):
        """Return a sentence for an error of TikTok's.

        :param errors.TiktokError error: what was raised
        :rtype: str
        """
        sentence = self._by_code().get(error.code) or self._by_kind(error)
        small = [error.code, error.request_id]
        return f"{sentence} ({', '.join(filter(None, small))})" if any(small) else sentence

    @api.model
    def _by_code(self):
        return {
            "access_denied": self.env._(
                "Permission was not given at TikTok. Press Connect to try again."
            ),
            "invalid_client": self.env._(
                "TikTok does not know these app keys. Compare the client key and secret in "
                "Settings with the ones in TikTok's developer portal."
            ),
            "redirect_uri": self.env._(
                "TikTok refused the address we return to. Register exactly the one that Settings "
                "shows in your TikTok app."
            ),
            "code_verifier": self.env._(
                "TikTok refused the proof of this login (PKCE). Change its encoding in Settings, "
                "then connect again."
            ),
            "scope_not_authorized": self.env._(
                "TikTok did not give a permission this needs. Reconnect and leave it ticked; the "
                "app must have it approved in TikTok's developer portal."
            ),
            "invalid_scope": self.env._(
                "Your TikTok app may not ask for one of these permissions. Have it approved in "
                "TikTok's developer portal, or untick it on the account."
            ),
            "unauthorized_client": self.env._(
                "Your TikTok app may not do this. While it is in TikTok's sandbox, only accounts "
                "on its list of target users can connect: add this one there."
            ),
            "rate_limit_exceeded": self.env._(
                "TikTok asks to slow down. Try again in a few minutes."
            ),
            "not_connected": self.env._("The account is not connected. Press Connect."),
            **self._by_network(),
        }

    @api.model
    def _by_network(self):
        """Return what keeps Odoo from reaching TikTok, for an administrator of the server."""
        return {
            **dict.fromkeys(
                ("not_json", "not_an_object", "no_code", "http_404", "http_405", "redirects"),
                self.env._(
                    "Something else than TikTok's API answers at TikTok's address. Try again; if "
                    "it stays, ask your administrator to check the TikTok addresses in the "
                    "server's settings, and the proxy if there is one."
                ),
            ),
            "answer_lost": self.env._("TikTok did not answer in time. Try again in a few minutes."),
            "unreachable": self.env._("TikTok could not be reached. Try again in a few minutes."),
            "bad_proxy": self.env._(
                "TikTok can't be reached through the proxy of this server. Check the setting "
                "TIKTOK_PROXY: address, user and password."
            ),
            "bad_address": self.env._(
                "An address in the server's settings is not valid. Check TIKTOK_PROXY and "
                "TikTok's base URLs."
            ),
            "bad_ca_file": self.env._(
                "The certificate authorities of this server can't be read. Check the setting "
                "TIKTOK_CA_FILE: it names a PEM file that Odoo may read."
            ),
        }

    @api.model
    def _by_kind(self, error):
        if isinstance(error, errors.ReconnectError):
            return self.env._("TikTok takes the connection no more. Press Reconnect.")
        if isinstance(error, errors.RetryLaterError):
            return self.env._("TikTok can't be asked right now. Try again in a few minutes.")
        if isinstance(error, errors.NotAllowedError):
            return self.env._("TikTok does not allow this to your app or to this account.")
        if isinstance(error, errors.NotUnderstoodError):
            return self.env._(
                "TikTok's answer could not be read. Try again; if it stays, tell support."
            )
        return self.env._("TikTok refused the request.")
