"""Messages of the page that says why a consent did not connect an account."""


def get_messages(env, text):
    """Return title and sentence by kind of error.

    :param odoo.api.Environment env: for the language
    :param str text: inserted in some of them
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        **_get_login_messages(env),
        **_get_authorization_messages(env),
        **_get_tiktok_messages(env),
        **_get_retry_messages(env),
        **_get_conflict_messages(env, text),
    }


def _get_login_messages(env):
    """Return the messages about the user who comes back from TikTok.

    :param odoo.api.Environment env: for the language
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        "login": (
            env._("Log in to continue"),
            env._("This browser is not logged in to Odoo. Log in as the user who clicked Connect."),
        ),
        "other_user": (
            env._("Started by another user"),
            env._("Log in as the user who clicked Connect, or open the account and connect again."),
        ),
        "forbidden": (
            env._("You may not connect this account"),
            env._("Ask a TikTok administrator of the company."),
        ),
    }


def _get_authorization_messages(env):
    """Return the messages about the authorization that Odoo requested.

    :param odoo.api.Environment env: for the language
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        "state_lost": (
            env._("Unknown authorization"),
            env._(
                "Odoo did not request this authorization, or no longer knows it. Open the "
                "account and click Connect."
            ),
        ),
        "expired": (
            env._("It took too long"),
            env._(
                "The TikTok authorization must be completed within ten minutes. Click "
                "Connect again."
            ),
        ),
        "used": (
            env._("Already done"),
            env._(
                "An authorization can be used only once. Check whether the account is "
                "connected; if not, click Connect."
            ),
        ),
    }


def _get_tiktok_messages(env):
    """Return the messages about what must be changed at TikTok.

    :param odoo.api.Environment env: for the language
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        "denied": (
            env._("Permission was not granted"),
            env._("The authorization was cancelled at TikTok. Click Connect to request it again."),
        ),
        "redirect_uri": (
            env._("TikTok rejected the redirect URL"),
            env._(
                "Register exactly this one in your TikTok app, under Login Kit, then connect again:"
            ),
        ),
        "keys": (
            env._("TikTok does not recognize these app keys"),
            env._("Compare the client key and secret in Settings with TikTok's developer portal."),
        ),
        "target_users": (
            env._("TikTok does not admit this account yet"),
            env._(
                "While your app is in TikTok's sandbox, only its target users can connect. Add the "
                "account to that list in TikTok's developer portal, then connect again."
            ),
        ),
        "code_verifier": (
            env._("TikTok rejected the login verification"),
            env._(
                "Ask your administrator to change TIKTOK_PKCE_ENCODING in the server's settings, "
                "then connect again."
            ),
        ),
    }


def _get_retry_messages(env):
    """Return the messages about what must be repeated or changed in Odoo.

    :param odoo.api.Environment env: for the language
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        "code_spent": (
            env._("TikTok rejected the authorization"),
            env._("The authorization was already used or took too long. Click Connect again."),
        ),
        "scope": (
            env._("A permission is not granted"),
            env._(
                "Your app may not request one of the ticked permissions. Untick it on "
                "the account, or request its approval in TikTok's developer portal."
            ),
        ),
        "down": (
            env._("TikTok does not respond"),
            env._("Your settings are correct. Try again in a few minutes."),
        ),
        "address": (
            env._("This is not TikTok's API"),
            env._(
                "TikTok's URL is answered by another server. Try again; if this "
                "persists, ask your administrator to check the TikTok URLs in the "
                "server's settings, and the proxy if there is one."
            ),
        ),
        "unknown": (
            env._("TikTok rejected it"),
            env._("Try again. If this persists, send support the details below."),
        ),
    }


def _get_conflict_messages(env, text):
    """Return the messages about consents that conflict with what is connected.

    :param odoo.api.Environment env: for the language
    :param str text: inserted in some of them
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        "duplicate": (
            env._("This TikTok account is already connected"),
            env._(
                "Your company already has it as “%s”. To add another, choose another "
                "account at TikTok.",
                text,
            ),
        ),
        "duplicate_disconnected": (
            env._("This TikTok account already exists"),
            env._("Your company already has it as “%s”. Open that account and reconnect it.", text),
        ),
        "duplicate_archived": (
            env._("This TikTok account is archived"),
            env._(
                "Your company already has it as “%s”. Unarchive that account, then "
                "reconnect it if needed.",
                text,
            ),
        ),
        "other_account": (
            env._("This is another TikTok account than before"),
            env._("The current one is %s. Replace it with the other one?", text),
        ),
        "busy": (
            env._("Another change is in progress"),
            env._("Nothing was connected. Open the account and click Connect again."),
        ),
        "error_text": (env._("The connection failed"), text),
    }
