//! The names of people who have tasks, kept in memory as long as nobody's has changed: almost every workspace shows
//! some, and they are the same few.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{CustomerReader, Result};

/// With more people than that they are read again now and then.
const MOST: usize = 10_000;

/// Somebody who has a task.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    /// Whether they are of the firm.
    pub(crate) is_firm: bool,
}

/// The names in their latest version. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// The version of people (`WorkspaceVersions::people`) in which they were read.
    version: i64,
    people: HashMap<i32, Named>,
}

impl Names {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that are known in a version.
    fn known(&self, version: i64, people: &[i32]) -> HashMap<i32, Named> {
        let kept = self.lock();
        if kept.version != version {
            return HashMap::new();
        }
        people.iter().filter_map(|id| Some((*id, kept.people.get(id)?.clone()))).collect()
    }

    /// Keeps what was read in the snapshot of a version, unless there is a later one.
    fn keep(&self, version: i64, read: &HashMap<i32, Named>) {
        let mut kept = self.lock();
        if kept.version > version {
            return;
        }
        if kept.version < version || kept.people.len() + read.len() > MOST {
            *kept = Kept { version, people: HashMap::new() };
        }
        kept.people.extend(read.iter().map(|(id, named)| (*id, named.clone())));
    }
}

impl CustomerReader {
    /// The names of people, in the version of people that this snapshot has.
    pub(super) async fn named(&mut self, people: &[i32], version: i64) -> Result<HashMap<i32, Named>> {
        let mut named = self.names.known(version, people);
        let unknown: Vec<i32> = people.iter().filter(|id| !named.contains_key(id)).copied().collect();
        if !unknown.is_empty() {
            let rows = sqlx::query!(r#"SELECT id, full_name, role <> 'member' AS "is_firm!" FROM auth.users WHERE id = ANY($1)"#, &unknown);
            let rows = rows.fetch_all(self.connection()).await?;
            let read = rows.into_iter().map(|row| (row.id, Named { name: row.full_name, is_firm: row.is_firm })).collect();
            self.names.keep(version, &read);
            named.extend(read);
        }
        Ok(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(id: i32, name: &str) -> HashMap<i32, Named> {
        HashMap::from([(id, Named { name: name.to_owned(), is_firm: false })])
    }

    fn known(names: &Names, version: i64) -> Vec<(i32, String)> {
        let mut known: Vec<_> = names.known(version, &[1, 2, 3]).into_iter().map(|(id, named)| (id, named.name)).collect();
        known.sort();
        known
    }

    #[test]
    fn names_are_told_in_the_version_in_which_they_were_read() {
        let names = Names::default();
        names.keep(7, &one(1, "Ada"));
        names.keep(7, &one(2, "Ben"));
        assert_eq!(known(&names, 7), [(1, "Ada".to_owned()), (2, "Ben".to_owned())]);
        assert_eq!(known(&names, 6), []);
        assert_eq!(known(&names, 8), []);
        names.keep(8, &one(1, "Ada Long"));
        assert_eq!(known(&names, 8), [(1, "Ada Long".to_owned())]);
        // Somebody whose snapshot is older comes late.
        names.keep(7, &one(1, "Ada"));
        assert_eq!(known(&names, 8), [(1, "Ada Long".to_owned())]);
        assert_eq!(known(&names, 7), []);
    }

    #[test]
    fn they_are_bounded() {
        let names = Names::default();
        let many: HashMap<_, _> = (0..20_000).flat_map(|id| one(id, "Somebody")).collect();
        for (id, named) in many {
            names.keep(1, &HashMap::from([(id, named)]));
            assert!(names.lock().people.len() <= MOST);
        }
    }
}
