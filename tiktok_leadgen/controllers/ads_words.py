"""The words of the page that says why a consent brought no ad accounts."""


def sentences(env, text):
    """Return title and sentence by kind of refusal; the others are those of accounts.

    :param str text: what some of them have to say
    :rtype: dict[str, tuple[str, str]]
    """
    return {**_at_tiktok(env, text), **_here(env, text)}


def _at_tiktok(env, text):
    return {
        "denied": (
            env._("Permission was not given"),
            env._("Somebody pressed Cancel at TikTok. Press Connect TikTok Ads to be asked again."),
        ),
        "keys": (
            env._("TikTok does not know these app keys"),
            env._(
                "Compare the Business app's ID and secret in Settings with the ones in TikTok API "
                "for Business."
            ),
        ),
        "code_spent": (
            env._("TikTok did not take the login"),
            env._("It was used before, or took too long. Press Connect TikTok Ads again."),
        ),
        "ads_not_allowed": (
            env._("TikTok does not allow this to your app"),
            env._(
                "The app needs the permission Ad Account Information. Have it approved in TikTok "
                "API for Business, then connect again."
            ),
        ),
        "ads_told": (
            env._("TikTok refused"),
            env._("It says: %s", text),
        ),
        "no_accounts": (
            env._("No ad account was chosen"),
            env._("TikTok gave none. Connect again and tick at least one ad account there."),
        ),
    }


def _here(env, text):
    return {
        "state_lost": (
            env._("This login is not known"),
            env._(
                "Odoo did not ask TikTok for it, or forgot it. Open the ad accounts and press "
                "Connect TikTok Ads."
            ),
        ),
        "expired": (
            env._("That took too long"),
            env._(
                "A login at TikTok must be finished within ten minutes. Press Connect TikTok Ads "
                "again."
            ),
        ),
        "used": (
            env._("This was done already"),
            env._("A login works once. See whether the ad accounts are connected."),
        ),
        "forbidden": (
            env._("You may not connect ad accounts"),
            env._("Ask a TikTok administrator of the company."),
        ),
        "held": (
            env._("Another company has it"),
            env._(
                "Not connected, because another company of this database has it: %s. Ask who "
                "runs that company to disconnect and archive it there. Whatever else you chose "
                "is connected.",
                text,
            ),
        ),
    }
