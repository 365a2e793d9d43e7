//! Moving an older database over (docs/UPGRADING.md): looking at it, preparing beside the older
//! program, cutting over, comparing, going back.

mod answers;
mod customers;
mod decisions;
mod documents;
mod evidence;
mod inspection;
mod library;
mod verification;

use std::{
    num::NonZero,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use muster_store::{LegacyDatabase, Remark};
use serde::Serialize;
use tokio::task::JoinSet;

use self::library::Library;
pub use self::{
    decisions::{Decisions, UpgradePage, decide},
    inspection::{AmbiguousTask, ContradictionReport, Inspection, TaskCounts, inspect},
    verification::{Verified, verify},
};
pub use muster_store::{Check, LegacyError, NewWork, Phase, WaitingTask};

/// The name of the person who stands for the older program.
const OLDER_PROGRAM: &str = "The older program";
/// The name of the template that documents without one stand under.
const TEMPLATE_OF_NONE: &str = "Documents without a template";
const ABOUT_TEMPLATE_OF_NONE: &str = "Documents that had no template in the older program stand here.";
/// What stands with an approval that the older program knew of.
const APPROVED_BEFORE: &str = "Approved in the older program";

/// How often changes of the older program are taken before the cutover, at most.
const ROUNDS: usize = 10;
/// So many customers may wait for the cutover: each takes a few hundredths of a second.
const FEW: usize = 5;

/// How a move is to be done.
#[derive(Debug, Clone, Default)]
pub struct MoveOptions {
    /// The zone of times without one; the database's own unless given.
    pub time_zone: Option<String>,
    /// The folder that the older program's files lie in.
    pub files: Option<PathBuf>,
    /// Prepare, and leave the cutover for another day.
    pub prepare_only: bool,
}

/// How far a move is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Rows of a table are being taken: so many blocks of so many.
    Taking {
        /// The table.
        table: String,
        /// Blocks done.
        done: i64,
        /// Blocks there are.
        all: i64,
    },
    /// Customers are being laid out: so many of so many.
    LayingOut {
        /// Customers done.
        done: usize,
        /// Customers there are.
        all: usize,
    },
    /// Both sides are being compared.
    Comparing,
    /// The older program waits: Muster takes over.
    CuttingOver,
}

/// What a move led to.
#[derive(Debug, Clone, Serialize)]
pub struct Moved {
    /// How far it has come.
    pub phase: Phase,
    /// How long preparing took, in seconds; of this run.
    pub prepared_seconds: f64,
    /// How long nobody could write, in seconds.
    pub cut_over_seconds: Option<f64>,
    /// What was compared before the cutover.
    pub checks: Vec<Check>,
    /// Tasks that a person should look at.
    pub ambiguous: Vec<AmbiguousTask>,
    /// Tasks that name what is not their customer's.
    pub contradictions: Vec<ContradictionReport>,
    /// What else there is to know.
    pub remarks: Vec<Remark>,
    /// Views of the older program that could not be made again, with the cause.
    pub views_left: Vec<String>,
}

/// Moves the older database at `url` over. A move that died goes on where it stopped; one that is
/// done changes nothing.
///
/// # Errors
/// [`LegacyError::Differs`] where what was laid out is not what was there: then nothing is cut over.
pub async fn run(url: &str, options: &MoveOptions, report: &mut dyn FnMut(Progress)) -> Result<Moved, LegacyError> {
    let mut db = LegacyDatabase::open(url).await?;
    if matches!(db.phase(), Phase::CutOver | Phase::Finished) {
        return moved(&mut db, Duration::ZERO, None, Vec::new(), Vec::new()).await;
    }
    let began = Instant::now();
    db.begin(options.time_zone.as_deref()).await?;
    let flushing = db.flush_often().await?;
    db.take_rows(|table, done, all| report(Progress::Taking { table: table.to_owned(), done, all })).await?;
    let mut library = Arc::new(Library::lay_out(&mut db).await?);
    for _ in 0..ROUNDS {
        let changed = db.take_changes().await?;
        if changed.library || changed.people {
            library = Arc::new(Library::lay_out(&mut db).await?);
        }
        lay_out_customers(&mut db, &library, options, report).await?;
        if !changed.library && changed.customers.len() <= FEW {
            break;
        }
    }
    report(Progress::Comparing);
    let mut checks = db.check_originals(false).await?;
    checks.push(db.check_owners().await?);
    refuse_differences(&checks)?;
    db.analyze().await?;
    db.keep_sums(None).await?;
    checks.extend(db.kept_sums().await?);
    checks.push(db.check_constraints().await?);
    refuse_differences(&checks)?;
    drop(flushing);
    if db.phase() == Phase::Preparing {
        db.prepared().await?;
    }
    let prepared = began.elapsed();
    if options.prepare_only {
        return moved(&mut db, prepared, None, checks, Vec::new()).await;
    }
    report(Progress::CuttingOver);
    let held = Instant::now();
    db.hold().await?;
    match finish_cut_over(&mut db, options).await {
        Ok((last, views_left)) => {
            let held = held.elapsed();
            checks.retain(|check| !last.iter().any(|one| one.what == check.what));
            checks.extend(last);
            moved(&mut db, prepared, Some(held), checks, views_left).await
        }
        Err(error) => {
            db.let_go().await?;
            Err(error)
        }
    }
}

/// The last changes, the comparison of what they touched, and the change of names.
async fn finish_cut_over(db: &mut LegacyDatabase, options: &MoveOptions) -> Result<(Vec<Check>, Vec<String>), LegacyError> {
    let changed = db.take_changes().await?;
    if !changed.is_empty() {
        let library = Arc::new(Library::lay_out(db).await?);
        lay_out_customers(db, &library, options, &mut |_| ()).await?;
        db.keep_sums((!changed.library).then_some(&changed.customers)).await?;
    }
    let checks = db.kept_sums().await?;
    refuse_differences(&checks)?;
    Ok((checks, db.cut_over().await?))
}

/// Lays out the customers that wait for it, several at the same time: PostgreSQL uses one processor
/// for each connection.
async fn lay_out_customers(
    db: &mut LegacyDatabase,
    library: &Arc<Library>,
    options: &MoveOptions,
    report: &mut dyn FnMut(Progress),
) -> Result<(), LegacyError> {
    db.remove_gone_customers().await?;
    db.lay_out_auditors().await?;
    let waiting = Arc::new(Waiting { customers: db.customers_to_lay_out().await?, taken: AtomicUsize::new(0) });
    let mut others = JoinSet::new();
    for _ in 1..hands(waiting.customers.len()) {
        let Some(mut beside) = db.beside().await? else { break };
        let (waiting, library, files) = (Arc::clone(&waiting), Arc::clone(library), options.files.clone());
        others.spawn(async move {
            while let Some((_, customer)) = waiting.next() {
                customers::lay_out(&mut beside, &library, files.as_deref(), customer).await?;
            }
            Ok::<_, LegacyError>(())
        });
    }
    while let Some((done, customer)) = waiting.next() {
        report(Progress::LayingOut { done, all: waiting.customers.len() });
        customers::lay_out(db, library, options.files.as_deref(), customer).await?;
    }
    while let Some(ended) = others.join_next().await {
        ended.map_err(|stopped| LegacyError::Stopped(stopped.to_string()))??;
    }
    Ok(())
}

/// How many connections lay customers out: one for each processor, four at most, and no more than
/// have something to do.
fn hands(customers: usize) -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).min(4).min(customers / FEW)
}

/// The customers that wait to be laid out, each given to one hand.
struct Waiting {
    customers: Vec<i32>,
    taken: AtomicUsize,
}

impl Waiting {
    /// The next one, and how many were given before it.
    fn next(&self) -> Option<(usize, i32)> {
        let place = self.taken.fetch_add(1, Ordering::Relaxed);
        self.customers.get(place).map(|customer| (place, *customer))
    }
}

fn refuse_differences(checks: &[Check]) -> Result<(), LegacyError> {
    match checks.iter().filter(|check| !check.is_equal()).count() {
        0 => Ok(()),
        some => Err(LegacyError::Differs(some)),
    }
}

async fn moved(
    db: &mut LegacyDatabase,
    prepared: Duration,
    held: Option<Duration>,
    checks: Vec<Check>,
    views_left: Vec<String>,
) -> Result<Moved, LegacyError> {
    let (mut ambiguous, mut contradictions) = (Vec::new(), Vec::new());
    for (customer, title, placement, _) in db.reported().await? {
        if customers::is_contradiction(&placement) {
            contradictions.push(ContradictionReport::of(&placement));
        } else {
            ambiguous.push(AmbiguousTask::of(customer, title, placement));
        }
    }
    Ok(Moved {
        phase: db.phase(),
        prepared_seconds: prepared.as_secs_f64(),
        cut_over_seconds: held.map(|held| held.as_secs_f64()),
        checks,
        ambiguous,
        contradictions,
        remarks: db.remarks().await?,
        views_left,
    })
}

/// What going back led to.
#[derive(Debug, Clone, Serialize)]
pub struct RolledBack {
    /// How far the move had come.
    pub from: Phase,
    /// Work that was done in Muster since, and is gone where it says so.
    pub new_work: Vec<NewWork>,
    /// Whether the older database is as it was; if not, there is work that would be lost.
    pub is_back: bool,
}

/// Gives the older database back, exactly as it was. Where people have worked in Muster since, only
/// if `discards_work` says that their work may go.
pub async fn roll_back(url: &str, discards_work: bool) -> Result<RolledBack, LegacyError> {
    let mut db = LegacyDatabase::open(url).await?;
    let from = db.phase();
    let new_work = db.new_work().await?;
    let is_back = new_work.is_empty() || discards_work;
    if is_back {
        db.roll_back().await?;
    }
    Ok(RolledBack { from, new_work, is_back })
}

/// Drops the older tables: from now on there is no way back but a backup. Their rows stay in
/// `muster_upgrade.original_rows`.
pub async fn finish(url: &str) -> Result<(), LegacyError> {
    LegacyDatabase::open(url).await?.finish().await
}
