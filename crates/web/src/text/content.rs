//! Words around questions and documents.

use super::section;

section! {
    /// Questionnaire.
    Questionnaire, QUESTIONNAIRE;
    questions: plural("1 question", "{n} questions");
    parts: plural("in one part", "in {n} parts");
    together: word("Several people can answer at the same time.");
    progress: word("Answered questions");
    answered_of: phrase("{0} of {1} answered");
    complete: word("Every required question is answered.");
    missing: word("Needed before the document:");
    question: phrase("question {0}");
    not_answered: word("Not answered");
    only_open: word("Not answered");
    saved: phrase("Saved {0}");
    saved_by: phrase("Saved {0} by {1}");
    save_answer: word("Save answer");
    save_question: phrase("Save the answer to question {0}");
    before: phrase("Answered before in {0}:");
    reuse: word("Reuse this answer");
    reused_from: phrase("Reused from {0}");
    example: phrase("For example: {0}");
    needs_evidence: word("Needs evidence");
    preview: word("Preview");
    key_answered: word("answered");
    key_missing: word("missing");
    save_document: word("Save as document");
    document_name: word("Name of the document");
    document_about: word("It becomes a draft with its own review and approval tasks.");
    document_incomplete: plural("1 required question is not answered yet.", "{n} required questions are not answered yet.");
    documents: word("Documents made from it");
    read_only: word("You can read the answers here. Changing them is for the people who work on this plan.");
    empty_title: word("This template asks no questions");
    empty: word("There is nothing to fill in. The document can be saved right away.");
    no_answer: word("No answer");
    ignored: word("This is ignored for this customer, so nobody can answer here. Restore it in the list of what is ignored, and everything is as it was.");
    changed: phrase("{0} changed this answer meanwhile. The field shows what is saved now; yours was not saved.");
    somebody: word("Somebody");
    enter: word("Enter an answer.");
    enter_number: word("Enter a number, for example 14 or 2.5.");
    enter_day: word("Enter a day, for example 2027-03-31.");
    choose: word("Choose an answer.");
    not_emptied: word("An answer cannot be emptied. Write what holds instead.");
    place: phrase("{0}, {1}");
    gap: phrase("{0} {1}");
    name_document: word("Give the document a name.");
    changed_yours: phrase("Yours was: {0}");
}

section! {
    /// Read view of a document.
    Document, DOCUMENT;
    version: phrase("Version {0}");
    written_by: phrase("Written by {0}");
    out_of_date: word("Out of date");
    out_of_date_about: word("An answer was changed after this version was made. The text below shows the answers as they were.");
    to_questionnaire: word("Open the questionnaire");
    tasks: word("Tasks");
    no_tasks: word("No tasks for this document.");
    approvals: word("Approval");
    no_approvals: word("Nobody has decided on this version yet.");
    approved_by: phrase("{0}: approved by {1}");
    rejected_by: phrase("{0}: sent back by {1}");
    waits_for: phrase("{0}: waiting for {1}");
    waits: phrase("{0}: waiting");
    step: phrase("Step {0} of {1}");
    facts: word("About this document");
    template: word("Template");
    release: phrase("release {0}");
    step_ciso: word("CISO");
    plan: word("Plan");
    created: word("Made");
    changed: word("Changed");
    classification: word("Classification");
    fingerprint: word("Fingerprint");
    completion: word("Filled in");
    empty: word("This document has no text yet.");
}
