import { registry } from "@web/core/registry";

const ALL = ".o_list_view thead .o_list_record_selector input";

registry.category("web_tour.tours").add("tiktok_leadgen_decide", {
    steps: () => [
        {
            content: "Two deliveries are quarantined",
            trigger: ".o_list_view .o_data_row:nth-child(2)",
        },
        { content: "Select both", trigger: ALL, run: "click" },
        {
            content: "Discard them",
            trigger: '.o_control_panel button:contains("Discard")',
            run: "click",
        },
        {
            content: "The dialog says how many",
            trigger: '.modal [name=event_count]:contains("2")',
        },
        {
            content: "Confirm",
            trigger: '.modal-footer button:contains("Discard")',
            run: "click",
        },
        {
            content: "The list shows what became of them",
            trigger: '.o_list_view:not(:has(.modal)) .o_data_row:contains("Ignored")',
        },
        {
            content: "Open one",
            trigger: ".o_data_row:first-child .o_data_cell[name=received_at]",
            run: "click",
        },
        {
            content: "It says who discarded it",
            trigger: '.o_form_view [name=discarded_by]:contains("tiktok_manager")',
        },
        {
            content: "Restore it",
            trigger: '.o_form_statusbar button:contains("Restore")',
            run: "click",
        },
        {
            content: "The dialog asks here as well",
            trigger: '.modal [name=event_count]:contains("1")',
        },
        {
            content: "Confirm",
            trigger: '.modal-footer button:contains("Restore")',
            run: "click",
        },
        {
            content: "It is quarantined again",
            trigger: '.o_form_statusbar button:contains("Accept")',
        },
        {
            content: "It says who restored it",
            trigger: '.o_form_view [name=restored_by]:contains("tiktok_manager")',
        },
    ],
});
