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
            content: "The page opens in the app, whose menu shows the rest",
            trigger: 'button[data-menu-xmlid="tiktok_leadgen.menu_tiktok_leads"]',
        },
        {
            content: "The webhook URL is there, its token hidden",
            trigger:
                '[name=webhook_url] [name=tiktok_webhook_url_masked]:contains("/api/integrations/webhooks/tiktok-leadgen/?company_id="):contains("••••")',
        },
        {
            content: "It can be copied",
            trigger: '[name=webhook_url] button.o_clipboard_button:contains("Copy")',
        },
        {
            content: "The set-up begins with how leads come in",
            trigger: "[name=step_method] button[data-method=ads]",
        },
        {
            content: "A local URL is shown as one that TikTok cannot reach",
            trigger: '.alert-info:contains("TikTok cannot reach this URL")',
        },
        {
            content: "Send a test lead",
            trigger: "button[name=action_tiktok_send_test_lead]",
            run: "click",
        },
        {
            content: "The lead opens and says that it is a test lead",
            trigger: '.o_form_view .alert-info:contains("Test lead: it is not assigned")',
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
            content: "Open its delivery",
            trigger: "button[name=action_tiktok_open_event]",
            run: "click",
        },
        {
            content: "The delivery is done and has its lead",
            trigger: '.o_form_view [name=state]:contains("Done")',
        },
        {
            content: "It shows the answers",
            trigger: '[name=content] tr:contains("Email") td:contains("test.lead@example.com")',
        },
    ],
});

registry.category("web_tour.tours").add("tiktok_leadgen_no_address", {
    url: "/odoo/tiktok",
    steps: () => [
        {
            content: "The page says whom to ask for the URL",
            trigger: 'p:contains("A TikTok administrator of your company can see the webhook URL")',
        },
        {
            content: "Neither the URL nor the administrator's buttons are there",
            trigger:
                ".o_form_view:not(:has([name=webhook_url])):not(:has([name=action_tiktok_send_test_lead]))",
        },
    ],
});
