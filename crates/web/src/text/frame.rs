//! Words around every page: frame, sign-in, errors, names of states, dates.

use super::{phrase::Phrase, section};

section! {
    /// Words that many pages share.
    Common, COMMON;
    product: word("Muster");
    save_changes: word("Save changes");
    cancel: word("Cancel");
    add: word("Add");
    edit: word("Edit");
    close: word("Close");
    back: word("Back");
    apply: word("Apply");
    restore: word("Restore");
    required: word("Required");
    optional: word("Optional");
    nobody: word("Nobody");
    nobody_assigned: word("Nobody assigned");
    none: word("None");
    yes: word("Yes");
    no: word("No");
    bytes: plural("one byte", "{n} bytes");
    on: word("On");
    off: word("Off");
    clear_filters: word("Clear filters");
    show_only: word("Show only");
    all_levels: word("All levels");
    all_standards: word("All standards");
    all_customers: word("All customers");
    level: word("Level");
    standard: word("Standard");
    customer: word("Customer");
    breadcrumb: word("Where you are");
    check_fields: plural("One field needs another look.", "{n} fields need another look.");
    overdue: word("overdue");
    of: phrase("{0} of {1}");
    percent: phrase("{0}%");
    assigned_to: phrase("Assigned to {0}");
    showing: phrase("{0} of {1} shown");
    next_page: word("Next page");
    first_page: word("Back to the first page");
    separator: word(" · ");
}

section! {
    /// Top bar, account menu, messages.
    Frame, FRAME;
    skip: word("Skip to content");
    main: word("Main");
    portfolio: word("Portfolio");
    my_work: word("My work");
    library: word("Library");
    workspace: word("Workspace");
    account: phrase("Account: {0}");
    appearance: word("Appearance");
    theme_auto: word("Auto");
    theme_light: word("Light");
    theme_dark: word("Dark");
    keep_appearance: word("Keep this appearance");
    shortcuts: word("Keyboard shortcuts");
    api: word("API description");
    sign_out: word("Sign out");
    undo: word("Undo");
    failed: word("That did not reach the server. Nothing was changed.");
    retry: word("Try again");
    unsaved: word("Not saved yet");
}

section! {
    /// Keyboard shortcuts.
    Keys, KEYS;
    intro: word("They rest while you type in a field.");
    search: word("Find in this page's list, or search");
    next: word("Next task");
    previous: word("Previous task");
    open: word("Open the task");
    done: word("Mark the task done, or reopen it");
    pick: word("Select the task, or not");
    assign: word("Assign the task");
    comment: word("Comment on the task");
    evidence: word("Add evidence to the task");
    add: word("Add a task here");
    fold: word("Fold the section");
    unfold: word("Unfold the section");
    today: word("Go to what needs you today");
    portfolio: word("Go to the portfolio");
    my_work: word("Go to my work");
    help: word("Show this list");
    leave: word("Close what is open");
    then: word("then");
    enabled: word("Use keyboard shortcuts");
}

section! {
    /// Sign-in.
    SignIn, SIGN_IN;
    title: word("Sign in");
    email: word("Work email");
    password: word("Password");
    submit: word("Sign in");
    wrong: word("Email and password do not match. Check both and try again.");
    forgotten: word("Forgotten your password?");
    code_title: word("Enter your code");
    code_about: word("Your account has two-step sign-in. Your authenticator app shows a code for Muster.");
    code: word("Code");
    code_hint: word("Six digits from the app, or one of your recovery codes.");
    code_wrong: word("This code is not right, or has been used. Wait for the next one and try again.");
    code_begin_again: word("Sign in as somebody else");
    throttled: phrase("Too many attempts. Try again in {0}.");
    throttled_hint: word("The wait grows with each wrong attempt. Your account is not locked.");
    ended: word("Your session has ended. Sign in to go on where you were.");
    signed_out: word("You are signed out.");
    password_changed: word("Your password was changed. Sign in with the new one.");
    set_up: word("Your account is ready. Sign in to begin.");
    or: word("or");
    organisation: phrase("Sign in with {0}");
    organisation_unnamed: word("Use your organisation's sign-in");
    onwards_title: word("On to your organisation");
    onwards: word("Your browser is opening your organisation's sign-in. If nothing happens, open it yourself.");
    onwards_go: word("Open the sign-in");
    no_account: word("No account yet? Your consultant can give you one.");
    motto: word("Every answer once. Every document traceable.");
    about: word("Muster keeps a customer's plans, questions and documents in one place, and shows what is due next and who it is waiting for.");
    seconds: plural("1 second", "{n} seconds");
    minutes: plural("1 minute", "{n} minutes");
}

section! {
    /// First administrator of a new installation.
    Setup, SETUP;
    title: word("Set up Muster");
    intro: word("This installation is new. You become its first administrator, who can then add everybody else.");
    name: word("Your name");
    email: word("Work email");
    password: word("Password");
    password_hint: word("12 to 128 characters. A few words in a row are easy to remember and hard to guess.");
    password_again: word("Password again");
    submit: word("Create my account");
    used_title: word("This link no longer works");
    used: word("It was used already, or has run out. If you have an account, sign in. Otherwise start Muster again: while there is no administrator, it prints a new link.");
    to_sign_in: word("Go to sign-in");
}

section! {
    /// The error page.
    Problem, PROBLEM;
    status: phrase("Error {0}");
    bad_request: word("That request could not be understood");
    bad_request_do: word("Go back, check what you entered and send it again.");
    not_signed_in: word("Sign in first");
    not_signed_in_do: word("Your session may have ended. Sign in and open the page again.");
    forbidden: word("You may not do this");
    forbidden_do: word("If you need it for your work, ask the person who manages this customer.");
    not_found: word("There is nothing here");
    not_found_do: word("The link may be old, or the page is not for you to see. Start again from your overview.");
    conflict: word("That does not fit what is there now");
    conflict_do: word("Somebody may have been faster. Look at the current state and try again.");
    too_large: word("That is too large");
    storage_full: word("There is no room left");
    too_large_do: word("Send less at once.");
    unprocessable: word("Something in the form needs another look");
    unprocessable_do: word("Go back, correct it and send it again.");
    too_many: word("Too many requests");
    too_many_do: word("Wait a little, then try again.");
    internal: word("Something went wrong on our side");
    internal_do: word("Nothing of yours was changed. Try again; if it stays, tell your administrator the request number below.");
    unavailable: word("Muster is busy or being restarted");
    unavailable_do: word("Try again in a few seconds.");
    request: phrase("Request {0}");
    back: word("Go back");
    overview: word("Go to the overview");
    sign_in: word("Sign in");
}

section! {
    /// Dates and distances in time.
    Dates, DATES;
    today: word("Today");
    tomorrow: word("Tomorrow");
    today_at: phrase("today, {0}");
    yesterday_at: phrase("yesterday, {0}");
    late: plural("1 day late", "{n} days late");
    day_month: phrase("{0} {1}");
    weekday_day_month: phrase("{0} {1} {2}");
    day_month_year: phrase("{0} {1} {2}");
    at: phrase("{0}, {1}");
    monday: word("Mon");
    tuesday: word("Tue");
    wednesday: word("Wed");
    thursday: word("Thu");
    friday: word("Fri");
    saturday: word("Sat");
    sunday: word("Sun");
    monday_long: word("Monday");
    tuesday_long: word("Tuesday");
    wednesday_long: word("Wednesday");
    thursday_long: word("Thursday");
    friday_long: word("Friday");
    saturday_long: word("Saturday");
    sunday_long: word("Sunday");
    january: word("Jan");
    february: word("Feb");
    march: word("Mar");
    april: word("Apr");
    may: word("May");
    june: word("Jun");
    july: word("Jul");
    august: word("Aug");
    september: word("Sep");
    october: word("Oct");
    november: word("Nov");
    december: word("Dec");
    january_long: word("January");
    february_long: word("February");
    march_long: word("March");
    april_long: word("April");
    may_long: word("May");
    june_long: word("June");
    july_long: word("July");
    august_long: word("August");
    september_long: word("September");
    october_long: word("October");
    november_long: word("November");
    december_long: word("December");
}

/// The same with the month before the day.
pub(super) const AMERICAN_DATES: Dates =
    Dates { day_month: Phrase("{1} {0}"), weekday_day_month: Phrase("{0}, {2} {1}"), day_month_year: Phrase("{1} {0}, {2}"), ..DATES };

section! {
    /// Names of states, levels, priorities and roles.
    Names, NAMES;
    open: word("Open");
    progress: word("In progress");
    waiting: word("Waiting on customer");
    review: word("In review");
    hold: word("On hold");
    blocked: word("Blocked");
    done: word("Done");
    cancelled: word("Cancelled");
    ignored: word("Ignored");
    low: word("Low");
    medium: word("Medium");
    high: word("High");
    urgent: word("Urgent");
    high_priority: word("(high priority)");
    urgent_priority: word("(urgent)");
    customer: word("Customer");
    plan: word("Plan");
    template: word("Template");
    document: word("Document");
    customer_task: word("Customer task");
    plan_task: word("Plan task");
    question_task: word("Question task");
    template_task: word("Template task");
    document_task: word("Document task");
    admin: word("Administrator");
    consultant: word("Consultant");
    manager: word("Manager");
    contributor: word("Contributor");
    approver: word("Approver");
    auditor: word("Auditor");
    draft: word("Draft");
    in_review: word("In review");
    approved: word("Approved");
    rejected: word("Sent back");
    superseded: word("Superseded");
    plan_active: word("Active");
    plan_paused: word("Paused");
    plan_completed: word("Completed");
    plan_cancelled: word("Cancelled");
}
