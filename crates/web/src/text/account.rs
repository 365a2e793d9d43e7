//! Words of one's own account, and of the resetting of a password.

use super::section;

section! {
    /// Forgotten passwords.
    Reset, RESET;
    title: word("Set a new password");
    intro: word("Tell us the address that you sign in with. You get a mail with a link that sets a new password.");
    intro_held: word("This installation sends no mails yet. Ask your administrator for a link that sets a new password.");
    email: word("Work email");
    submit: word("Send the link");
    asked_title: word("Look into your mailbox");
    asked: phrase("If {0} belongs to an account, a mail with a link is on its way. The link works once, within an hour.");
    asked_nothing: word("No mail after a few minutes? Look among the unwanted mails, check the address, and ask once more.");
    throttled: phrase("Too many requests. Try again in {0}.");
    set_intro: word("You are signed out everywhere once the new password is set.");
    password: word("New password");
    password_again: word("New password again");
    set: word("Set the password");
    used_title: word("This link no longer works");
    used: word("It was used already, or has run out. Ask for a new one.");
    again: word("Ask for a new link");
    to_sign_in: word("Go to sign-in");
}

section! {
    /// One's own account.
    Account, ACCOUNT;
    identity: word("Sign-in of your organisation");
    identity_linked: word("You can sign in through your organisation's identity provider.");
    identity_not_linked: word("Link your account, and you can sign in through your organisation's identity provider.");
    identity_link: word("Link my account");
    identity_unlink: word("Remove the link");
    title: word("Profile");
    profile: word("You");
    name: word("Your name");
    email: phrase("You sign in as {0}.");
    locale: word("Dates and numbers");
    locale_british: phrase("British: {0}");
    locale_american: phrase("American: {0}");
    time_zone: word("Time zone");
    time_zone_hint: word("“Today” and times of day are told in this zone. Due dates of a customer pass in the customer’s zone.");
    notifications: word("Write to me when");
    notifications_hint: word("You are never written to about what you did yourself.");
    quiet_from: word("No mails from");
    quiet_to: word("Until");
    quiet: word("Quiet hours");
    quiet_hint: word("In your time zone. Mails of this kind wait until the hours are over. Leave both empty for none.");
    quiet_refused: word("Give both times, and not the same.");
    quiet_none: word("None");
    quiet_hours: phrase("{0} to {1}");
    assignment: word("a task is assigned to me");
    mention: word("somebody mentions me in a comment");
    due_soon: word("a task of mine is due soon");
    overdue: word("a task of mine is overdue");
    evidence_sent_back: word("evidence of mine is sent back");
    approval_wanted: word("a document waits for my approval");
    weekly_digest: word("a week is over: what happened, what comes next");
    password: word("Password");
    password_intro: word("Changing it signs you out everywhere else.");
    current_password: word("Present password");
    new_password: word("New password");
    new_password_again: word("New password again");
    change_password: word("Change password");
    sessions: word("Where you are signed in");
    sessions_intro: word("Each sign-in ends after 30 minutes without use, and after 12 hours at the latest.");
    session_browser: word("Browser");
    session_network: word("Network");
    session_begun: word("Signed in");
    session_seen: word("Last used");
    this_session: word("This one");
    end_session: word("Sign out");
    end_session_of: phrase("Sign out {0}");
    end_others: word("Sign out everywhere else");
    only_session: word("You are signed in only here.");
    on_system: phrase("{0} on {1}");
    unknown_browser: word("Unknown browser");
    totp: word("Two-step sign-in");
    totp_short: word("With two-step sign-in, a stolen password alone opens nothing: signing in also takes a code from an app on your phone.");
    totp_is_on: plural("On. One recovery code is left.", "On. {n} recovery codes are left.");
    totp_is_off: word("Off.");
    totp_manage: word("Manage two-step sign-in");
    totp_set_up: word("Set up two-step sign-in");
    totp_required: word("Two-step sign-in is required of you. Set it up to go on; until then only your own account is open.");
    totp_begin_intro: word("You need an authenticator app, for example the one built into your phone or your password manager. Confirm first that it is you.");
    totp_begin: word("Go on");
    totp_scan_title: word("1. Add Muster to your app");
    totp_scan: word("Scan this picture with the app. If that is not possible, type the key.");
    totp_picture: word("Picture with the key, for the camera of your phone");
    totp_key: word("Key");
    totp_confirm_title: word("2. Enter the code that the app shows");
    totp_code: word("Code");
    totp_code_hint: word("Six digits; the next ones come every 30 seconds.");
    totp_confirm: word("Turn on");
    totp_change_intro: word("For both you give your password and a code.");
    totp_any_code_hint: word("Six digits from the app, or a recovery code.");
    totp_renew: word("Make new recovery codes");
    totp_renew_intro: word("The codes from before no longer work.");
    totp_remove: word("Turn off");
    totp_remove_intro: word("Signing in then takes only your password.");
    codes_title: word("Your recovery codes");
    codes_intro: word("If you lose your phone, each of these codes signs you in once. Print them or keep them in a safe place: they are not shown again.");
    codes_kept: word("I have kept them");
}
