//! Looking up the names of a file among what somebody may see, all in one snapshot.

use std::collections::HashMap;

use jiff::civil::Date;
use muster_domain::{
    ids::CustomerId,
    spreadsheets::{CellRefusal, ImportField, same_name},
    tasks::TaskPlace,
};
use muster_store::{KnownAssignment, KnownPerson, KnownPlan, KnownTask, PortfolioReader};

use crate::Result;

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The customers by their name, as it is compared.
    pub(super) customers: HashMap<String, Vec<CustomerId>>,
    /// The same with their names, by name.
    pub(super) listed: Vec<(i32, String)>,
    plans: Vec<KnownPlan>,
    assignments: Vec<KnownAssignment>,
    people: Vec<KnownPerson>,
    tasks: HashMap<(CustomerId, TaskPlace), Vec<String>>,
}

impl Known {
    /// The customers that somebody may see.
    pub(super) async fn of(reader: &mut PortfolioReader) -> Result<Self> {
        let mut known = Self::default();
        for customer in reader.known_customers().await? {
            known.customers.entry(same_name(&customer.name)).or_default().push(customer.id);
            known.listed.push((customer.id.0, customer.name));
        }
        Ok(known)
    }

    /// The people of some customers and of the firm, and whoever has one of these addresses.
    pub(super) async fn add_people(
        &mut self,
        reader: &mut PortfolioReader,
        customers: &[i32],
        emails: &[String],
        today: Date,
    ) -> Result<()> {
        self.people = reader.known_people(customers, emails, today).await?;
        Ok(())
    }

    /// The plans of some customers with their templates, and tasks with these titles.
    pub(super) async fn add_work(&mut self, reader: &mut PortfolioReader, customers: &[i32], titles: &[String]) -> Result<()> {
        self.plans = reader.known_plans(customers).await?;
        self.assignments = reader.known_assignments(customers).await?;
        for KnownTask { customer, plan, template, title } in reader.known_tasks(customers, titles).await? {
            if let Ok(place) = TaskPlace::from_links(plan, template, None, None) {
                self.tasks.entry((customer, place)).or_default().push(same_name(&title));
            }
        }
        Ok(())
    }

    /// The customer of a name.
    pub(super) fn customer(&self, name: &str) -> Result<CustomerId, CellRefusal> {
        let refuse = |code, message| Err(CellRefusal::new(ImportField::Customer, code, message));
        match self.customers.get(&same_name(name)).map(Vec::as_slice) {
            Some([only]) => Ok(*only),
            Some(_) => refuse("ambiguous", "is the name of more than one customer"),
            None => refuse("unknown-reference", "is no customer of this name that you may see"),
        }
    }

    /// The place that the names of a plan and a template lead to.
    pub(super) fn place(&self, customer: CustomerId, plan: Option<&str>, template: Option<&str>) -> Result<TaskPlace, CellRefusal> {
        let Some(plan) = plan else {
            return match template {
                Some(_) => Err(CellRefusal::new(ImportField::Plan, "link-missing", "must be named where a template is")),
                None => Ok(TaskPlace::Customer),
            };
        };
        let plan = self.plan(customer, plan)?;
        let Some(template) = template else { return Ok(TaskPlace::Plan(plan.id)) };
        let wanted = same_name(template);
        let mut found = self.assignments.iter().filter(|one| one.plan == plan.id && same_name(&one.name) == wanted);
        match (found.next(), found.next()) {
            (Some(one), None) if one.is_ignored => Err(CellRefusal::new(ImportField::Template, "ignored", "is ignored; restore it first")),
            (Some(one), None) => Ok(TaskPlace::Template(plan.id, one.template)),
            (Some(_), Some(_)) => {
                Err(CellRefusal::new(ImportField::Template, "ambiguous", "is the name of more than one template of this plan"))
            }
            (None, _) => Err(CellRefusal::new(ImportField::Template, "unknown-reference", "is no template of this plan")),
        }
    }

    /// A plan by its own name or its standard's code, with or without the edition.
    fn plan(&self, customer: CustomerId, name: &str) -> Result<&KnownPlan, CellRefusal> {
        let wanted = same_name(name);
        let of_customer = || self.plans.iter().filter(|plan| plan.customer == customer);
        let is_named =
            |plan: &&KnownPlan| same_name(&plan.iso_code) == wanted || plan.name.as_deref().is_some_and(|name| same_name(name) == wanted);
        let is_short = |plan: &&KnownPlan| plan.iso_code.split(':').next().is_some_and(|code| same_name(code) == wanted);
        let mut found: Vec<&KnownPlan> = of_customer().filter(is_named).collect();
        if found.is_empty() {
            found = of_customer().filter(is_short).collect();
        }
        let refuse = |code, message| Err(CellRefusal::new(ImportField::Plan, code, message));
        match found.as_slice() {
            [only] if only.is_ignored => refuse("ignored", "is ignored; restore it first"),
            [only] => Ok(only),
            [] => refuse("unknown-reference", "is no plan of this customer"),
            _ => refuse("ambiguous", "is the name of more than one plan of this customer"),
        }
    }

    /// Somebody who can be given work of a customer, by address or name.
    pub(super) fn assignee(&self, customer: CustomerId, name: &str) -> Result<&KnownPerson, CellRefusal> {
        let wanted = same_name(name);
        let works = |person: &&KnownPerson| person.is_admin || person.places.iter().any(|place| place.0 == customer && place.2);
        let is_meant =
            |person: &&KnownPerson| if wanted.contains('@') { person.email == wanted } else { same_name(&person.name) == wanted };
        let mut found = self.people.iter().filter(works).filter(is_meant);
        let refuse = |code, message| Err(CellRefusal::new(ImportField::Assignee, code, message));
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => refuse("ambiguous", "is the name of more than one person; use the e-mail address"),
            (None, _) => refuse("unknown-reference", "is nobody who can be given work of this customer"),
        }
    }

    /// Whoever has an address.
    pub(super) fn person(&self, email: &str) -> Option<&KnownPerson> {
        self.people.iter().find(|person| person.email == email)
    }

    /// Whether a task of this title stands at a place already.
    pub(super) fn has_task(&self, customer: CustomerId, place: TaskPlace, title: &str) -> bool {
        self.tasks.get(&(customer, place)).is_some_and(|titles| titles.iter().any(|one| one == title))
    }
}
