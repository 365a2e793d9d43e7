//! Demo data: a firm with six people and three customers in different states, made through the
//! same use cases that people use. Loading it again after an interruption does what is left.

mod customers;
mod documents;

use muster_domain::{
    access::{Action, Actor},
    audit::{AuditNote, Subject},
    ids::{CustomerId, UserId},
    people::{MemberRole, Password},
    text::{Email, Name},
};
use muster_store::NewMember;
use serde_json::json;

use crate::{Context, Error, Result};

/// The name of the demo's firm.
const FIRM: &str = "Nordlicht Compliance";

/// A person of the demo.
#[derive(Debug, Clone, Copy)]
pub struct DemoPerson {
    /// Their address.
    pub email: &'static str,
    /// Their name.
    pub name: &'static str,
    /// What they are: `admin`, `consultant`, `manager`, `contributor`, `approver` or `auditor`.
    pub role: &'static str,
}

/// The people of the demo, one for each role. The last four are members of Acme Corp.
pub const PEOPLE: [DemoPerson; 6] = [
    DemoPerson { email: "admin@demo.example", name: "Mara Lindqvist", role: "admin" },
    DemoPerson { email: "consultant@demo.example", name: "Jonas Weidner", role: "consultant" },
    DemoPerson { email: "manager@demo.example", name: "Sophie Martens", role: "manager" },
    DemoPerson { email: "contributor@demo.example", name: "David Okafor", role: "contributor" },
    DemoPerson { email: "approver@demo.example", name: "Elena Brandt", role: "approver" },
    DemoPerson { email: "auditor@demo.example", name: "Tomasz Zieliński", role: "auditor" },
];

/// The demo's people as actors.
struct Cast {
    admin: Actor,
    consultant: UserId,
    manager: UserId,
    contributor: UserId,
    approver: UserId,
    auditor: UserId,
    /// What people approve with.
    approver_password: Password,
}

impl Context {
    /// Loads the demo's people and customers, unless they are there. `password_of` gives each
    /// person's password; people who are there already keep theirs.
    ///
    /// # Errors
    /// Whatever stops a use case; what has been loaded by then stays, and the next call goes on.
    pub async fn load_demo(&self, password_of: impl Fn(&DemoPerson) -> Result<Password>) -> Result<()> {
        if self.store.is_demo_loaded().await? {
            return Ok(());
        }
        for person in &PEOPLE {
            self.add_demo_person(person, &password_of(person)?).await?;
        }
        let cast = self.cast(password_of(&PEOPLE[4])?).await?;
        self.load_acme(&cast, &password_of).await?;
        self.load_brueckner(&cast).await?;
        self.load_ufuq(&cast).await?;
        Ok(self.store.set_demo_loaded(FIRM, self.now()).await?)
    }

    /// Gives a demo person a new password, as when the file that kept them is gone. One who has it
    /// already keeps their sessions.
    pub async fn reset_demo_password(&self, person: &DemoPerson, password: &Password) -> Result<()> {
        let known = self.store.credentials(person.email).await?.ok_or(Error::NotFound)?;
        if self.is_password(password.expose(), known.password_hash.as_deref()).await? {
            return Ok(());
        }
        let hash = self.hash_password(password).await?;
        Ok(self.store.set_password(known.user_id, &hash, self.now()).await?)
    }

    async fn add_demo_person(&self, person: &DemoPerson, password: &Password) -> Result<()> {
        if self.store.credentials(person.email).await?.is_some() {
            return Ok(());
        }
        let role = if matches!(person.role, "admin" | "consultant") { person.role } else { "member" };
        self.add_user(&line(person.name)?, &Email::parse(person.email).map_err(Error::internal)?, role, password).await.map(drop)
    }

    async fn cast(&self, approver_password: Password) -> Result<Cast> {
        let admin = self.store.firm_actor(PEOPLE[0].email).await?.ok_or(Error::NotFound)?;
        let mut ids = Vec::new();
        for person in &PEOPLE[1..] {
            ids.push(self.store.credentials(person.email).await?.ok_or(Error::NotFound)?.user_id);
        }
        Ok(Cast { admin, consultant: ids[0], manager: ids[1], contributor: ids[2], approver: ids[3], auditor: ids[4], approver_password })
    }

    async fn add_demo_member(&self, cast: &Cast, customer: CustomerId, user_id: UserId, role: MemberRole, steps: &[&str]) -> Result<()> {
        let mut writer = self.store.writer(&cast.admin, customer, Action::EditCustomer, self.now()).await?;
        let approval_steps: Vec<String> = steps.iter().map(|step| (*step).to_owned()).collect();
        // An auditor reads until a date: a year from now.
        let expires_on = if role == MemberRole::Auditor { self.in_days(365) } else { None };
        writer.add_member(&NewMember { user_id, role, expires_on, approval_steps: &approval_steps }).await?;
        let member = json!({ "role": role, "expires_on": expires_on, "approval_steps": approval_steps });
        let name = writer.assignable_people().await?.into_iter().find(|one| one.id == user_id).map_or_else(String::new, |one| one.name);
        let subject = Subject { kind: "member".to_owned(), id: user_id.to_string(), title: name };
        writer.note(AuditNote::made("member.added", subject, member));
        Ok(writer.commit().await?)
    }
}

fn line(text: &str) -> Result<Name> {
    Name::parse(text).map_err(Error::internal)
}
