import { useEffect } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { TextField } from "@web/views/fields/text/text_field";

import { useComposer } from "./composer_view";

/** A text with a counter of its length; a browser counts as TikTok does, in UTF-16. */
export class CountedText extends TextField {
    static template = "tiktok_publish.CountedText";
    static props = { ...TextField.props, limit: { type: Number } };

    setup() {
        super.setup();
        this.composer = useComposer(this);
        useEffect(
            (text) => {
                this.composer.typed[this.props.name] = text || "";
            },
            () => [this.props.record.data[this.props.name]]
        );
    }

    get length() {
        return (this.composer.typed[this.props.name] || "").length;
    }

    get isTooLong() {
        return this.length > this.props.limit;
    }

    get counter() {
        const format = (number) => number.toLocaleString();
        return `${format(this.length)} / ${format(this.props.limit)}`;
    }

    onInput(ev) {
        this.composer.typed[this.props.name] = ev.target.value;
    }
}

registry.category("fields").add("tiktok_counted_text", {
    component: CountedText,
    displayName: _t("Text with a length limit"),
    supportedTypes: ["char", "text"],
    extractProps: ({ attrs, options }) => ({
        placeholder: attrs.placeholder,
        limit: options.limit,
        lineBreaks: options.line_breaks ?? true,
        rowCount: parseInt(attrs.rows) || 1,
    }),
});
