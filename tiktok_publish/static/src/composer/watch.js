import { Component, useState } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { usePolling } from "@tiktok_leadgen/common/polling";

const INTERVAL_MS = 5000;
const DURATION_MS = 120000;

/** Polls the status of a post for two minutes while a user watches it. */
export class Watch extends Component {
    static template = "tiktok_publish.Watch";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        const { progress, status_text } = this.props.record.data;
        this.state = useState({ progress, text: status_text, isOver: false });
        this.startedAt = Date.now();
        this.stopPolling = usePolling(() => this.pollStatus(), INTERVAL_MS);
    }

    async pollStatus() {
        const { record } = this.props;
        if (document.hidden || !record.resId) {
            return;
        }
        if (Date.now() - this.startedAt > DURATION_MS) {
            this.state.isOver = true;
            this.stopPolling();
            return;
        }
        const found = await this.orm.silent.call("tiktok.post", "action_poll", [[record.resId]]);
        this.state.progress = found.progress;
        this.state.text = found.text;
        const { state, needs_confirmation, next_try_at } = record.data;
        const hasChanged =
            found.state !== state ||
            found.needs_confirmation !== needs_confirmation ||
            found.must_wait !== Boolean(next_try_at);
        if (hasChanged && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("tiktok_post_watch", { component: Watch });
