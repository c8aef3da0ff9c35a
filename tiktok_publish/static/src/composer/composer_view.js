import { useEffect, useState, useSubEnv } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

export const EDITABLE = ["draft", "failed", "cancelled"];

/**
 * Asks TikTok who posts each time the form opens, and shares the answer and the texts as they are
 * typed with the fields and widgets inside.
 */
export class ComposerRenderer extends FormRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.composer = useState({ creator: null, isLoading: false, typed: {} });
        useSubEnv({ tiktokComposer: this.composer });
        useEffect(
            (accountId) => {
                this.askCreator(accountId);
            },
            () => {
                const { record } = this.props;
                const isOpen = EDITABLE.includes(record.data.state);
                return [isOpen && record.data.account_id?.id, record.resId];
            }
        );
    }

    async askCreator(accountId) {
        this.composer.creator = null;
        if (!accountId) {
            return;
        }
        this.composer.isLoading = true;
        try {
            const creator = await this.orm.call("tiktok.account", "action_creator_info", [
                [accountId],
            ]);
            if (this.props.record.data.account_id?.id === accountId) {
                this.composer.creator = creator;
            }
        } finally {
            this.composer.isLoading = false;
        }
    }
}

/** Odoo saves when the tab is closed or hidden; of a new post that nobody wrote there is nothing. */
export class ComposerController extends FormController {
    setup() {
        super.setup();
        useBus(this.model.bus, "FIELD_IS_DIRTY", ({ detail }) => (this.isTyping = detail));
    }

    get isUntouched() {
        const { root } = this.model;
        return root.isNew && !root.dirty && !this.isTyping;
    }

    async beforeUnload(ev) {
        if (!this.isUntouched) {
            await super.beforeUnload(ev);
        }
    }

    beforeVisibilityChange() {
        return this.isUntouched ? undefined : super.beforeVisibilityChange();
    }
}

registry.category("views").add("tiktok_composer", {
    ...formView,
    Controller: ComposerController,
    Renderer: ComposerRenderer,
});

/** Returns what the composer shares; outside of it there is nothing to share. */
export function useComposer(component) {
    return useState(component.env.tiktokComposer || { creator: null, isLoading: false, typed: {} });
}
