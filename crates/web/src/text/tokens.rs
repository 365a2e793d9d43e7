//! Words of API tokens and integrations.

use super::section;

section! {
    /// API tokens of a person, and of the firm's integrations.
    Tokens, TOKENS;
    title: word("API tokens");
    about: word("With a token a program can do in your name what you may do, or a part of it, until a day.");
    integrations: word("Integrations");
    integrations_about: word("Programs that work for the firm, each with a token and a name of its own. They never do more than who made the token may do at the time.");
    name: word("What it is for");
    integration_name: word("Name of the integration");
    name_hint: word("You tell your tokens apart by it.");
    integration_hint: word("The audit log shows it, with your name.");
    rights: word("What it may be used for");
    read: word("Read");
    read_hint: word("See workspaces, the portfolio and the library");
    work: word("Work");
    work_hint: word("Answer questions, do tasks, send their mails");
    shape: word("Shape");
    shape_hint: word("Add and change customers and plans; assign, ignore, restore");
    people: word("People");
    people_hint: word("See and change who takes part for a customer");
    library: word("Library");
    library_hint: word("Change standards, templates and task rules");
    audit: word("Audit log");
    audit_hint: word("Read and export the audit log");
    customers: word("For which customers");
    all: word("All that you may see, also later ones");
    some: word("Only these");
    some_hint: word("Changes of the library and new customers need a token for all customers.");
    days: word("Good for");
    day_count: plural("1 day", "{n} days");
    make: word("Make a token");
    make_integration: word("Add an integration");
    made_title: word("Copy the token now");
    made: word("It is shown this once. Keep it where secrets are kept; whoever has it can use it.");
    made_name: phrase("Token “{0}”");
    use_it: word("Programs send it with every request:");
    header: phrase("Authorization: Bearer {0}…");
    list: word("Tokens that are not revoked");
    none_title: word("No tokens yet");
    none: word("Make one when a program is to work with Muster.");
    no_integrations: word("Add one when a program is to work with Muster for the firm.");
    token: word("Token");
    for_customers: word("Customers");
    all_short: word("All");
    expires: word("Ends");
    ended: word("Has ended");
    used: word("Last used");
    never: word("Never");
    by: word("Made by");
    revoke: word("Revoke");
    confirm: word("Programs that use it are refused from now on. This cannot be undone.");
    confirm_button: word("Revoke for good");
    choose_right: word("Choose at least one.");
    choose_customer: word("Choose at least one customer, or all.");
    not_yours: word("You do not have one of these rights there yourself, so you cannot give it to a token.");
    not_these: word("One of these customers is not there for you any more. Choose again.");
    how_long: word("Choose 30, 90 or 365 days.");
}
