from odoo import api, models

INTEGRATIONS = "tiktok_leadgen.crm_menu_integrations"
ROOT = "tiktok_publish.tiktok_publish_menu_root"


class IrUiMenu(models.Model):
    """The menu of posts: in CRM, or an app of its own for those without CRM."""

    _inherit = "ir.ui.menu"

    @api.model
    def _visible_menu_ids(self, debug=False):
        """Hide the posts' own app from users who find the posts in CRM.

        :param bool debug: whether menus for developers are shown
        :return: IDs of menus
        :rtype: set[int]
        """
        visible = super()._visible_menu_ids(debug)
        in_crm, root = (
            self.env.ref(name, raise_if_not_found=False) for name in (INTEGRATIONS, ROOT)
        )
        if not in_crm or not root or in_crm.id not in visible:
            return visible
        return visible - {root.id, *root.child_id.ids}
