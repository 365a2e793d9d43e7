//! The streams of this process, by customer, and who is where.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use muster_domain::{
    events::{Change, Place, Presence},
    ids::{CustomerId, UserId},
    people::Person,
};
use tokio::{
    sync::{Notify, broadcast},
    time::Instant,
};
use uuid::Uuid;

use crate::{Error, Result};

/// What waits for a stream at most. One that is slower is told that it missed something.
const BACKLOG: usize = 64;
/// The same for a stream of all customers: more comes its way, and most of it is dropped at once.
const BACKLOG_ACROSS: usize = 1024;
/// How many streams one person may have open: tabs and programs.
const MOST_STREAMS: usize = 20;
/// How long other servers are believed about who is where; they say so again more often.
const BELIEVED: Duration = Duration::from_secs(50);

/// What a stream is told.
#[derive(Debug, Clone)]
pub(super) enum Told {
    /// Something has changed.
    Change(Arc<Change>),
    /// Somebody came to a place, or left it.
    Presence(Place),
    /// Something may have been missed.
    Gap,
}

/// The streams of this process. Cheap to share.
#[derive(Debug)]
pub(crate) struct Hub {
    /// Tells this process from others.
    server: Uuid,
    state: Mutex<State>,
    /// Some place has changed, and the other servers do not know yet.
    has_moved: Notify,
    /// The streams of all customers.
    across: broadcast::Sender<Told>,
}

/// A stream of all customers that is open: it ends with this.
#[derive(Debug)]
pub(super) struct SeatAcross {
    hub: Arc<Hub>,
    person: UserId,
}

#[derive(Debug, Default)]
struct State {
    rooms: HashMap<CustomerId, Room>,
    streams: HashMap<UserId, usize>,
    moved: HashSet<(CustomerId, Place)>,
}

/// The streams of one customer.
#[derive(Debug)]
struct Room {
    sender: broadcast::Sender<Told>,
    streams: usize,
    /// The people of this process at each place; somebody with two tabs is there twice.
    here: HashMap<Place, Vec<Person>>,
    /// Those of other processes, and until when that is believed.
    elsewhere: HashMap<(Place, Uuid), (Vec<Person>, Instant)>,
}

/// A stream that is open: it ends with this.
#[derive(Debug)]
pub(super) struct Seat {
    hub: Arc<Hub>,
    customer: CustomerId,
    person: Person,
    place: Option<Place>,
}

impl Hub {
    /// A hub without streams. `server` is drawn anew for each process.
    pub(crate) fn new(server: Uuid) -> Self {
        Self { server, state: Mutex::default(), has_moved: Notify::new(), across: broadcast::channel(BACKLOG_ACROSS).0 }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What a panic left behind is still a list of streams.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a stream of a customer for a person.
    ///
    /// # Errors
    /// [`Error::TooManyStreams`] where they have too many open.
    pub(super) fn open(
        self: &Arc<Self>,
        customer: CustomerId,
        person: Person,
        place: Option<Place>,
    ) -> Result<(Seat, broadcast::Receiver<Told>)> {
        let mut state = self.state();
        state.count_in(person.id)?;
        let room = state.rooms.entry(customer).or_insert_with(Room::new);
        room.streams += 1;
        let receiver = room.sender.subscribe();
        if let Some(place) = place {
            room.here.entry(place).or_default().push(person.clone());
            let _ = room.sender.send(Told::Presence(place));
        }
        if let Some(place) = place {
            state.moved.insert((customer, place));
            self.has_moved.notify_one();
        }
        drop(state);
        Ok((Seat { hub: Arc::clone(self), customer, person, place }, receiver))
    }

    /// Opens a stream of all customers for a person: what of it is theirs to know, the stream decides.
    ///
    /// # Errors
    /// As for [`Hub::open`].
    pub(super) fn open_across(self: &Arc<Self>, person: UserId) -> Result<(SeatAcross, broadcast::Receiver<Told>)> {
        self.state().count_in(person)?;
        Ok((SeatAcross { hub: Arc::clone(self), person }, self.across.subscribe()))
    }

    /// Tells a customer's streams, and those of all customers, that something has changed.
    pub(super) fn change(&self, change: Change) {
        let (customer, told) = (change.customer, Told::Change(Arc::new(change)));
        let _ = self.across.send(told.clone());
        if let Some(room) = self.state().rooms.get(&customer) {
            let _ = room.sender.send(told);
        }
    }

    /// Tells all streams that something may have been missed.
    pub(super) fn gap(&self) {
        let _ = self.across.send(Told::Gap);
        for room in self.state().rooms.values() {
            let _ = room.sender.send(Told::Gap);
        }
    }

    /// Takes note of what another server says of a place.
    pub(super) fn believe(&self, presence: Presence, now: Instant) {
        if presence.server == self.server {
            return;
        }
        let mut state = self.state();
        let Some(room) = state.rooms.get_mut(&presence.customer) else { return };
        let (place, key) = (presence.place, (presence.place, presence.server));
        let before = room.people_at(place, now);
        if presence.people.is_empty() {
            room.elsewhere.remove(&key);
        } else {
            room.elsewhere.insert(key, (presence.people, now + BELIEVED));
        }
        if room.people_at(place, now) != before {
            let _ = room.sender.send(Told::Presence(place));
        }
    }

    /// Forgets what is believed no more.
    pub(super) fn expire(&self, now: Instant) {
        for room in self.state().rooms.values_mut() {
            let gone: Vec<(Place, Uuid)> = room.elsewhere.iter().filter(|(_, (_, until))| *until <= now).map(|(key, _)| *key).collect();
            for key in gone {
                room.elsewhere.remove(&key);
                let _ = room.sender.send(Told::Presence(key.0));
            }
        }
    }

    /// Everybody at a place, also more than once.
    pub(super) fn people_at(&self, customer: CustomerId, place: Place, now: Instant) -> Vec<Person> {
        self.state().rooms.get(&customer).map(|room| room.people_at(place, now)).unwrap_or_default()
    }

    /// Waits until a place has changed.
    pub(super) async fn moved(&self) {
        self.has_moved.notified().await;
    }

    /// What to tell the other servers: of the places that have changed, or of all of them.
    pub(super) fn announcements(&self, of_all: bool) -> Vec<Presence> {
        let mut state = self.state();
        let mut places = std::mem::take(&mut state.moved);
        if of_all {
            let all = state.rooms.iter().flat_map(|(customer, room)| room.here.keys().map(|place| (*customer, *place)));
            places.extend(all.collect::<Vec<_>>());
        }
        let people =
            |customer, place| state.rooms.get(&customer).and_then(|room: &Room| room.here.get(&place)).cloned().unwrap_or_default();
        let each_once = |mut people: Vec<Person>| {
            people.sort_by_key(|person| person.id);
            people.dedup_by_key(|person| person.id);
            people
        };
        let presence = |(customer, place)| Presence { server: self.server, customer, place, people: each_once(people(customer, place)) };
        places.into_iter().map(presence).collect()
    }
}

impl State {
    /// Counts a stream that a person opens.
    fn count_in(&mut self, person: UserId) -> Result<()> {
        let open = self.streams.entry(person).or_default();
        if *open >= MOST_STREAMS {
            return Err(Error::TooManyStreams);
        }
        *open += 1;
        Ok(())
    }

    /// Counts a stream out that has ended.
    fn count_out(&mut self, person: UserId) {
        if let Some(open) = self.streams.get_mut(&person) {
            *open -= 1;
            if *open == 0 {
                self.streams.remove(&person);
            }
        }
    }
}

impl Drop for SeatAcross {
    fn drop(&mut self) {
        self.hub.state().count_out(self.person);
    }
}

impl Room {
    fn new() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0, streams: 0, here: HashMap::new(), elsewhere: HashMap::new() }
    }

    fn people_at(&self, place: Place, now: Instant) -> Vec<Person> {
        let here = self.here.get(&place).into_iter().flatten();
        let believed = self.elsewhere.iter().filter(|((at, _), (_, until))| *at == place && *until > now);
        here.chain(believed.flat_map(|(_, (people, _))| people)).cloned().collect()
    }
}

impl Seat {
    /// The hub it belongs to.
    pub(super) fn hub(&self) -> &Hub {
        &self.hub
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.hub.state();
        state.count_out(self.person.id);
        let Some(room) = state.rooms.get_mut(&self.customer) else { return };
        room.streams -= 1;
        if let Some(place) = self.place {
            if let Some(here) = room.here.get_mut(&place) {
                if let Some(at) = here.iter().position(|person| person.id == self.person.id) {
                    here.swap_remove(at);
                }
                if here.is_empty() {
                    room.here.remove(&place);
                }
            }
            let _ = room.sender.send(Told::Presence(place));
        }
        if room.streams == 0 {
            state.rooms.remove(&self.customer);
        }
        if let Some(place) = self.place {
            state.moved.insert((self.customer, place));
            self.hub.has_moved.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::ids::{PlanId, TemplateId};

    use super::*;

    const ACME: CustomerId = CustomerId(1);

    fn person(id: i32) -> Person {
        Person { id: UserId(id), name: format!("Person {id}"), is_firm: false }
    }

    fn place() -> Place {
        Place { plan: PlanId(Uuid::from_u128(1)), template: TemplateId(Uuid::from_u128(2)) }
    }

    fn change(version: i64) -> Change {
        Change { customer: ACME, workspace_version: version, subjects: Vec::new(), has_more: true }
    }

    #[tokio::test]
    async fn nothing_is_kept_of_streams_that_ended() {
        let hub = Arc::new(Hub::new(Uuid::from_u128(9)));
        let (seat, receiver) = hub.open(ACME, person(1), Some(place())).unwrap();
        drop((seat, receiver));
        drop(hub.open_across(UserId(1)).unwrap());
        let state = hub.state();
        assert!(state.rooms.is_empty() && state.streams.is_empty());
    }

    #[tokio::test]
    async fn nobody_opens_streams_without_end() {
        let hub = Arc::new(Hub::new(Uuid::from_u128(9)));
        let mut open: Vec<_> = (0..MOST_STREAMS).map(|_| hub.open(ACME, person(1), None).unwrap()).collect();
        assert!(matches!(hub.open(CustomerId(2), person(1), None), Err(Error::TooManyStreams)));
        assert!(hub.open(ACME, person(2), None).is_ok());
        assert!(matches!(hub.open_across(UserId(1)), Err(Error::TooManyStreams)));
        open.pop();
        assert!(hub.open_across(UserId(1)).is_ok() && hub.open(ACME, person(1), None).is_ok());
    }

    #[tokio::test]
    async fn who_is_slow_is_told_that_something_was_missed() {
        let hub = Arc::new(Hub::new(Uuid::from_u128(9)));
        let (_seat, mut receiver) = hub.open(ACME, person(1), None).unwrap();
        for version in 0..i64::try_from(BACKLOG).unwrap() * 3 {
            hub.change(change(version));
        }
        assert!(matches!(receiver.recv().await, Err(broadcast::error::RecvError::Lagged(_))));
    }

    #[tokio::test]
    async fn servers_agree_on_who_is_where_and_forget_what_is_not_repeated() {
        let (ours, theirs) = (Arc::new(Hub::new(Uuid::from_u128(9))), Arc::new(Hub::new(Uuid::from_u128(8))));
        let now = Instant::now();
        let (_here, _) = ours.open(ACME, person(1), Some(place())).unwrap();
        let (there, _) = theirs.open(ACME, person(2), Some(place())).unwrap();
        theirs.announcements(false).into_iter().for_each(|presence| ours.believe(presence, now));
        let ids = |at: Instant| {
            let mut ids: Vec<i32> = ours.people_at(ACME, place(), at).iter().map(|person| person.id.0).collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(ids(now), [1, 2]);
        assert_eq!(ids(now + BELIEVED), [1]);
        drop(there);
        theirs.announcements(false).into_iter().for_each(|presence| ours.believe(presence, now));
        assert_eq!(ids(now), [1]);
        // What is said again is only what is there.
        assert!(theirs.announcements(true).is_empty());
        assert_eq!(ours.announcements(true).len(), 1);
    }
}
