import { Component, onMounted, onWillUnmount, status, xml } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY_MS = 3000;

/** Turns while a sync is under way, and reads the record again until it is over. */
export class SyncWatch extends Component {
    static template = xml`<i class="fa fa-refresh fa-spin text-muted me-2" aria-hidden="true"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        let timer;
        // Not before: what is drawn anew before it was mounted is never unmounted.
        onMounted(() => {
            timer = setInterval(() => this.look(), EVERY_MS);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    async look() {
        const { record } = this.props;
        try {
            if (document.hidden || (await record.isDirty()) || status(this) !== "mounted") {
                return;
            }
            await record.load();
        } catch (error) {
            // Whoever left the form meanwhile must not hear of it.
            if (status(this) === "mounted") {
                throw error;
            }
        }
    }
}

registry.category("view_widgets").add("tiktok_sync_watch", { component: SyncWatch });
