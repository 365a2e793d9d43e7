//! Words of the daily work: portfolio, workspace, tasks, my work.

use super::section;

section! {
    /// Portfolio.
    Portfolio, PORTFOLIO;
    title: word("Portfolio");
    customers: plural("1 customer", "{n} customers");
    plans: plural("1 plan", "{n} plans");
    lead: plural("You lead 1 of them.", "You lead {n} of them.");
    add_customer: word("Add customer");
    today: phrase("Today, {0}");
    overdue_tasks: word("Overdue tasks");
    waiting: word("Waiting on customer");
    due_this_week: word("Due this week");
    to_approve: word("Waiting for approval");
    attention: phrase("{0} has {1}.");
    late_tasks: plural("1 late task", "{n} late tasks");
    open_workspace: word("Open workspace");
    chart: word("Open tasks by due week");
    chart_title: word("Open tasks by the week they are due");
    chart_late: word("Late");
    chart_this_week: word("This week");
    chart_later: word("Later");
    chart_week: word("Week of");
    chart_tasks: word("Open tasks");
    chart_empty: word("No open task has a due date.");
    trend: word("The last 12 weeks");
    trend_about: word("Derived from the tasks as they are now: what was cancelled, ignored or reopened since does not count.");
    trend_title: word("Tasks completed in each of the last 12 weeks, and tasks overdue at the end of each");
    trend_completed: word("Completed in the week");
    trend_overdue: word("Overdue at its end");
    trend_now: word("This week, so far");
    trend_week: phrase("{0}: {1} completed, {2} overdue");
    trend_table: word("As a table");
    trend_empty: word("Nothing was completed or overdue in the last 12 weeks.");
    evidence: word("Evidence running out");
    evidence_short: word("Evidence");
    expired: plural("1 expired", "{n} expired");
    expiring: plural("1 within 30 days", "{n} within 30 days");
    import: word("Import");
    download_xlsx: word("Excel");
    download_csv: word("CSV");
    download: word("Download this list");
    mine: word("My customers");
    quiet: word("Nothing done for 14 days");
    all_standards: word("All standards");
    standard: word("Standard");
    sort_waiting: word("Sort: most waiting");
    sort_expiring: word("Sort: evidence running out");
    sort_quiet: word("Sort: longest without movement");
    filters: word("Filter customers");
    find: word("Find a customer");
    overdue: word("Overdue");
    no_templates: word("No templates yet");
    sort: word("Sort by");
    sort_name: word("Sort: name");
    sort_overdue: word("Sort: most overdue");
    sort_due: word("Sort: next due");
    sort_progress: word("Sort: least progress");
    table: word("Customers");
    customer: word("Customer");
    progress: word("Progress by plan");
    waiting_short: word("Waiting");
    next_due: word("Next due");
    lead_short: word("Lead");
    sr_overdue: word("overdue");
    sr_waiting: word("waiting");
    no_plan: word("No plan yet");
    no_templates_assigned: word("No templates assigned yet");
    nothing_due: word("Nothing due");
    no_lead: word("No lead");
    more_plans: plural("and 1 more plan", "and {n} more plans");
    empty_title: word("No customers yet");
    empty_admin: word("A customer's workspace holds its plans, questions and documents. Add the first one; its first tasks are made by themselves.");
    empty_consultant: word("You see the customers you are assigned to, and there are none so far. Ask an administrator to assign you.");
    nothing_title: word("No customer matches");
    nothing: word("No customer fits all of these filters. Take one away, or clear them.");
}

section! {
    /// Form of a customer.
    Customer, CUSTOMER;
    new_title: word("Add customer");
    new_intro: word("A name is enough to begin. The workspace and its first tasks are made at once.");
    edit_title: phrase("Change {0}");
    edit: word("Change details");
    name: word("Name");
    name_hint: word("As it should stand in documents.");
    email: word("Email");
    contact_person: word("Contact person");
    phone: word("Phone");
    website: word("Website");
    address: word("Address");
    description: word("About the customer");
    description_hint: word("What they do, how many they are, where. One or two lines.");
    time_zone: word("Time zone");
    time_zone_hint: word("Decides when a task becomes late.");
    create: word("Add customer");
    details: word("Details");
    contact: word("Contact");
}

section! {
    /// Workspace of a customer.
    Workspace, WORKSPACE;
    waits_for_member: phrase("Waiting for a member: nobody has the role {0} yet");
    contact: phrase("Contact: {0}");
    assign_plan: word("Assign plan");
    add_task: word("Add task");
    progress: word("Progress and deadlines");
    ring: phrase("{0} percent of all tasks done");
    tasks_done: word("tasks done");
    overdue: word("Overdue");
    waiting: word("Waiting on customer");
    needs_evidence: word("Needs evidence");
    in_review: word("In review");
    next_deadlines: word("Next deadlines");
    no_deadlines: word("No open task has a due date.");
    outline: word("In this workspace");
    elsewhere: word("Elsewhere");
    customer_tasks: word("Customer tasks");
    customer_tasks_about: word("Not tied to any plan");
    download_tasks: word("Tasks as Excel");
    ignored_list: word("Ignored");
    filters: word("Filter tasks");
    find: word("Find a task");
    mine: word("Mine");
    not_done: word("Not done");
    tasks_folded: plural("1 task, done ones folded", "{n} tasks, done ones folded");
    tasks_matching: plural("1 task matches", "{n} tasks match");
    plan_tasks: word("Plan tasks");
    templates: word("Templates and documents");
    none_short: word("none");
    no_tasks: word("No tasks");
    target: phrase("Target {0}");
    answered: plural("1 answered", "{n} answered");
    done: plural("1 done", "{n} done");
    ignored: plural("1 ignored", "{n} ignored");
    ignored_templates: plural("1 ignored template", "{n} ignored templates");
    ignored_plans: plural("1 ignored plan", "{n} ignored plans");
    ignored_by: phrase("Ignored by {0}, {1}: {2}");
    status_button: phrase("{0}. {1}: {2}");
    status_link: phrase("{0}. Open: {1}");
    add_customer_task: word("Add customer task");
    add_plan_task: word("Add plan task");
    add_template_task: word("Add template task");
    add_document_task: word("Add document task");
    open_questionnaire: word("Open questionnaire");
    open_document: word("Open document");
    assign_template: word("Assign template");
    choose_templates: word("Choose templates");
    ignore_plan: word("Ignore plan");
    ignore_template: word("Ignore template");
    out_of_date: word("Out of date");
    version: phrase("Version {0}");
    empty_title: word("No plan yet");
    empty: word("A plan is a standard this customer works towards, such as ISO 27001. It brings the tasks, questions and documents with it.");
    empty_may_not: word("Your consultant assigns the first plan.");
    no_customer_tasks: word("No tasks for the customer as a whole");
    no_customer_tasks_about: word("Contracts, kick-off and other work outside any plan belong here.");
    no_templates_title: word("No templates assigned yet");
    no_templates_do: word("Choose the ones this customer needs.");
    no_templates: word("Templates turn this plan into questions, and the answers into documents.");
    no_questions_title: word("This template asks no questions");
    no_questions: word("Its document is the same for every customer, so there is nothing to fill in first.");
    no_questions_open: word("Create the document");
    nothing_title: word("No task matches");
    nothing: word("No task fits all of these filters. Take one away, or clear them.");
    printed: phrase("{0}, printed {1}");
}

section! {
    /// One task: drawer, form.
    Task, TASK;
    details: word("Details");
    where_it_belongs: word("Where this task belongs");
    close: word("Close task");
    status: word("Status");
    assignee: word("Assignee");
    waits_for_role: phrase("Waiting for somebody with the role {0}");
    take: word("Take it");
    due: word("Due");
    no_due: word("No date");
    priority: word("Priority");
    title: word("Title");
    description: word("Description");
    notes: word("Notes");
    notes_hint: word("The customer's people read them too.");
    edit: word("Change this task");
    needs_evidence: word("Needs evidence");
    evidence: word("Evidence");
    evidence_why: word("This task counts as done only with evidence that was accepted.");
    completed_by: phrase("Done by {0}, {1}");
    ignored_by: phrase("Ignored by {0}, {1}");
    moves: word("Move on");
    start: word("Start");
    submit: word("Ask for review");
    complete: word("Mark done");
    reopen: word("Reopen");
    hold: word("Put on hold");
    block: word("Mark blocked");
    cancel: word("Cancel task");
    to_question: word("Answer the question");
    to_document: word("Open the document");
    question_about: word("Answering the question completes this task.");
    approval_about: word("Approving the document completes this task.");
    document_about: word("This is done on the document's own page.");
    ignore: word("Ignore with a reason");
    created: phrase("Made {0}");
    new_title: word("What has to be done?");
    new_customer: word("New customer task");
    new_plan: word("New plan task");
    new_template: word("New template task");
    new_document: word("New document task");
    new_for: phrase("{0} for {1}");
    title_blank: word("Give the task a title.");
    new_title_blank: word("Say what has to be done.");
    person_of: phrase("{0} ({1})");
    somebody: word("somebody");
    cannot_move: phrase("The task is now “{0}”, and “{1}” is not possible from there.");
}

impl Task {
    /// The word on the button of a move.
    #[must_use]
    pub fn move_word(&self, name: &str) -> &'static str {
        match name {
            "start" => self.start,
            "submit" => self.submit,
            "complete" => self.complete,
            "reopen" => self.reopen,
            "hold" => self.hold,
            "block" => self.block,
            "cancel" => self.cancel,
            _ => "",
        }
    }
}

section! {
    /// Ignoring, and what is ignored.
    Ignoring, IGNORING;
    plan_title: word("Ignore this plan");
    template_title: word("Ignore this template");
    task_title: word("Ignore this task");
    plan_effect: plural("Its 1 open task leaves every list and no longer counts. Answers, documents and finished work are kept, and it can be restored at any time.", "Its {n} open tasks leave every list and no longer count. Answers, documents and finished work are kept, and it can be restored at any time.");
    template_effect: plural("Its 1 open task leaves every list and no longer counts. Answers and documents are kept, and it can be restored at any time.", "Its {n} open tasks leave every list and no longer count. Answers and documents are kept, and it can be restored at any time.");
    task_effect: word("It leaves every list and no longer counts towards progress. It is kept with your reason and can be restored at any time.");
    reason: word("Why does it not apply here?");
    reason_hint: word("Everybody who sees this customer can read it. An auditor will ask.");
    reason_blank: word("Say why, in a few words.");
    submit: word("Ignore");
    list_title: word("Ignored");
    list_about: phrase("What does not apply to {0}, and why. Nothing here is lost.");
    what: word("What");
    kind: word("Kind");
    why: word("Reason");
    who: word("By");
    when: word("When");
    restore: word("Restore");
    empty_title: word("Nothing is ignored");
    empty: word("When a task, a template or a plan does not apply to this customer, ignore it with a reason. It then stands here.");
    to_workspace: word("Back to the workspace");
}

section! {
    /// Two people changed the same thing.
    Conflict, CONFLICT;
    title: word("Somebody was faster");
    about: phrase("{0} changed this while you were editing. Nothing of yours is lost: compare, and choose.");
    about_unknown: word("This was changed while you were editing. Nothing of yours is lost: compare, and choose.");
    field: word("Field");
    yours: word("Yours");
    theirs: word("Theirs");
    differs: word("differs");
    empty: word("empty");
    save_mine: word("Save mine over it");
    keep_theirs: word("Keep theirs");
    when: phrase("Saved {0}");
}

section! {
    /// Assigning standards and templates.
    Assign, ASSIGN;
    plan_title: word("Assign plan");
    plan_about: phrase("Choose a standard for {0}. Its plan tasks are made at once.");
    standard: word("Standard");
    assigned_already: word("Assigned already");
    templates: word("Templates");
    templates_hint: word("Each template brings its questions as tasks. You can add more later.");
    all_templates: word("All templates of the standard");
    some_templates: word("Only the ones I tick");
    no_templates: word("None for now");
    questions: plural("1 question", "{n} questions");
    target: word("Target date");
    target_hint: word("When this should be finished. It can stay open.");
    submit_plan: word("Assign plan");
    templates_title: word("Assign templates");
    templates_about: phrase("Choose templates for {0}. One task for each question is made.");
    plan_of: phrase("{0} of {1}");
    submit_templates: word("Assign templates");
    empty_title: word("Nothing left to assign");
    empty_templates: word("Every released template is part of this plan already.");
    empty_standards: word("The library holds no standard yet. Add one there first.");
    to_library: word("Open the library");
    find: word("Find a template");
    for_other: word("Other templates");
    for_this: phrase("For {0}");
    choose_standard: word("Choose a standard.");
    choose_template: word("Choose at least one template.");
    gone: word("One of the choices is not offered any more. Choose again.");
    ignored: word("It belongs to this customer already, but is ignored. Restore it first, in the list of what is ignored.");
}

section! {
    /// My work.
    MyWork, MY_WORK;
    title: word("My work");
    open_tasks: plural("1 open task", "{n} open tasks");
    with_customers: plural("with 1 customer", "with {n} customers");
    late: plural("1 is late", "{n} are late");
    summary: phrase("{0}. {1} {2}.");
    summary_late: phrase("{0}; {1}.");
    filters: word("Filter my tasks");
    needs_evidence: word("Needs evidence");
    to_approve: word("To approve");
    overdue: word("Overdue");
    today: word("Today");
    this_week: word("This week");
    later: word("Later");
    undated: word("No date");
    for_role: word("For your role, not taken yet");
    for_role_about: word("Whoever has the role sees these. Take one, and it is yours.");
    take: word("Take");
    empty_title: word("Nothing to do");
    empty: word("No open task is assigned to you. New ones appear here by themselves.");
    nothing_title: word("No task matches");
    nothing: word("None of your tasks fits all of these filters.");
}
