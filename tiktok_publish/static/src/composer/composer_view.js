import { useEffect, useState, useSubEnv } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

export const EDITABLE = ["draft", "failed", "cancelled"];

/**
 * Loads the creator info from TikTok each time the form opens, and shares it and the texts as they
 * are typed with the fields and widgets inside.
 */
export class ComposerRenderer extends FormRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.composer = useState({ creator: null, isLoading: false, typed: {} });
        useSubEnv({ tiktokComposer: this.composer });
        useEffect(
            (accountId) => {
                this.loadCreator(accountId);
            },
            () => {
                const { record } = this.props;
                const isOpen = EDITABLE.includes(record.data.state);
                return [isOpen && record.data.account_id?.id, record.resId];
            }
        );
    }

    /** Choose the draft for a new post that TikTok would reject otherwise. */
    async chooseDraft() {
        const { record } = this.props;
        const { dirty, data, isNew } = record;
        const { creator } = this.composer;
        if (isNew && data.post_mode === "direct" && rejectsDirectPosts(creator)) {
            await record.update({ post_mode: "inbox" });
            record.dirty = dirty; // the user has not touched it
        }
    }

    async loadCreator(accountId) {
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
                await this.chooseDraft();
            }
        } finally {
            this.composer.isLoading = false;
        }
    }
}

/**
 * Tell whether TikTok rejects each direct post of an account, whatever its audience.
 *
 * @param {Object} [creator] of `action_creator_info`
 * @returns {Boolean}
 */
export function rejectsDirectPosts(creator) {
    return Boolean(creator?.privacy_options.length && !creator.is_audited && !creator.is_private);
}

/** Odoo saves when the tab is closed or hidden: an untouched new post is not saved. */
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

/** Returns the state the composer shares; outside of a composer it is empty. */
export function useComposer(component) {
    return useState(component.env.tiktokComposer || { creator: null, isLoading: false, typed: {} });
}
