//! Words of evidence.

use super::section;

section! {
    /// Evidence: at tasks and questions, and on the page of each file.
    EvidenceText, EVIDENCE;
    title: word("Evidence");
    needed: word("Needs evidence");
    waiting: word("Waits for review");
    pending: word("Handed in");
    accepted: word("Accepted");
    sent_back: phrase("Sent back: {0}");
    replaced: word("Replaced by another file");
    rejected: word("Sent back");
    by: phrase("{0}, {1}");
    respondent: phrase("{0} (by a link)");
    somebody: word("Somebody");
    none: word("Nothing was handed in yet.");
    none_wanted: word("No file was handed in for this.");
    add: word("Add a file");
    add_another: word("Add another file");
    or_drop: word("or drop it here");
    replace_with: word("Choose the file that comes in its place");
    kinds: phrase("PDF, picture, Office file, text, CSV, mail or ZIP, up to {0}");
    more: word("Say more about it");
    note: word("Note");
    note_hint: word("What the reader should know, such as where in the file to look.");
    covers_from: word("Covers from");
    covers_to: word("Covers to");
    valid_until: word("Valid until");
    valid_until_hint: word("Of a certificate or a contract: the last day on which it shows anything.");
    hand_in: word("Hand in");
    hand_in_for: phrase("Hand in for {0}");
    replace: word("Replace");
    replace_about: word("The new file serves the same tasks. This one stays in the history.");
    sending: phrase("Sending: {0} %");
    checking: word("It has arrived and is being checked.");
    not_sent: word("The file could not be sent. Check the connection, then hand it in again.");
    accept: word("Accept");
    accept_this: phrase("Accept {0}");
    send_back: word("Send back");
    send_back_this: phrase("Send back {0}");
    reason: word("What is missing or wrong");
    reason_hint: word("Whoever handed it in reads this. A task that was done by it is taken up again.");
    reason_blank: word("Say what is missing, so that it can be made good.");
    own: word("You handed this in, so somebody else decides about it.");
    details_of: phrase("Details of {0}");
    download: word("Download");
    about: word("About the file");
    size: word("Size");
    kind: word("Kind");
    handed_in: word("Handed in");
    fingerprint: word("Fingerprint");
    fingerprint_hint: word("SHA-256 of the content. It is compared at every download: a changed file is given to nobody.");
    decision: word("Decision");
    decided: phrase("{0} by {1}, {2}");
    serves: word("Tasks that it serves");
    serves_none: word("It serves no task that you may see.");
    newer: word("See the file that came in its place");
    choose_file: word("Choose a file.");
    refused: word("The file was not taken");
    refused_about: word("Nothing of it was kept. Choose another file, or put it right and send it again.");
    back: word("Back");
    covers: phrase("{0} to {1}");
    open_end: word("…");
    no_task: word("evidence without a task");
    file_hint: word("The file answers the question.");
}
