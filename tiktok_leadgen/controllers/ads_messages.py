"""Messages of the page that says why a consent connected no ad accounts."""


def get_messages(env, text):
    """Return title and sentence by kind of error; the others are those of accounts.

    :param odoo.api.Environment env: for the language
    :param str text: inserted in some of them
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        **_get_tiktok_messages(env, text),
        **_get_authorization_messages(env),
        **_get_account_messages(env, text),
    }


def _get_tiktok_messages(env, text):
    """Return the messages about what TikTok rejected.

    :param odoo.api.Environment env: for the language
    :param str text: TikTok's own message
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        "denied": (
            env._("Permission was not granted"),
            env._("The authorization was cancelled at TikTok. Connect again to request it."),
        ),
        "keys": (
            env._("TikTok does not recognize these app keys"),
            env._(
                "Compare the Business app's ID and secret in Settings with those in "
                "TikTok API for Business."
            ),
        ),
        "code_spent": (
            env._("TikTok rejected the authorization"),
            env._(
                "The authorization was already used or took too long. Click Connect TikTok "
                "Ads again."
            ),
        ),
        "ads_not_allowed": (
            env._("TikTok does not allow this for your app"),
            env._(
                "The app needs the permission Ad Account Information. Request its "
                "approval in TikTok API for Business, then connect again."
            ),
        ),
        "tiktok_message": (env._("TikTok rejected it"), env._("TikTok's message: %s", text)),
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
                "Odoo did not request this authorization, or no longer knows it. Open "
                "the ad accounts and click Connect TikTok Ads."
            ),
        ),
        "expired": (
            env._("It took too long"),
            env._(
                "The TikTok authorization must be completed within ten minutes. Click "
                "Connect TikTok Ads again."
            ),
        ),
        "used": (
            env._("Already done"),
            env._(
                "An authorization can be used only once. Check whether the ad accounts are "
                "connected."
            ),
        ),
    }


def _get_account_messages(env, text):
    """Return the messages about the selected ad accounts and who may connect them.

    :param odoo.api.Environment env: for the language
    :param str text: names of ad accounts
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        "no_accounts": (
            env._("No ad account was selected"),
            env._(
                "TikTok returned no ad account. Connect again and tick at least one ad "
                "account there."
            ),
        ),
        "forbidden": (
            env._("You may not connect ad accounts"),
            env._("Ask a TikTok administrator of the company."),
        ),
        "other_company": (
            env._("Connected to another company"),
            env._(
                "Not connected because another company of this database uses it: %s. Ask "
                "that company's administrator to disconnect and archive it there. All "
                "other selected ad accounts are connected.",
                text,
            ),
        ),
    }
