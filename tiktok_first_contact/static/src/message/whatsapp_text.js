import { registry } from "@web/core/registry";

registry.category("tiktok_call_links").add("whatsapp_text", {
    fields: [{ name: "tiktok_whatsapp_text", type: "char" }],
    apply(links, { tiktok_whatsapp_text: text }) {
        if (!links.whatsapp || !text) {
            return links;
        }
        return { ...links, whatsapp: `${links.whatsapp}?text=${encodeURIComponent(text)}` };
    },
});
