import { Component, xml } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { useLiveUpdates } from "./live_updates";
import { usePolling } from "./polling";

const CHECK_MS = 2000;
const CHECKS = 8; // after which a page is read again although no message came

/** Tell whether the user is in a field: what is typed while records are read would be lost. */
function isTyping() {
    return Boolean(document.activeElement?.matches("input:not([type=radio]), textarea"));
}

/** Reads the company's form again when something changed; what the user is typing stays. */
export class LivePage extends Component {
    static template = xml`<span class="d-none"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        this.checks = 0;
        this.isLate = false;
        useLiveUpdates(
            () => [this.props.record.resId],
            () => this.reload()
        );
        usePolling(() => this.check(), CHECK_MS);
    }

    async reload() {
        const { record } = this.props;
        this.isLate = isTyping() || (await record.isDirty());
        if (!this.isLate) {
            await record.load();
        }
    }

    async check() {
        this.checks += 1;
        if (this.isLate || (!document.hidden && this.checks % CHECKS === 0)) {
            await this.reload();
        }
    }
}

registry.category("view_widgets").add("tiktok_live_page", { component: LivePage });

/**
 * Return a view that reads its records again when something changed in the user's companies.
 *
 * While records are selected or edited it waits for the next change.
 *
 * @param {Object} view
 * @returns {Object}
 */
function makeLive(view) {
    class LiveController extends view.Controller {
        setup() {
            super.setup();
            useLiveUpdates(
                () => user.activeCompanies.map((company) => company.id),
                () => this.reloadIfIdle()
            );
        }

        async reloadIfIdle() {
            const { root } = this.model;
            if (!root.selection?.length && !root.editedRecord) {
                await root.load();
            }
        }
    }
    return { ...view, Controller: LiveController };
}

registry.category("views").add("tiktok_live_list", makeLive(listView));
registry.category("views").add("tiktok_live_kanban", makeLive(kanbanView));
