import { Component } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Copies the command that posts a delivery again; the token of the URL is masked. */
export class CopyCurl extends Component {
    static template = "tiktok_leadgen.CopyCurl";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
    }

    async copy() {
        const { resId, resModel } = this.props.record;
        const command = await this.orm.call(resModel, "action_copy_as_curl", [resId]);
        try {
            // Browsers have no clipboard where the page is neither https nor on this machine.
            await browser.navigator.clipboard.writeText(command);
        } catch {
            this.notification.add(_t("The browser does not allow copying on this page."), {
                type: "warning",
            });
            return;
        }
        this.notification.add(_t("Copied. Replace the dots in the URL with your token."), {
            type: "success",
        });
    }
}

registry.category("view_widgets").add("tiktok_copy_curl", { component: CopyCurl });
