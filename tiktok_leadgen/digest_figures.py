"""What the figures of the addons in Odoo's digest share: their reader, period and action."""

import typing

from odoo.exceptions import AccessError


class DigestPeriod(typing.NamedTuple):
    """The figures that one digest needs."""

    digest: typing.Any  # digest.digest
    company: typing.Any  # res.company
    start: typing.Any  # text, UTC; outside of a digest that is sent there is no period
    end: typing.Any  # text, UTC


def list_digest_periods(digests, group):
    """Return for which companies and periods the figures of digests are computed.

    :param digests: digest.digest
    :param str group: XML ID; a reader outside of it sees no such figures
    :rtype: list[DigestPeriod]
    :raise AccessError: if the reader is not in the group: the digest then leaves the figures out
    """
    env = digests.env
    if not env.user.has_group(group):
        raise AccessError(env._("The reader of this digest sees no such figures."))
    start, end, _companies = digests._get_kpi_compute_parameters()
    return [
        DigestPeriod(digest, digest.company_id or env.company, start, end) for digest in digests
    ]


def build_digest_actions(env, action_xmlid, names):
    """Return what a digest opens from figures: the action, with the menu of the app TikTok.

    :param odoo.api.Environment env: of the digest
    :param str action_xmlid: of the action
    :param names: of the fields of the figures
    :rtype: dict[str, str]
    """
    menu = env.ref("tiktok_leadgen.menu_tiktok_root").id
    return dict.fromkeys(names, f"{action_xmlid}?menu_id={menu}")
