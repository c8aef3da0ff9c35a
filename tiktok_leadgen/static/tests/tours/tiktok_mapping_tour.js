import { registry } from "@web/core/registry";

const row = (question) => `[name=question_ids] tr.o_data_row:contains("${question}")`;

registry.category("web_tour.tours").add("tiktok_leadgen_mapping", {
    url: "/odoo/tiktok-forms",
    steps: () => [
        {
            content: "The form of the first lead is there, with questions to look at",
            trigger:
                '.o_list_view tr.o_data_row:contains("Villa offer") [name=suggestion_count]:contains("3")',
        },
        {
            content: "Open it",
            trigger: '.o_list_view tr.o_data_row:contains("Villa offer") [name=name]',
            run: "click",
        },
        {
            content: "The phone was guessed right, and is shown as the lead has it",
            trigger: `${row("phone_number")} [name=result_text]:contains("+56987654321")`,
        },
        {
            content: "The budget was not guessed",
            trigger: `${row("What is your budget?")} [name=last_answer]:contains("1,500 $")`,
        },
        {
            content: "Choose where it goes",
            trigger: `${row("What is your budget?")} [name=target]`,
            run: "click",
        },
        {
            content: "Open the list of targets",
            trigger: `${row("What is your budget?")} [name=target] input`,
            run: "click",
        },
        {
            content: "Take another field",
            trigger: '.o_select_menu_item:contains("Another field")',
            run: "click",
        },
        {
            content: "Open the list of fields",
            trigger: `${row("What is your budget?")} [name=field_name] input`,
            run: "click",
        },
        {
            content: "Take one",
            trigger: '.o_select_menu_item:contains("Expected Revenue"):first',
            run: "click",
        },
        {
            content: "What the last lead would have changes immediately",
            trigger: `${row("What is your budget?")} [name=result_text]:contains("1,500")`,
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved; the guesses are right",
            trigger:
                ".o_form_view:not(:has(.o_form_button_save:visible)) button[name=action_confirm_all]",
            run: "click",
        },
        {
            content: "No guess is left; ask what would become of the lead that is there",
            trigger:
                ".o_form_view:not(:has(button[name=action_confirm_all])) button[name=action_apply_mapping]",
            run: "click",
        },
        {
            content: "It says what would change before it is done",
            trigger: '.modal [name=sample_text]:contains("Expected Revenue: 1")',
        },
        {
            content: "Apply",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is under way",
            trigger:
                'body:not(:has(.modal)) [name=mapping_run]:contains("The mapping is being applied")',
        },
    ],
});
