"""The words of the page that says why a consent did not end with a connected account."""


def sentences(env, text):
    """Return title and sentence by kind of refusal.

    :param str text: what some of them have to say
    :rtype: dict[str, tuple[str, str]]
    """
    return {
        **_before(env),
        **_of_tiktok(env),
        **_of_trouble(env),
        **_after(env, text),
    }


def _before(env):
    """Say what is wrong before TikTok is asked."""
    return {
        "login": (
            env._("Log in to go on"),
            env._("Odoo does not know this browser. Log in as the user who pressed Connect."),
        ),
        "state_lost": (
            env._("This login is not known"),
            env._("Odoo did not ask TikTok for it, or forgot it. Open the account, press Connect."),
        ),
        "other_user": (
            env._("Another user began this"),
            env._("Log in as the user who pressed Connect, or open the account and connect anew."),
        ),
        "expired": (
            env._("That took too long"),
            env._("A login at TikTok must be finished within ten minutes. Press Connect again."),
        ),
        "used": (
            env._("This was done already"),
            env._("A login works once. See whether the account is connected; else press Connect."),
        ),
        "forbidden": (
            env._("You may not connect this account"),
            env._("Ask a TikTok administrator of the company."),
        ),
    }


def _of_tiktok(env):
    """Say what is to be done at TikTok."""
    return {
        "denied": (
            env._("Permission was not given"),
            env._("Somebody pressed Cancel at TikTok. Press Connect to be asked again."),
        ),
        "redirect_uri": (
            env._("TikTok refused the address we return to"),
            env._(
                "Register exactly this one in your TikTok app, under Login Kit, then connect again:"
            ),
        ),
        "keys": (
            env._("TikTok does not know these app keys"),
            env._("Compare client key and secret in Settings with TikTok's developer portal."),
        ),
        "target_users": (
            env._("TikTok does not let this account in yet"),
            env._(
                "While your app is in TikTok's sandbox, only its target users can connect. Add the "
                "account to that list in TikTok's developer portal, then connect again."
            ),
        ),
        "code_verifier": (
            env._("TikTok refused the proof of this login"),
            env._("Change the encoding of PKCE in Settings, then connect again."),
        ),
    }


def _of_trouble(env):
    """Say what is to be done here."""
    return {
        "code_spent": (
            env._("TikTok did not take the login"),
            env._("It was used before, or took too long. Press Connect again."),
        ),
        "scope": (
            env._("A permission is not allowed"),
            env._(
                "Your app may not ask for one of the ticked permissions. Untick it on the account, "
                "or have it approved in TikTok's developer portal."
            ),
        ),
        "down": (
            env._("TikTok does not answer"),
            env._("Nothing is wrong with your settings. Try again in a few minutes."),
        ),
        "address": (
            env._("This is not TikTok's API"),
            env._(
                "Something else answers at TikTok's address. Try again; if it stays, ask your "
                "administrator to check the TikTok addresses in the server's settings, and the "
                "proxy if there is one."
            ),
        ),
        "unknown": (
            env._("TikTok refused"),
            env._("Try again. If it stays, tell support what stands below."),
        ),
    }


def _after(env, text):
    """Say what is in the way after TikTok said yes."""
    return {
        "twin": (
            env._("This TikTok account is connected already"),
            env._(
                "Your company has it as “%s”. To add another, choose another account at TikTok.",
                text,
            ),
        ),
        "twin_lost": (
            env._("This TikTok account is here already"),
            env._("Your company has it as “%s”. Open that one and connect it again.", text),
        ),
        "twin_archived": (
            env._("This TikTok account is in the archive"),
            env._(
                "Your company has it as “%s”. Unarchive that one, then connect it again if it is "
                "not connected.",
                text,
            ),
        ),
        "other_account": (
            env._("This is another TikTok account than before"),
            env._("Until now it was %s. Shall the other one take its place?", text),
        ),
        "busy": (
            env._("Another change was under way"),
            env._("Nothing was connected. Open the account, press Connect again."),
        ),
        "told": (env._("It could not be connected"), text),
    }
