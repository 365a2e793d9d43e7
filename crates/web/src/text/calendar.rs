//! Words of what comes back, of calendars, and of ending mails by a link.

use super::section;

section! {
    /// How often something comes back.
    Recurs, RECURS;
    label: word("Comes back");
    hint: word("Once it is done, the next one is made, counted from the day that this one was due.");
    never: word("Does not come back");
    comes_back: phrase("Comes back {0}");
    monthly: word("every month");
    quarterly: word("every quarter");
    half_yearly: word("every six months");
    yearly: word("every year");
    days: plural("every day", "every {n} days");
    weeks: plural("every week", "every {n} weeks");
    months: plural("every month", "every {n} months");
    years: plural("every year", "every {n} years");
    on_days: phrase("{0} on {1}");
    on_the: phrase("{0} on the {1}");
    on_last_day: phrase("{0} on the last day");
    in_months: phrase("{0} in {1}");
    weekday_of: phrase("{0} {1}");
    last: word("last");
    before_last: phrase("{0} last");
    until: phrase("{0}, until {1}");
    and: word(" and ");
    refused: word("Choose how often it comes back. Tasks of questions and of a document’s rounds come anew with those.");
    at_documents: word("Tasks of documents come anew with each version. Set at the document when it has to be read again.");
}

section! {
    /// Calendars by a secret link.
    Calendars, CALENDARS;
    title: word("Calendar");
    own_about: word("Your open tasks with a due date, the review dates of documents and the last days of evidence that you may see, in the calendar program that you use.");
    customer_about: word("All open tasks with a due date, the review dates of documents and the last days of evidence of this customer, in the calendar program that you use.");
    short: word("Your due dates in your own calendar, by a secret link.");
    manage: word("Calendar link");
    none: word("There is no link yet.");
    there: phrase("Your link was made on {0}. For safety it is not shown again; make a new one if you have lost it.");
    make: word("Make a link");
    make_anew: word("Make a new link");
    anew_hint: word("The link from before ends at once.");
    revoke: word("End the link");
    revoke_hint: word("Calendar programs that have it get nothing any more.");
    made_title: word("Your calendar link");
    made: word("Copy it now: it is shown this once. In your calendar program, choose “Subscribe” or “From an address” and paste it there.");
    link: word("Link");
    open: word("Open in a calendar program");
    careful: word("Whoever has the link sees these dates without signing in. It shows what you may see, and nothing once your access has ended.");
}

section! {
    /// Ending a kind of mail by the link in it.
    Unsubscribe, UNSUBSCRIBE;
    title: word("No more of these mails");
    ask: phrase("You get this mail {0}. With one click you get it no more; nothing else changes.");
    weekly: word("once a week, with how a customer’s work stands");
    reminder: word("as a reminder");
    submit: word("Stop these mails");
    done_title: word("These mails have stopped");
    done: word("You can turn them on again in your profile.");
    gone_title: word("This link does not work");
    gone: word("It may have been cut off. Sign in, and choose in your profile which mails you get.");
    to_profile: word("To my profile");
}
