//! What all benchmarks share: alternating rounds, tables, targets, and what they were made with.
//!
//! ```ignore
//! let measured = alternate(15, vec![
//!     Case::timed("raw", "the signature alone", Side::Limit, || verify(&token)),
//!     Case::timed("ours, cold", "every check, no cache", Side::Ours, || authenticate(&headers)),
//! ])?;
//! let table = Table::new("One token", Unit::Microseconds, &measured);
//! let table = table.relative_to("raw", &measured)?;
//! let ratio = table.ratio("ours, cold")?;
//! let outcome = Outcome::new("verify", "One verification, in process.", &["auth-core"])?
//!     .table(table)
//!     .target(Target::at_most("verify-cold", ratio, 1.15, "× raw"));
//! ```

mod allocations;
mod machine;
mod outcome;
mod rounds;
mod table;
mod target;
mod thread_clock;
mod versions;
mod work;

pub(crate) use allocations::{CountingAllocator, counting_allocator, peak_bytes};
pub(crate) use machine::Machine;
pub(crate) use outcome::Outcome;
pub(crate) use rounds::{Case, Measured, Side, alternate, named};
pub(crate) use table::{Row, Table, Unit};
pub(crate) use target::Target;
pub(crate) use thread_clock::{time_of_thread, waits_of_thread};
pub(crate) use versions::Version;
