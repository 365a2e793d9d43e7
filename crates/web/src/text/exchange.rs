//! Words of bringing templates in and taking them out.

use super::section;

section! {
    /// Importing a template.
    Import, IMPORT;
    title: word("Import a template");
    about: word("A Word file with placeholders, a file of our library, or a template of the older program. It becomes a draft; nothing is released by this.");
    file: word("File");
    file_hint: word(".docx, .yaml or .json, 20 MB at most.");
    name: word("Name");
    name_hint: word("Leave it empty to take the name from the file.");
    standard: word("For the standard");
    no_standard: word("As the file says");
    submit: word("Import");
    refused_title: word("The file was not imported");
    refused_about: word("Nothing was changed. Correct these places in the file, then choose it again.");
    how_title: word("Placeholders in a Word file");
    how_about: word("Write them where the answers shall stand. The questions are made from them.");
    how_code: word("In the file");
    how_meaning: word("What it becomes");
    how_plain: word("A required short text; its question is \u{201c}Data owner\u{201d}.");
    how_typed: word("A date that is required only where you write so. Types: text, long_text, date, number, yes_no, person, file.");
    how_choice: word("One of several; choices: takes several at once.");
    how_label: word("The words of the question, and the proof that it asks for.");
    how_table: word("In a row of a table: the row repeats for each entry, and each cell is a column.");
    how_section: word("Each alone in its paragraph: what stands between appears only if the answer is yes, or is the value named.");
    done_title: word("Imported");
    created: phrase("\u{201c}{0}\u{201d} is a new template with a draft. It is offered once you release it.");
    drafted: phrase("\u{201c}{0}\u{201d} was here already. What the file says is its draft now.");
    nothing_new: phrase("\u{201c}{0}\u{201d} is here already, just as the file has it. Nothing was changed.");
    questions: plural("1 question", "{n} questions");
    required: plural("1 required", "{n} required");
    sections: plural("1 optional section", "{n} optional sections");
    headings: plural("1 heading", "{n} headings");
    understood: word("What was understood");
    problems: word("Before it can be released");
    no_problems: word("Nothing stands in the way of a release.");
    notices: word("Left out or guessed");
    key: word("Key");
    question: word("Question");
    kind: word("Kind");
    part: word("Section");
    columns: phrase("Columns: {0}");
    open_draft: word("Go to the draft");
    open_template: word("Go to the template");
    another: word("Import another file");
}

section! {
    /// Bringing plans to a newer release.
    Upgrade, UPGRADE;
    title: phrase("Release {0} of \u{201c}{1}\u{201d}");
    about: phrase("{0} has release {1}. This is what release {2} changes. Nothing is changed until you say so below.");
    note_here: phrase("Release {0} of this template is there.");
    see: word("See what changes");
    nothing_title: word("Nothing to do");
    nothing: phrase("This plan has release {0} already.");
    stale: word("Somebody changed this meanwhile. Look again at what changes now, and decide anew.");
    added: word("New questions");
    added_none: word("No question is new.");
    gets_task: word("Gets a task");
    restores: word("Its task comes back");
    answered: word("Answered before");
    changed: word("Asked otherwise");
    changed_none: word("No question is asked otherwise.");
    was: phrase("Before: {0}");
    dropped: word("No longer asked");
    dropped_none: word("Every question is still asked.");
    answer_stays: word("Its answer is kept, and is there again if the question comes back.");
    task_ignored: word("Its task is ignored.");
    task_gone: word("It has no open task.");
    decide: phrase("Somebody worked on its task \u{201c}{0}\u{201d}. What shall become of it?");
    keep: word("Keep it");
    ignore: word("Ignore it");
    answers: word("Answers");
    kept: plural("1 answer stays as it is.", "{n} answers stay as they are.");
    again: word("To be given again");
    again_why: phrase("The answer \u{201c}{0}\u{201d} {1}.");
    reopens: word("Its task is open again.");
    text_new: word("The text of the document is new. Documents made so far stay as they are, with the release they came from.");
    text_same: word("The text of the document is the same.");
    submit: phrase("Bring to release {0}");
    done: phrase("The plan has release {0} now.");
    customers_title: phrase("Bring customers to release {0}");
    customers_about: phrase("Plans that have an older release of \u{201c}{0}\u{201d}, and what release {1} changes for each. Tasks that somebody worked on are kept; decide on them plan by plan.");
    customers_none: word("Every plan that uses this template has this release already.");
    customers_done: plural("1 plan was brought to the release.", "{n} plans were brought to the release.");
    customers_submit: word("Bring the chosen ones");
    choose: phrase("Choose {0}, {1}");
    customer: word("Customer");
    standard: word("Standard");
    has: word("Has release");
    to_add: word("New");
    to_change: word("Otherwise");
    to_drop: word("Dropped");
    to_keep: word("Worked on, kept");
    to_again: word("Answers again");
    outcome: word("Outcome");
    upgraded: word("Done");
    refused: phrase("Not done: {0}");
    look: word("Look");
    none_chosen: word("Choose at least one plan.");
    aspect_label: word("words");
    aspect_section: word("section");
    aspect_help: word("help");
    aspect_example: word("example");
    aspect_kind: word("kind");
    aspect_required: word("required");
    aspect_evidence: word("evidence");
    aspect_reuse_key: word("reuse key");
    aspect_options: word("choices");
    aspect_limits: word("limits");
    aspect_columns: word("columns");
}

impl Upgrade {
    /// The word for something of a question that has changed.
    #[must_use]
    pub const fn aspect_word(&self, aspect: muster_domain::templates::QuestionAspect) -> &'static str {
        use muster_domain::templates::QuestionAspect as Aspect;
        match aspect {
            Aspect::Label => self.aspect_label,
            Aspect::Section => self.aspect_section,
            Aspect::Help => self.aspect_help,
            Aspect::Example => self.aspect_example,
            Aspect::Kind => self.aspect_kind,
            Aspect::Required => self.aspect_required,
            Aspect::Evidence => self.aspect_evidence,
            Aspect::ReuseKey => self.aspect_reuse_key,
            Aspect::Options => self.aspect_options,
            Aspect::Limits => self.aspect_limits,
            Aspect::Columns => self.aspect_columns,
        }
    }
}
