//! Words of lists of tasks: filters, views, changes of several tasks, comments and history.

use super::section;

section! {
    /// Lists of tasks.
    Lists, LISTS;
    title: word("Tasks");
    of_customer: phrase("Tasks of {0}");
    about: phrase("{0}, {1} overdue.");
    open_list: word("Task list");
    find: word("Find a task");
    filters: word("Filter tasks");
    status: word("Status");
    open: word("Open");
    closed: word("Closed");
    any_status: word("Any status");
    assignee: word("Assignee");
    anybody: word("Anybody");
    me: word("Assigned to me");
    my_roles: word("For my roles");
    mine: word("Mine and my roles'");
    nobody: word("Nobody");
    due: word("Due");
    whenever: word("Any date");
    overdue: word("Overdue");
    today: word("Due today");
    this_week: word("Due this week");
    later: word("Due later");
    undated: word("No date");
    due_from: word("Due from");
    due_until: word("Due until");
    plan: word("Plan");
    all_plans: word("All plans");
    template: word("Template");
    all_templates: word("All templates");
    sort: word("Sort by");
    sort_hierarchy: word("Sort: as in the workspace");
    sort_due: word("Sort: due date");
    sort_priority: word("Sort: priority");
    sort_title: word("Sort: title");
    sort_updated: word("Sort: last changed");
    needs_evidence: word("Needs evidence");
    waiting: word("Waiting on customer");
    to_approve: word("To approve");
    more: word("More filters");
    matching: plural("1 task", "{n} tasks");
    between: phrase("{0}–{1} of {2}");
    previous: word("Previous page");
    nothing_title: word("No task matches");
    nothing: word("No task fits all of these filters. Take one away, or clear them.");
    empty_title: word("No open task");
    empty: word("Everything is done, or nothing has been planned yet. The workspace shows both.");
    to_workspace: word("Open the workspace");
    pages: word("Pages of the list");
    change_due: word("Change the due date");
    change_assignee: word("Assign");
}

section! {
    /// Changing a task in its row.
    Cells, CELLS;
    due_of: phrase("Due date of “{0}”");
    assignee_of: phrase("Who does “{0}”");
    hint: word("Enter saves, Esc leaves.");
    due: phrase("Due {0}.");
    no_due: word("No due date now.");
    assigned: phrase("Assigned to {0}.");
    nobody: word("Nobody has it now.");
    clash: phrase("Somebody changed this task meanwhile. It now says: {0}. Yours is not saved.");
    clash_elsewhere: phrase("Somebody changed something else in this task meanwhile. Here it still says: {0}. Yours is not saved.");
}

section! {
    /// Views that a person keeps.
    Views, VIEWS;
    title: word("My views");
    everything: word("All open");
    keep: word("Keep this view");
    name: word("Name of the view");
    name_blank: word("Give the view a name.");
    is_default: word("Open the list with it");
    submit: word("Keep");
    rename: word("Rename");
    make_default: word("Open the list with it");
    no_default: word("Do not open the list with it");
    delete: word("Delete");
    default_mark: word("opens first");
    too_many: word("You keep as many views as fit. Delete one first.");
    change: phrase("Change the view “{0}”");
}

section! {
    /// Changing several tasks.
    Bulk, BULK;
    title: word("With the selected tasks");
    selected: plural("1 selected", "{n} selected");
    pick: phrase("Select: {0}");
    pick_all: word("Select all on this page");
    complete: word("Mark done");
    start: word("Start");
    hold: word("On hold");
    assign: word("Assign");
    assign_to: word("Assign to");
    to_me: word("Me");
    due: word("Date");
    new_due: word("New due date");
    no_due: word("Empty takes the date away.");
    priority: word("Priority");
    ignore: word("Ignore");
    reason: word("Why do they not apply here?");
    apply: word("Apply");
    clear: word("Clear");
    nothing_picked: word("Select at least one task first.");
    changed: plural("1 task changed.", "{n} tasks changed.");
    put_back: plural("1 task is as it was before.", "{n} tasks are as they were before.");
    nothing_changed: word("Nothing had to be changed.");
    result_title: word("Not all of them");
    undo_title: word("Not all of it was taken back");
    left: plural("1 task was left as it is:", "{n} tasks were left as they are:");
    undo: word("Undo the change");
    back: word("Back to the list");
    why_ignored: word("It is ignored, or its plan or template is.");
    why_forbidden: word("This one is not yours to change.");
    why_transition: word("From where it stands, that is not possible.");
    why_answer: word("Its question has no answer yet.");
    why_evidence: word("It needs accepted evidence first.");
    why_approval: word("Only the approval of its document completes it.");
    why_document: word("It is done at its document.");
    why_changed: word("Somebody has changed it since. It stays as they left it.");
}

section! {
    /// Comments on a task, and its history.
    Talk, TALK;
    title: word("Comments");
    write: word("Write a comment");
    hint: word("Everybody who sees this task can read it. @ and a name tells that person.");
    mention: word("Tell somebody");
    mention_nobody: word("Nobody in particular");
    submit: word("Comment");
    blank: word("Write something first.");
    none: word("Nobody has said anything yet.");
    people: word("People to name");
    history: word("History");
    no_history: word("Nothing has been noted yet.");
    changed: phrase("{0}: {1}, before {2}");
    links: word("Belongs to");
    document: word("The document");
    questionnaire: word("The questionnaire");
}
