import { Component, xml } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { usePolling } from "../common/polling";

const INTERVAL_MS = 1000;

/** Has the server check the progress of a test lead until the test is over. */
export class ConnectionTestWatch extends Component {
    static template = xml`<i class="fa fa-refresh fa-spin text-muted" aria-hidden="true"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        usePolling(() => this.checkProgress(), INTERVAL_MS);
    }

    async checkProgress() {
        const { record } = this.props;
        await this.orm.silent.call("tiktok.connection.test", "action_update_steps", [record.resId]);
        await record.load();
    }
}

registry
    .category("view_widgets")
    .add("tiktok_connection_test_watch", { component: ConnectionTestWatch });
