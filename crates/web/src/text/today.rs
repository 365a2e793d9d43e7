//! Words of the firm's board.

use super::section;

section! {
    /// What needs somebody of the firm today.
    Today, TODAY;
    title: word("Today");
    about: phrase("What needs the firm on {0}, across your customers.");
    nav: word("Today");
    mine: word("Only customers I look after");
    all: word("All customers");
    show: word("Show");
    overdue: word("Overdue");
    due_today: word("Due today");
    reviews: word("Documents to review");
    evidence: word("Evidence to look at");
    late: word("Customers who are late");
    answers: word("Answers waited for");
    quiet: word("Nothing done for 14 days");
    late_tasks: plural("1 overdue task", "{n} overdue tasks");
    open_answers: plural("1 answer", "{n} answers");
    last: phrase("Last done {0}");
    received: phrase("Came {0}");
    unassigned: word("Nobody has it");
    more: plural("1 more", "{n} more");
    to_portfolio: word("Open in the portfolio");
    none: word("Nothing here.");
    empty_title: word("Nothing needs you today");
    empty: word("No task of the firm is late or due, nothing waits to be looked at, and every customer moves. Have a look at what comes next.");
    empty_portfolio: word("Go to the portfolio");
    no_customers_title: word("No customers yet");
    no_customers: word("What needs you today stands here once there are customers that you look after.");
}
