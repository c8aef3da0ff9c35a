import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { isolate } from "@tiktok_leadgen/common/isolate";
import { EDITABLE, rejectsDirectPosts, useComposer } from "./composer_view";

const LIMITS = { title: 90, description: 4000 };

/** Publishes the post; its label says what it will do, or what is missing. */
export class PublishButton extends Component {
    static template = "tiktok_publish.PublishButton";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.composer = useComposer(this);
        this.state = useState({ isBusy: false });
    }

    get data() {
        return this.props.record.data;
    }

    get isShown() {
        return EDITABLE.includes(this.data.state);
    }

    get creator() {
        return this.composer.creator;
    }

    /** When the post is to be sent; after an attempt, its past time no longer counts. */
    get scheduledAt() {
        const { scheduled_at, state } = this.data;
        const isOver = scheduled_at && scheduled_at <= luxon.DateTime.now();
        return isOver && state !== "draft" ? false : scheduled_at;
    }

    get isRejected() {
        return this.data.post_mode === "direct" && rejectsDirectPosts(this.creator);
    }

    get label() {
        const creator = this.creator;
        const who = isolate(creator?.username ? `@${creator.username}` : creator?.name || "TikTok");
        if (this.isRejected) {
            return _t("TikTok would reject this post to %s", who);
        }
        if (this.scheduledAt) {
            const when = this.scheduledAt.toLocaleString(luxon.DateTime.DATETIME_MED);
            return this.data.post_mode === "inbox"
                ? _t("Send a draft to the inbox of %(who)s on %(when)s", { who, when })
                : _t("Publish to %(who)s on %(when)s: %(audience)s", {
                      who,
                      when,
                      audience: this.audience,
                  });
        }
        return this.data.post_mode === "inbox"
            ? _t("Send a draft to the inbox of %s", who)
            : _t("Publish to %(who)s: %(audience)s", { who, audience: this.audience });
    }

    get audience() {
        return (
            {
                PUBLIC_TO_EVERYONE: _t("everyone can see it"),
                FOLLOWER_OF_CREATOR: _t("followers can see it"),
                MUTUAL_FOLLOW_FRIENDS: _t("friends can see it"),
                SELF_ONLY: _t("only you can see it"),
            }[this.data.privacy_level] || _t("who can see it?")
        );
    }

    /** The problems, a sentence each; the server checks them all again. */
    get missing() {
        const data = this.data;
        const found = [];
        if (!data.account_id) {
            return [_t("Choose an account.")];
        }
        if (!this.creator) {
            return [_t("The posting account has not been checked with TikTok yet.")];
        }
        if (this.creator.problem) {
            found.push(this.creator.problem);
        }
        if (this.isRejected) {
            found.push(
                _t(
                    "Until TikTok has audited your app it rejects posts of public accounts. Choose a draft in the TikTok inbox, or set the account to private in the TikTok app."
                )
            );
        }
        if (!data.image_ids.records.length) {
            found.push(_t("Add at least one photo."));
        }
        for (const [name, limit] of Object.entries(LIMITS)) {
            if ((this.composer.typed[name] ?? data[name] ?? "").length > limit) {
                found.push(_t("A text is too long."));
            }
        }
        if (data.post_mode === "direct") {
            found.push(...this.missingChoices());
        }
        if (!data.consent) {
            found.push(_t("Tick the box to agree to TikTok's terms."));
        }
        return found;
    }

    missingChoices() {
        const data = this.data;
        const found = [];
        if (!data.privacy_level) {
            found.push(_t("Choose who can see it."));
        } else if (!this.creator.privacy_options.includes(data.privacy_level)) {
            found.push(_t("Choose again who can see this post."));
        }
        if (data.is_disclosed && !data.is_own_brand && !data.is_branded_content) {
            found.push(_t("Select whether it promotes your brand, a third party, or both."));
        }
        if (data.is_disclosed && data.is_branded_content && data.privacy_level === "SELF_ONLY") {
            found.push(_t("Branded content cannot be private: choose who can see it."));
        }
        return found;
    }

    chooseDraft() {
        return this.props.record.update({ post_mode: "inbox" });
    }

    async onClick() {
        const { record } = this.props;
        this.state.isBusy = true;
        try {
            // A change withdraws an earlier consent: only the server knows that.
            if ((await record.save()) && !this.missing.length) {
                const method = this.scheduledAt ? "action_schedule" : "action_publish";
                await this.orm.call("tiktok.post", method, [[record.resId]]);
                await record.load();
            }
        } finally {
            this.state.isBusy = false;
        }
    }
}

registry.category("view_widgets").add("tiktok_publish_button", { component: PublishButton });
