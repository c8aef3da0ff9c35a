import { registry } from "@web/core/registry";

const ENTRY = "tiktok_leadgen.tiktok_leadgen_menu_company";

/**
 * Open the page of the company in the TikTok app, from a menu of another app.
 *
 * Without this the page would open under the menu of that app, which has no other entry of TikTok.
 *
 * @param {Object} env of the web client
 */
async function openApp(env) {
    const { action, menu } = env.services;
    const entry = menu.getAll().find(({ xmlid }) => xmlid === ENTRY);
    if (entry) {
        await menu.selectMenu(entry);
    } else {
        await action.doAction("tiktok_leadgen.res_company_action_tiktok");
    }
}

registry.category("actions").add("tiktok_open_app", openApp);
