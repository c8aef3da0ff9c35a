import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { useComposer } from "./composer_view";

/** Who can see it: what TikTok offers this account today, and nothing chosen beforehand. */
export class PrivacyField extends Component {
    static template = "tiktok_publish.PrivacyField";
    static props = { ...standardFieldProps };

    setup() {
        this.composer = useComposer(this);
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.selection.find(([level]) => level === this.value)?.[1] || "";
    }

    get selection() {
        return this.props.record.fields[this.props.name].selection;
    }

    get items() {
        const creator = this.composer.creator;
        const offered = creator?.privacy_options || [];
        return this.selection
            .filter(([level]) => offered.includes(level))
            .map(([level, label]) => ({ level, label, why: this.whyNot(level) }));
    }

    /** Why a choice can't be made, nothing if it can. */
    whyNot(level) {
        const { is_disclosed, is_branded_content } = this.props.record.data;
        if (level === "SELF_ONLY") {
            const isBranded = is_disclosed && is_branded_content;
            return isBranded ? _t("Branded content cannot be private.") : "";
        }
        return this.composer.creator.is_audited ? "" : _t("Once TikTok has audited your app.");
    }

    /** Whether TikTok no longer offers the selected audience. */
    get isStale() {
        const item = this.items.find(({ level }) => level === this.value);
        return Boolean(this.composer.creator && this.value && (!item || item.why));
    }

    choose(level) {
        this.props.record.update({ [this.props.name]: level });
    }
}

/** Off by default, and greyed where the account has comments switched off. */
export class CommentField extends Component {
    static template = "tiktok_publish.CommentField";
    static props = { ...standardFieldProps };

    setup() {
        this.composer = useComposer(this);
    }

    get isOff() {
        return Boolean(this.composer.creator?.comment_disabled);
    }

    get value() {
        return this.props.record.data[this.props.name] && !this.isOff;
    }

    onChange(ev) {
        this.props.record.update({ [this.props.name]: ev.target.checked });
    }
}

registry.category("fields").add("tiktok_privacy", {
    component: PrivacyField,
    supportedTypes: ["selection"],
});
registry.category("fields").add("tiktok_comment", {
    component: CommentField,
    supportedTypes: ["boolean"],
});
