//! Words of the library and of the API description.

use super::section;

section! {
    /// Library: standards and templates.
    Library, LIBRARY;
    title: word("Library");
    sections: word("Parts of the library");
    standards: word("Standards");
    templates: word("Templates");
    rules: word("Task rules");
    standards_about: word("What customers work towards. Each one can be assigned as a plan.");
    templates_about: word("Questions, and the document that their answers make.");
    code: word("Code");
    code_hint: word("With its edition, for example ISO 27001:2022.");
    name: word("Name");
    description: word("Description");
    export: word("Export the library");
    export_template: word("Export");
    templates_count: plural("1 template", "{n} templates");
    plans: word("Plans");
    add_standard: word("Add standard");
    no_standards_title: word("No standards yet");
    no_standards: word("Add the first standard. It can then be assigned to customers as a plan.");
    no_standards_reader: word("An administrator adds the first standard.");
    filters: word("Filter templates");
    find: word("Find a template");
    questions: plural("1 question", "{n} questions");
    question_column: word("Questions");
    release: word("Release");
    release_of: phrase("Release {0}");
    released: phrase("Release {0}, {1}");
    not_released: word("Not released");
    archived: word("Archived");
    code_taken: word("The library holds this code already.");
    no_templates_title: word("No templates yet");
    no_templates: word("Write the first one, or import the starter library.");
    nothing_title: word("No template matches");
    nothing: word("Choose another standard, or clear the filters.");
    questions_heading: word("Questions");
    document_heading: word("Document");
    no_questions: word("This template asks no questions.");
    no_document: word("This template has no document text.");
    used_in: word("For the standards");
    kind_text: word("Short text");
    kind_long_text: word("Long text");
    kind_choice: word("One of several");
    kind_choices: word("Several of several");
    kind_date: word("Date");
    kind_number: word("Number");
    kind_yes_no: word("Yes or no");
    kind_person: word("Person");
    kind_table: word("Table");
    kind_file: word("Files");
    kind_other: word("Text");
    options: word("Choices:");
    columns: word("Columns:");
    reuse_key: phrase("Key {0}");
}

impl Library {
    /// The words for a kind of question.
    #[must_use]
    pub fn kind_word(&self, kind: &str) -> &'static str {
        match kind {
            "text" => self.kind_text,
            "long_text" => self.kind_long_text,
            "choice" => self.kind_choice,
            "choices" => self.kind_choices,
            "date" => self.kind_date,
            "number" => self.kind_number,
            "yes_no" => self.kind_yes_no,
            "person" => self.kind_person,
            "table" => self.kind_table,
            "file" => self.kind_file,
            _ => self.kind_other,
        }
    }
}

section! {
    /// Library: task rules.
    Rules, RULES;
    about: word("Which tasks Muster makes by itself, and when. A change holds for what happens from now on.");
    add: word("Add rule");
    when_customer: word("When a customer is added");
    when_plan: word("When a standard is assigned");
    when_template: word("When a template is assigned");
    when_document: word("When a document is saved");
    none_here: word("No rules. Nothing is made at this point.");
    none_template: word("One task for each question is made in any case; rules can add more.");
    any_standard: word("Every standard");
    any_template: word("Every template");
    edit: phrase("Change: {0}");
    turned_off: word("Off");
    due_after: plural("Due after 1 day", "Due after {n} days");
    needs_evidence: word("Needs evidence");
    step: phrase("Approval step {0}");
    new_title: word("Add rule");
    edit_title: word("Change rule");
    what: word("The task");
    applies: word("When it is made");
    level: word("Made at level");
    standard: word("Only for the standard");
    template: word("Only for the template");
    title: word("Title");
    description: word("Description");
    task_type: word("Type");
    type_general: word("General");
    type_meeting: word("Meeting");
    type_send_email: word("Send an e-mail");
    type_provide_evidence: word("Provide evidence");
    type_review_document: word("Review the document");
    type_approve_document: word("Approve the document");
    priority: word("Priority");
    requires_evidence: word("Completing it needs evidence");
    evidence_description: word("Which evidence");
    due_offset: word("Due after how many days");
    due_offset_hint: word("Counted from the day it is made. Leave it empty for no date.");
    assignee_role: word("For the role");
    assignee_role_hint: word("Everybody with the role sees it until one of them takes it.");
    any_role: word("Nobody in particular");
    approval_step: word("Approval step");
    approval_step_hint: word("Only for approvals of a document, for example manager or ciso.");
    days: word("Enter a number of days from 0 to 3650, or nothing.");
    title_blank: word("Give the task a title.");
    too_narrow: word("A rule for customers names no standard, and only rules for templates and documents name a template.");
    approval: word("An approval is made at the level of documents, and names its step; other tasks have none.");
    by_question: word("Tasks of questions come from the templates, not from rules.");
    gone: word("The standard or template does not exist any more. Choose again.");
    is_active: word("Rule is on");
    create: word("Add rule");
    apply: word("Apply to existing customers");
    apply_title: word("Apply to what exists");
    apply_about: phrase("The rule \u{201c}{0}\u{201d} works for what happens from now on. Here you can make its task where it would have been made before.");
    apply_customer: word("Customer");
    apply_count: word("New tasks");
    apply_total: word("Together");
    apply_submit: plural("Make 1 task", "Make {n} tasks");
    apply_nothing_title: word("Nothing to make");
    apply_nothing: word("Every place where this rule applies has its task already.");
    apply_off: word("The rule is off. Turn it on before applying it.");
    back: word("Back to the rules");
}

impl Rules {
    /// The words for a type of task.
    #[must_use]
    pub fn type_word(&self, task_type: &str) -> Option<&'static str> {
        Some(match task_type {
            "general" => self.type_general,
            "meeting" => self.type_meeting,
            "send_email" => self.type_send_email,
            "provide_evidence" => self.type_provide_evidence,
            "review_document" => self.type_review_document,
            "approve_document" => self.type_approve_document,
            _ => return None,
        })
    }
}

section! {
    /// Description of the API.
    Api, API;
    title: word("API description");
    about: word("What programs can ask of Muster, made from the code of this version.");
    download: word("OpenAPI document (JSON)");
    contents: word("Contents");
    parameters: word("Parameters");
    body: word("Request body");
    responses: word("Answers");
    name: word("Name");
    place: word("In");
    kind: word("Type");
    about_field: word("Meaning");
    status: word("Status");
    fields: word("Fields");
    deprecated: word("Going away");
    empty: word("No operations are described.");
    one_of: phrase("one of {0}");
    list_of: phrase("list of {0}");
    formatted: phrase("{0} ({1})");
    or: word(" or ");
    or_null: phrase("{0} or null");
    any: word("any value");
}
