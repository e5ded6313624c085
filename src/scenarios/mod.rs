//! Files of scenarios: what a state machine is run with, and what is expected of it.
//!
//! `order.scenarios.json` beside `order.asl.json`, or in YAML. [`ScenarioFile::read`] makes what it says of any tree,
//! however broken, with the mistakes in it; [`ScenarioFile::scenario`] makes one of them ready to be simulated, and
//! [`compare`] tells what came out otherwise than expected. `format.rs` is the format as a table: the reader, the
//! published schema and the editor's help are made from it.
//!
//! Pure: the files that it refers to are named by [`ScenarioFile::references`] and handed over as [`Files`] by whoever
//! may read them.

mod build;
mod compare;
mod coverage;
mod expectation;
mod file;
mod format;
mod matching;
mod role;
mod schema;
mod skeleton;
#[cfg(test)]
mod testing;

pub use build::{BuildError, Files};
pub use compare::{Mismatch, compare};
pub use coverage::{Coverage, Reached};
pub use expectation::{expectation_of, updated_expectation};
pub use file::{FileReference, NamedScenario, Problem, ReferenceKind, ScenarioFile};
pub use format::{MEMBERS, MemberSpec, Owner, ValueForm, members_of};
pub use matching::PLACEHOLDERS;
pub use role::{KeyRole, Role, StateName, key_role, member_of_key, role, state_names};
pub use schema::schema_json;
pub use skeleton::{needs_scenario, skeleton};

/// What the name of a file of scenarios ends with.
pub const SCENARIO_SUFFIXES: [&str; 3] = [".scenarios.json", ".scenarios.yaml", ".scenarios.yml"];

/// The name of the definition, without what it ends with, that a file of scenarios of this name is for; none for a
/// file of another name.
pub fn scenario_stem(name: &str) -> Option<&str> {
    SCENARIO_SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix))
}
