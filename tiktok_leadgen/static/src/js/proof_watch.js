import { Component, onWillUnmount, xml } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY_MS = 1000;

/** Has the server look how far a test lead came, each second until it is over. */
export class ProofWatch extends Component {
    static template = xml`<i class="fa fa-refresh fa-spin text-muted" aria-hidden="true"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.isLooking = false;
        const timer = setInterval(() => this.look(), EVERY_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    async look() {
        const { record } = this.props;
        if (this.isLooking) {
            return;
        }
        this.isLooking = true;
        try {
            await this.orm.silent.call("tiktok.proof", "action_look", [record.resId]);
            await record.load();
        } finally {
            this.isLooking = false;
        }
    }
}

registry.category("view_widgets").add("tiktok_proof_watch", { component: ProofWatch });
