// Rules for the JavaScript of the addons (ES modules in the browser) and of the tools.
const js = require("@eslint/js");
const globals = require("globals");

const RULES = {
    "arrow-body-style": ["error", "as-needed"],
    curly: ["error", "all"],
    eqeqeq: ["error", "always", { null: "ignore" }],
    "no-alert": "error",
    "no-duplicate-imports": "error",
    "no-eval": "error",
    "no-implied-eval": "error",
    "no-restricted-globals": ["error", "event", "self"],
    "no-restricted-syntax": [
        "error",
        "PrivateIdentifier",
        {
            selector:
                "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='props'][static='true']))",
            message: "A component declares its props: static props = {...}.",
        },
        {
            selector:
                "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='template'][static='true']))",
            message: 'A component declares its template: static template = "...".',
        },
        {
            selector: "CallExpression[callee.name='_t'] > TemplateLiteral:first-child",
            message: "A template string can't be translated: use %s.",
        },
    ],
    "no-shadow": "error",
    "no-undef": "error",
    "no-unused-vars": ["error", { vars: "all", args: "none", caughtErrors: "all" }],
    "no-var": "error",
    "object-shorthand": "error",
    "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
};

module.exports = [
    js.configs.recommended,
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
        },
        rules: RULES,
    },
    {
        files: ["**/*.cjs"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "commonjs",
            globals: globals.node,
        },
        rules: RULES,
    },
];
