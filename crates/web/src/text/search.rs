//! Words of the search.

use super::section;

section! {
    /// Search: the field in the top bar, and the page of what was found.
    SearchText, SEARCH;
    title: word("Search");
    field: word("Search tasks, documents, evidence, comments");
    placeholder: word("Search");
    found: plural("One result", "{n} results");
    many: phrase("The first {0} results");
    in_customer: phrase("In {0}");
    everywhere: word("Everywhere");
    scope: word("Where to look");
    ask_title: word("What are you looking for?");
    ask: word("Tasks and questions, answers, documents, evidence and comments: by the words in them, or by how these begin.");
    nothing_title: phrase("Nothing holds “{0}”");
    nothing: word("All of the words have to be there. Try fewer, or the beginning of one.");
    corrected: phrase("Nothing holds “{0}”. These are the results for “{1}”.");
    question: word("Question");
    answer: word("Answer");
    task: word("Task");
    document: word("Document");
    evidence: word("Evidence");
    comment: word("Comment");
    customer: word("Customer");
    comment_on: phrase("On: {0}");
}
