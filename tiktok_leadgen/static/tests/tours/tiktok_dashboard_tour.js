import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("tiktok_leadgen_dashboard", {
    steps: () => [
        {
            content: "Two leads came",
            trigger: '[data-tile=leads] .o_tiktok_figure:contains("2")',
        },
        {
            content: "Both wait",
            trigger: '[data-card=waiting]:contains("Ana Pérez")',
        },
        {
            content: "Choose today",
            trigger: '.o_tiktok_periods button[data-days="1"]',
            run: "click",
        },
        {
            content: "Today is chosen",
            trigger: '.o_tiktok_periods button[data-days="1"].btn-primary',
        },
        {
            content: "Open the leads of a campaign",
            trigger: '[data-card=campaign] button:contains("Autumn")',
            run: "click",
        },
        {
            content: "There is one",
            trigger: ".o_list_view .o_data_row:only-of-type",
        },
        {
            content: "Go back",
            trigger: ".o_breadcrumb .breadcrumb-item a, .o_breadcrumb .o_back_button a",
            run: "click",
        },
        {
            content: "Open who waits",
            trigger: '[data-card=waiting] .o_tiktok_row:contains("Ana Pérez")',
            run: "click",
        },
        {
            content: "It is the lead",
            trigger: ".o_form_view .o_field_widget[name=name]",
        },
    ],
});

registry.category("web_tour.tours").add("tiktok_leadgen_first_open", {
    steps: () => [
        {
            content: "Before the first lead, the page that says how leads arrive opens",
            trigger: "[name=webhook_url]",
        },
        {
            content: "The menu is the app's",
            trigger: 'button[data-menu-xmlid="tiktok_leadgen.menu_tiktok_leads"]',
        },
    ],
});

registry.category("web_tour.tours").add("tiktok_leadgen_empty_period", {
    steps: () => [
        {
            content: "There were leads before: the overview stays",
            trigger: '.o_tiktok_dashboard:contains("No lead in this period")',
        },
    ],
});
