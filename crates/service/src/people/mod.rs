//! People: those of a customer in `members`, those of the firm in `firm`, and how both get in, in
//! `invitations`.

mod firm;
mod invitations;
mod members;

pub use self::{
    firm::FirmPersonChange,
    invitations::{Accepted, InvitationLink},
    members::{MemberChange, MemberInvited, Newcomer},
};
