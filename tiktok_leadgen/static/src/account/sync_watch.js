import { Component, status, xml } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { usePolling } from "../common/polling";

const INTERVAL_MS = 3000;

/** Spins while a sync is under way, and reloads the record until it is over. */
export class SyncWatch extends Component {
    static template = xml`<i class="fa fa-refresh fa-spin text-muted me-2" aria-hidden="true"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        usePolling(() => this.reload(), INTERVAL_MS);
    }

    async reload() {
        const { record } = this.props;
        if (document.hidden || (await record.isDirty()) || status(this) !== "mounted") {
            return;
        }
        await record.load();
    }
}

registry.category("view_widgets").add("tiktok_sync_watch", { component: SyncWatch });
