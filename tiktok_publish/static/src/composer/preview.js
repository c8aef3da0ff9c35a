import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { useComposer } from "./composer_view";
import { coverIndex, photosOf, photoUrl } from "./photos";

/** The post as people will see it on a phone, while it is being written. */
export class Preview extends Component {
    static template = "tiktok_publish.Preview";
    static props = { ...standardWidgetProps };

    setup() {
        this.composer = useComposer(this);
        this.state = useState({ shown: null });
        this.url = photoUrl;
    }

    get photos() {
        return photosOf(this.props.record);
    }

    /** Index of the visible photo: the one swiped to, else the cover. */
    get index() {
        const found = this.photos.findIndex((photo) => photo.id === this.state.shown);
        return found < 0 ? coverIndex(this.photos) : found;
    }

    get current() {
        return this.photos[this.index];
    }

    get title() {
        return this.composer.typed.title ?? this.props.record.data.title ?? "";
    }

    get description() {
        return this.composer.typed.description ?? this.props.record.data.description ?? "";
    }

    get name() {
        const { account_id } = this.props.record.data;
        const creator = this.composer.creator;
        return creator?.username || creator?.name || account_id?.display_name || "";
    }

    /** The label TikTok will add. */
    get label() {
        const { is_disclosed, is_own_brand, is_branded_content } = this.props.record.data;
        if (!is_disclosed) {
            return "";
        }
        if (is_branded_content) {
            return _t("Paid partnership");
        }
        return is_own_brand ? _t("Promotional content") : "";
    }

    swipe(by) {
        const count = this.photos.length;
        this.state.shown = this.photos[(this.index + by + count) % count].id;
    }
}

registry.category("view_widgets").add("tiktok_preview", { component: Preview });
