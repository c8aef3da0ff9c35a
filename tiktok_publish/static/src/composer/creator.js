import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { EDITABLE, rejectsDirectPosts, useComposer } from "./composer_view";

/** Who posts, as TikTok calls them, and what stands in the way. */
export class Creator extends Component {
    static template = "tiktok_publish.Creator";
    static props = { ...standardWidgetProps };

    setup() {
        this.composer = useComposer(this);
    }

    get isShown() {
        return EDITABLE.includes(this.props.record.data.state);
    }

    get creator() {
        return this.composer.creator;
    }

    get picture() {
        return `/web/image/tiktok.account/${this.creator.account_id}/image_1920/64x64`;
    }

    /** What an app that is not audited can do with this account. */
    get audit() {
        const creator = this.creator;
        if (!creator || creator.problem || creator.is_audited) {
            return "";
        }
        if (rejectsDirectPosts(creator)) {
            return this.props.record.data.post_mode === "direct"
                ? _t(
                      "TikTok has not audited your app yet, and this account is public: TikTok rejects its posts. Set the account to private in the TikTok app and choose “Only me”, or send a draft to the TikTok inbox."
                  )
                : _t(
                      "TikTok has not audited your app yet, and this account is public: TikTok would reject a post. Therefore a draft in the TikTok inbox is chosen; its owner posts it in the TikTok app."
                  );
        }
        return _t(
            "TikTok has not audited your app yet. Until then it accepts posts visible to “Only me” and drafts in the TikTok inbox."
        );
    }
}

registry.category("view_widgets").add("tiktok_creator", { component: Creator });
