import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("tiktok_leadgen_test_lead", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps("crm.crm_menu_root"),
        {
            content: "Open the menu Integrations",
            trigger: 'button[data-menu-xmlid="tiktok_leadgen.crm_menu_integrations"]',
            run: "click",
        },
        {
            content: "Open TikTok",
            trigger: 'a[data-menu-xmlid="tiktok_leadgen.tiktok_leadgen_menu_overview"]',
            run: "click",
        },
        {
            content: "The address of the webhook is there, its token hidden",
            trigger:
                '[name=webhook_url] [name=tiktok_webhook_url_masked]:contains("/api/integrations/webhooks/tiktok-leadgen/?company_id="):contains("••••")',
        },
        {
            content: "It can be copied",
            trigger: '[name=webhook_url] button.o_clipboard_button:contains("Copy")',
        },
        {
            content: "Three steps say what to do with it",
            trigger: "[name=webhook_url] [name=steps] li:nth-child(3)",
        },
        {
            content: "A local address is said to be one that TikTok can't reach",
            trigger: '.alert-info:contains("TikTok can\'t reach this address")',
        },
        {
            content: "Send a test lead",
            trigger: "button[name=action_tiktok_send_test_lead]",
            run: "click",
        },
        {
            content: "We are on its lead, which says that it is a test",
            trigger: '.o_form_view .alert-info:contains("A test: nobody is assigned")',
        },
        {
            content: "Open the tab TikTok",
            trigger: '.o_notebook .nav-link[name="tiktok"]',
            run: "click",
        },
        {
            content: "The answers are a table",
            trigger:
                '[name=tiktok_answers_table] tr:contains("What is your budget?") td:contains("About 2,000")',
        },
        {
            content: "Open its event",
            trigger: "button[name=action_tiktok_open_event]",
            run: "click",
        },
        {
            content: "The event is done and knows its lead",
            trigger: '.o_form_view [name=state]:contains("Done")',
        },
        {
            content: "It shows what came",
            trigger: '[name=content] tr:contains("Email") td:contains("test.lead@example.com")',
        },
    ],
});

registry.category("web_tour.tours").add("tiktok_leadgen_no_address", {
    url: "/odoo/tiktok",
    steps: () => [
        {
            content: "Whom to ask for the address is said",
            trigger: 'p:contains("A TikTok administrator of your company can see the webhook URL")',
        },
        {
            content: "Neither address nor buttons of the administrator are there",
            trigger:
                ".o_form_view:not(:has([name=webhook_url])):not(:has([name=action_tiktok_send_test_lead]))",
        },
    ],
});
