import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { isolate } from "../common/isolate";
import { CALL_STARTED, callFields, callLinks, missingLinksReason } from "./call_buttons";

const NAME_FIELDS = ["name", "contact_name", "partner_name"];
const MODEL = "crm.lead";
/**
 * Kinds of other addons: `title(who, payload)`, `type`, and `buttons(lead, { env, close })` where
 * they are not Call and WhatsApp.
 */
const notificationKinds = registry.category("tiktok_lead_notification_kinds");
export const CONTACTED = "TIKTOK:CONTACTED";

/**
 * Notify a salesperson of a lead immediately, wherever in Odoo they are.
 *
 * The bus sends ids only. The leads are read with the rights of the current user, who thus sees
 * only what they may open.
 */
export const leadNotificationService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, { action, bus_service, notification, orm }) {
        const shown = new Map();

        function findKind({ kind }) {
            return notificationKinds.get(kind, {});
        }

        function title(payload, lead) {
            const { kind, minutes } = payload;
            const who = isolate(lead.contact_name || lead.partner_name || lead.name);
            const own = findKind(payload);
            if (own.title) {
                return own.title(who, payload);
            }
            if (kind === "repeat") {
                return _t("%s submitted a TikTok form again", who);
            }
            return kind === "reminder"
                ? _t("%(who)s has been waiting for %(minutes)s min", { who, minutes })
                : _t("New TikTok lead: %s", who);
        }

        function close(id) {
            shown.get(id)?.();
            shown.delete(id);
        }

        function buttons(lead, links, payload) {
            const open = () => {
                close(lead.id);
                action.doAction({
                    type: "ir.actions.act_window",
                    res_model: MODEL,
                    res_id: lead.id,
                    views: [[false, "form"]],
                });
            };
            const go = (url, channel) => () => {
                const name = lead.contact_name || lead.partner_name || lead.name;
                env.bus.trigger(CALL_STARTED, { id: lead.id, channel, name });
                browser.open(url, url.startsWith("tel:") ? "_self" : "_blank");
                open();
            };
            const own = findKind(payload).buttons?.(lead, { env, close: () => close(lead.id) });
            if (own) {
                return [...own, { name: _t("Open"), onClick: open }];
            }
            return [
                links.tel && {
                    name: _t("Call"),
                    icon: "fa-phone",
                    primary: true,
                    onClick: go(links.tel, "call"),
                },
                links.whatsapp && {
                    name: _t("WhatsApp"),
                    icon: "fa-whatsapp",
                    onClick: go(links.whatsapp, "whatsapp"),
                },
                { name: _t("Open"), primary: !links.tel, onClick: open },
            ].filter(Boolean);
        }

        function showOne(payload, lead) {
            close(lead.id);
            const links = callLinks(lead);
            const lines = [isolate(lead.phone || lead.name), missingLinksReason(lead)];
            const remove = notification.add(lines.filter(Boolean).join(" · "), {
                title: title(payload, lead),
                type: findKind(payload).type || (payload.kind === "reminder" ? "warning" : "info"),
                className: "o_tiktok_new_lead",
                sticky: true,
                onClose: () => shown.delete(lead.id),
                buttons: buttons(lead, links, payload),
            });
            shown.set(lead.id, remove);
        }

        function showMany({ count, kind }, ids) {
            const heading =
                kind === "repeat"
                    ? _t("TikTok forms submitted again: %s", count)
                    : _t("New TikTok leads: %s", count);
            const remove = notification.add(_t("Call the first one now."), {
                title: heading,
                type: "info",
                className: "o_tiktok_new_lead",
                sticky: true,
                buttons: [
                    {
                        name: _t("Open"),
                        primary: true,
                        onClick: () => {
                            remove();
                            action.doAction({
                                type: "ir.actions.act_window",
                                name: _t("New TikTok leads"),
                                res_model: MODEL,
                                domain: [["id", "in", ids]],
                                views: [
                                    [false, "list"],
                                    [false, "form"],
                                ],
                            });
                        },
                    },
                ],
            });
        }

        async function showPayload(payload) {
            if (payload.kind === "closed") {
                payload.ids.forEach(close);
                return;
            }
            if (payload.kind === "contacted") {
                payload.ids.forEach(close);
                env.bus.trigger(CONTACTED, { ids: payload.ids });
                return;
            }
            if (payload.kind === "reassigned") {
                payload.ids.forEach(close);
                notification.add(
                    _t(
                        "One of your leads waited too long: it was reassigned to %s.",
                        isolate(payload.name)
                    )
                );
                return;
            }
            const names = [...NAME_FIELDS, ...callFields().map(({ name }) => name)];
            const leads = await orm.silent.searchRead(MODEL, [["id", "in", payload.ids]], names);
            if (leads.length === 1 && payload.count === 1) {
                showOne(payload, leads[0]);
            } else if (leads.length) {
                showMany(
                    payload,
                    leads.map((lead) => lead.id)
                );
            }
        }

        bus_service.subscribe("tiktok_new_lead", showPayload);
        bus_service.start();
    },
};

registry.category("services").add("tiktok_lead_notification", leadNotificationService);
