import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY_MS = 5000;
const FOR_MS = 120000;

/** Asks how far a post is while somebody watches, for two minutes. */
export class Watch extends Component {
    static template = "tiktok_publish.Watch";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        const { progress, status_text } = this.props.record.data;
        this.state = useState({ progress, text: status_text, isOver: false });
        this.began = Date.now();
        // Not before it is mounted: whoever never was is never unmounted either.
        onMounted(() => {
            this.timer = setInterval(() => this.look(), EVERY_MS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async look() {
        const { record } = this.props;
        if (document.hidden || !record.resId) {
            return;
        }
        if (Date.now() - this.began > FOR_MS) {
            this.state.isOver = true;
            clearInterval(this.timer);
            return;
        }
        const found = await this.orm.silent.call("tiktok.post", "action_poll", [[record.resId]]);
        this.state.progress = found.progress;
        this.state.text = found.text;
        const { state, needs_confirmation, next_try_at } = record.data;
        const isNews =
            found.state !== state ||
            found.needs_confirmation !== needs_confirmation ||
            found.must_wait !== Boolean(next_try_at);
        if (isNews && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("tiktok_post_watch", { component: Watch });
