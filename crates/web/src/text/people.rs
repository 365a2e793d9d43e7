//! Words of people, invitations and the firm's settings.

use super::section;

section! {
    /// The people of a customer and of the firm.
    People, PEOPLE;
    title: word("People");
    of_customer: phrase("People of {0}");
    about: word("Who works on this customer's programme, and what each of them may do.");
    firm_title: word("People of the firm");
    firm_about: word("Administrators run the firm. Consultants see the customers that are assigned to them.");
    name: word("Name");
    email: word("Work email");
    role: word("Role");
    roles: word("Roles");
    status: word("Standing");
    open_tasks: word("Open tasks");
    customers: word("Customers");
    last_seen: word("Last signed in");
    never: word("Never");
    active: word("Active");
    invited: word("Invited");
    suspended: word("Suspended");
    expired: word("Ended");
    until: phrase("until {0}");
    invited_until: phrase("invitation good until {0}");
    invitation_over: word("invitation has run out");
    limited: plural("sees one plan", "sees {n} plans");
    steps_named: phrase("approves: {0}");
    no_steps: word("named for no approval step yet");
    invite: word("Invite somebody");
    invite_submit: word("Send invitation");
    invite_hint: word("They get a link that is good once, for a week, and choose their own password.");
    link_hint: word("You get a link to hand on. It is good once, for a week.");
    no_server: word("This installation has no mail server. Invitations are held, and their links are shown to you to hand on.");
    link_title: phrase("Hand this link on to {0}");
    link_about: phrase("It is good once, until {0}, and is not shown again.");
    link: word("Invitation link");
    assign: word("Assign a consultant");
    assign_submit: word("Assign");
    choose: word("Choose somebody");
    nobody_to_assign: word("Every consultant of the firm is assigned already, or there is none yet.");
    expires_on: word("Last day of access");
    expires_hint: word("Auditors get a year unless you choose a day. Leave it empty for the others if their access has no end.");
    steps: word("Approval steps");
    steps_hint: word("For approvers: the steps that this person approves.");
    plans: word("Plans that an auditor sees");
    plans_hint: word("Choose none to show all plans. Only for somebody who is an auditor and nothing else.");
    manager_does: word("Sees everything, answers, adds and ignores work, manages the customer's people");
    contributor_does: word("Answers questions and does tasks");
    approver_does: word("Approves documents, for the steps they are named for");
    auditor_does: word("Reads, until a date");
    consultant_does: word("Looks after this customer for the firm");
    admin_does: word("Runs the firm: customers, library, people, settings");
    consultant_firm_does: word("Sees the portfolio of the customers assigned to them");
    save: word("Save changes");
    suspend: word("Suspend");
    suspend_about: word("Access stops at once. Roles and tasks stay, and access can be given back.");
    suspend_firm_about: word("They are signed out everywhere and cannot sign in. Roles and tasks stay, and access can be given back.");
    resume: word("Give access back");
    remove: word("Remove");
    remove_about: word("Access ends for good. What they did stays in the log under their name.");
    remove_firm_about: word("They leave the firm and every customer they are assigned to. What they did stays in the log under their name.");
    tasks_go_to: word("Their open tasks go to");
    back_to_role: word("Nobody: back to the role they were for");
    transfer: word("Hand tasks on");
    transfer_about: plural("One open task is theirs.", "{n} open tasks are theirs.");
    transfer_submit: word("Hand on");
    again: word("Send a new invitation");
    again_about: word("The link sent before stops working.");
    reset: word("New password");
    reset_about: word("Without a mail server nobody can ask for a link by themselves. Make one here and hand it on: it sets a new password, once, within an hour.");
    reset_submit: word("Make a link");
    standing: word("Access");
    oneself: word("This is you. Somebody else has to change your role or access.");
    consultant_fixed: word("Consultants have this one role here.");
    empty_title: word("Nobody yet");
    empty: word("Invite the first person of this customer: a manager, who can invite the others.");
    saved_elsewhere: word("Somebody changed this person after you opened the page. These are the values now; change them again if needed.");
    suspended_here: word("Suspended. Access can be given back at any time.");
}

section! {
    /// Accepting an invitation.
    Invitation, INVITATION;
    title: word("Accept the invitation");
    to_customer: phrase("You are invited to work on the compliance programme of {0}.");
    to_firm: phrase("You are invited to {0}.");
    as_whom: phrase("You sign in as {0}.");
    name: word("Your name");
    password: word("Choose a password");
    submit: word("Accept and begin");
    accept: word("Accept");
    has_account: word("You have an account already. Sign in with it to accept.");
    sign_in_to_accept: word("Sign in to accept");
    used_title: word("This link no longer works");
    used: word("It was used already, was replaced by a newer one, or has run out. If you have accepted, sign in. Otherwise ask whoever invited you for a new link.");
}

section! {
    /// The firm's settings.
    FirmText, FIRM;
    title: word("Firm settings");
    about: word("What everybody sees of the firm, and how Muster is reached.");
    name: word("Name of the firm");
    name_hint: word("It stands in mails and in logs.");
    mail_from: word("Mails come from");
    mail_from_hint: word("An address, or NAME <ADDRESS>. Empty: as the program was started with.");
    public_url: word("Public address");
    public_url_hint: word("Such as https://muster.example.org, for links and sign-in. Takes effect when Muster is started again. Empty: as the program was started with.");
    trusted_proxies: word("Trusted proxies");
    trusted_proxies_hint: word("Addresses or networks, separated by commas, that are believed about where a request comes from. Takes effect when Muster is started again.");
    logo: word("Logo");
    logo_hint: word("PNG or JPEG, at most 512 KB. It stands on the sign-in page.");
    logo_alt: phrase("Logo of {0}");
    logo_set: word("Upload");
    logo_remove: word("Remove the logo");
    two_step: word("Two-step sign-in");
    two_step_about: word("Whoever it is required of can do nothing but set it up, until they have.");
    two_step_firm: word("Required of the people of the firm");
    two_step_approvers: word("Required of approvers");
    mail_server: word("Mail server");
    mail_server_on: word("There is one: mails go out.");
    mail_server_off: word("There is none: mails are held. Start Muster with --smtp-url to send them.");
    archive: word("Archive customer");
    archive_about: word("Nothing of an archived customer changes, and lists leave it out. Its people can still read. It can be taken up again.");
    unarchive: word("Take up again");
    archived: word("This customer is archived: it can be read, and nothing of it changes.");
}
