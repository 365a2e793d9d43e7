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
    another: word("Import another file");
}
