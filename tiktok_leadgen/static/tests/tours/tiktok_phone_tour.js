import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("tiktok_leadgen_phone_country", {
    steps: () => [
        {
            content: "The lead says why it has no buttons to call",
            trigger: '.o_tiktok_no_call:contains("country of the phone number is unknown")',
        },
        {
            content: "Choose the country with one click",
            trigger:
                '[name=tiktok_phone_country] .o_selection_badge:contains("United Arab Emirates")',
            run: "click",
        },
        {
            content: "The lead is saved and can be called",
            trigger: '.o_tiktok_call_buttons a[href="tel:+971501234567"]',
        },
        {
            content: "WhatsApp too",
            trigger: '.o_tiktok_call_buttons a[href="https://wa.me/971501234567"]',
        },
        {
            content: "There is nothing left to choose",
            trigger: ".o_form_view:not(:has([name=tiktok_phone_country]))",
        },
        {
            content: "And nothing left to save",
            trigger: ".o_form_view:has(.o_form_status_indicator_buttons.invisible)",
        },
    ],
});

registry.category("web_tour.tours").add("tiktok_leadgen_phone_argentina", {
    steps: () => [
        {
            content: "The number is called as it is",
            trigger: '.o_tiktok_call_buttons a[href="tel:+541123456701"]',
        },
        {
            content: "WhatsApp knows it with the 9 of mobiles",
            trigger: '.o_tiktok_call_buttons a[href="https://wa.me/5491123456701"]',
        },
    ],
});
