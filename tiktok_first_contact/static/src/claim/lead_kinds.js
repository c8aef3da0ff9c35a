import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

export const CLAIM_REQUESTED = "TIKTOK:CLAIM_REQUESTED";
const kinds = registry.category("tiktok_lead_notification_kinds");

kinds.add("retry", { title: (who) => _t("Call again: %s", who), type: "warning" });

kinds.add("escalated", {
    title: (who) => _t("No one called this TikTok lead: %s", who),
    type: "danger",
});

kinds.add("claim", {
    title: (who) => _t("New TikTok lead to claim: %s", who),
    type: "info",
    buttons: (lead, { env, close }) => [
        {
            name: _t("Assign to Me"),
            primary: true,
            onClick: () => env.bus.trigger(CLAIM_REQUESTED, { id: lead.id, close }),
        },
    ],
});

/** Assigns a lead to the user who clicks first, and opens it. */
export const claimService = {
    dependencies: ["action", "orm"],

    start(env, { action, orm }) {
        env.bus.addEventListener(CLAIM_REQUESTED, async ({ detail: { id, close } }) => {
            close();
            await orm.call("crm.lead", "action_tiktok_assign_to_me", [[id]]);
            action.doAction({
                type: "ir.actions.act_window",
                res_model: "crm.lead",
                res_id: id,
                views: [[false, "form"]],
            });
        });
    },
};

registry.category("services").add("tiktok_claim", claimService);
