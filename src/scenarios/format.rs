//! The format of files of scenarios, as a table.

use super::matching::PLACEHOLDERS_TEXT;
use crate::spec::Field;

/// An object of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The file itself.
    File,
    /// One of its scenarios.
    Scenario,
    /// `expect`.
    Expect,
    /// What is expected of a state.
    State,
    /// What a task answers to a call.
    Call,
}

/// What the value of a member can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// Any value.
    Any,
    /// A string.
    Text,
    /// The name of an error.
    ErrorName,
    /// `true` or `false`.
    Boolean,
    /// A whole number, 0 or more.
    Count,
    /// A number of seconds, 0 or more.
    Seconds,
    /// A time such as `2026-01-31T09:00:00Z`.
    Time,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// An object with whatever members.
    Object,
    /// The path of a file, from the folder of this one.
    File,
    /// The path of a folder, from the folder of this one.
    Folder,
    /// An object of files, by the names of state machines.
    Files,
    /// An array of CreateTable requests, each perhaps with `Items`, and of files that hold such.
    Tables,
    /// Tables by name, each an array of items.
    Items,
    /// An array of strings.
    Names,
    /// Objects of this owner, by name.
    Named(Owner),
    /// An object of this owner.
    One(Owner),
    /// By the names of states, an object of this owner for all calls or an array of them, one for each call.
    Calls(Owner),
}

/// A member of an object of the format.
#[derive(Clone, Copy, Debug)]
pub struct MemberSpec {
    /// Its key.
    pub name: &'static str,
    /// The objects that can have it.
    pub owners: &'static [Owner],
    /// What its value can be.
    pub form: ValueForm,
    /// What it means, in Markdown.
    pub doc: &'static str,
}

pub(super) mod name {
    //! The keys, once.
    pub(in crate::scenarios) const SCHEMA: &str = "$schema";
    pub(in crate::scenarios) const DEFINITION: &str = "definition";
    pub(in crate::scenarios) const TYPE: &str = "type";
    pub(in crate::scenarios) const INPUT: &str = "input";
    pub(in crate::scenarios) const TABLES: &str = "tables";
    pub(in crate::scenarios) const MOCKS: &str = "mocks";
    pub(in crate::scenarios) const MOCK_CONFIG: &str = "mockConfig";
    pub(in crate::scenarios) const S3: &str = "s3";
    pub(in crate::scenarios) const STATE_MACHINES: &str = "stateMachines";
    pub(in crate::scenarios) const CONTEXT: &str = "context";
    pub(in crate::scenarios) const SEED: &str = "seed";
    pub(in crate::scenarios) const START_TIME: &str = "startTime";
    pub(in crate::scenarios) const SCENARIOS: &str = "scenarios";
    pub(in crate::scenarios) const COMMENT: &str = "comment";
    pub(in crate::scenarios) const EXPECT: &str = "expect";
    pub(in crate::scenarios) const STATUS: &str = "status";
    pub(in crate::scenarios) const OUTPUT: &str = "output";
    pub(in crate::scenarios) const ERROR: &str = "error";
    pub(in crate::scenarios) const CAUSE: &str = "cause";
    pub(in crate::scenarios) const STATES: &str = "states";
    pub(in crate::scenarios) const PATH: &str = "path";
    pub(in crate::scenarios) const EXACTLY: &str = "exactly";
    pub(in crate::scenarios) const VISITS: &str = "visits";
    pub(in crate::scenarios) const RETRIES: &str = "retries";
    pub(in crate::scenarios) const VARIABLES: &str = "variables";
    pub(in crate::scenarios) const RETURN: &str = "Return";
    pub(in crate::scenarios) const THROW: &str = "Throw";
    pub(in crate::scenarios) const NO_REPLY: &str = "NoReply";
    pub(in crate::scenarios) const AFTER_SECONDS: &str = "AfterSeconds";
}

/// How an execution can end.
pub(super) const STATUSES: &[&str] = &["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "BLOCKED"];
pub(super) const STANDARD: &str = "STANDARD";
pub(super) const EXPRESS: &str = "EXPRESS";

const GIVEN: &[Owner] = &[Owner::File, Owner::Scenario];

/// The members of all objects.
pub const MEMBERS: &[MemberSpec] = &[
    MemberSpec {
        name: name::SCHEMA,
        owners: &[Owner::File],
        form: ValueForm::Text,
        doc: "The schema of this file.",
    },
    MemberSpec {
        name: name::DEFINITION,
        owners: &[Owner::File],
        form: ValueForm::File,
        doc: "The definition that is run; without it, the one beside this file whose name begins the same: \
              `order.asl.json` for `order.scenarios.json`.",
    },
    MemberSpec {
        name: name::TYPE,
        owners: &[Owner::File],
        form: ValueForm::OneOf(&[STANDARD, EXPRESS]),
        doc: "The type of the state machine; `STANDARD` without it.",
    },
    MemberSpec {
        name: name::COMMENT,
        owners: GIVEN,
        form: ValueForm::Text,
        doc: "What it is about, for people.",
    },
    MemberSpec {
        name: name::INPUT,
        owners: GIVEN,
        form: ValueForm::Any,
        doc: "The input of the execution; `{}` without it.",
    },
    MemberSpec {
        name: name::TABLES,
        owners: GIVEN,
        form: ValueForm::Tables,
        doc: "The DynamoDB tables at the start: an array of CreateTable requests, each perhaps with `Items`, and of \
              files that hold such. A table of a scenario takes the place of the file's table of that name.",
    },
    MemberSpec {
        name: name::MOCKS,
        owners: GIVEN,
        form: ValueForm::Calls(Owner::Call),
        doc: "What tasks answer that are not simulated, by the names of their states: an answer for all calls, or an \
              array with one for each.",
    },
    MemberSpec {
        name: name::MOCK_CONFIG,
        owners: &[Owner::File],
        form: ValueForm::File,
        doc: "A `MockConfigFile.json` of Step Functions Local: each of its test cases for this state machine is a \
              scenario too.",
    },
    MemberSpec {
        name: name::S3,
        owners: GIVEN,
        form: ValueForm::Folder,
        doc: "A folder in the place of Amazon S3: the object `s3://bucket/key` is the file `bucket/key` in it.",
    },
    MemberSpec {
        name: name::STATE_MACHINES,
        owners: GIVEN,
        form: ValueForm::Files,
        doc: "Definitions of the state machines that tasks start executions of, by name or ARN.",
    },
    MemberSpec {
        name: name::CONTEXT,
        owners: GIVEN,
        form: ValueForm::Object,
        doc: "Laid over the context object: names and ARNs of state machine, execution and role.",
    },
    MemberSpec {
        name: name::SEED,
        owners: GIVEN,
        form: ValueForm::Count,
        doc: "Where chance comes from: the same number, the same ids, tokens and random numbers.",
    },
    MemberSpec {
        name: name::START_TIME,
        owners: GIVEN,
        form: ValueForm::Time,
        doc: "When the execution starts, such as `2026-01-31T09:00:00Z`.",
    },
    MemberSpec {
        name: name::SCENARIOS,
        owners: &[Owner::File],
        form: ValueForm::Named(Owner::Scenario),
        doc: "The scenarios, by name. What one does not say, the file says for all.",
    },
    MemberSpec {
        name: name::EXPECT,
        owners: &[Owner::Scenario],
        form: ValueForm::One(Owner::Expect),
        doc: "What has to come out. What is not mentioned may be anything.",
    },
    MemberSpec {
        name: name::STATUS,
        owners: &[Owner::Expect],
        form: ValueForm::OneOf(STATUSES),
        doc: "How the execution ends.",
    },
    MemberSpec {
        name: name::OUTPUT,
        owners: &[Owner::Expect, Owner::State],
        form: ValueForm::Any,
        doc: PLACEHOLDERS_TEXT,
    },
    MemberSpec {
        name: name::INPUT,
        owners: &[Owner::State],
        form: ValueForm::Any,
        doc: "The input of the state's last visit, compared as `output` is.",
    },
    MemberSpec {
        name: name::VARIABLES,
        owners: &[Owner::State],
        form: ValueForm::Object,
        doc: "The variables that the state set in its last visit.",
    },
    MemberSpec {
        name: name::ERROR,
        owners: &[Owner::Expect, Owner::State],
        form: ValueForm::ErrorName,
        doc: "The name of the error that it failed with; of a state, also of one that a catcher took.",
    },
    MemberSpec {
        name: name::CAUSE,
        owners: &[Owner::Expect, Owner::State],
        form: ValueForm::Text,
        doc: "The cause of the error that it failed with.",
    },
    MemberSpec {
        name: name::STATES,
        owners: &[Owner::Expect],
        form: ValueForm::Named(Owner::State),
        doc: "What is expected of states, by name.",
    },
    MemberSpec {
        name: name::VISITS,
        owners: &[Owner::State],
        form: ValueForm::Count,
        doc: "How often the state is entered; 0 for never.",
    },
    MemberSpec {
        name: name::RETRIES,
        owners: &[Owner::State],
        form: ValueForm::Count,
        doc: "How often the state is retried, all visits together.",
    },
    MemberSpec {
        name: name::TABLES,
        owners: &[Owner::Expect],
        form: ValueForm::Items,
        doc: "Items that have to be in the tables at the end, in any order. With `exactly`, no others may be there.",
    },
    MemberSpec {
        name: name::PATH,
        owners: &[Owner::Expect],
        form: ValueForm::Names,
        doc: "The states of the machine itself in the order they are entered; those in branches and iterations are \
              left out.",
    },
    MemberSpec {
        name: name::EXACTLY,
        owners: &[Owner::Expect],
        form: ValueForm::Boolean,
        doc: "Whether objects may have no members and tables no items but the expected ones.",
    },
    MemberSpec {
        name: name::RETURN,
        owners: &[Owner::Call],
        form: ValueForm::Any,
        doc: "The result of the call.",
    },
    MemberSpec {
        name: name::THROW,
        owners: &[Owner::Call],
        form: ValueForm::Object,
        doc: "The error that the call ends with: `{\"Error\": …, \"Cause\": …}`.",
    },
    MemberSpec {
        name: name::NO_REPLY,
        owners: &[Owner::Call],
        form: ValueForm::Boolean,
        doc: "Whether nobody answers, so that the task ends when its time is over.",
    },
    MemberSpec {
        name: name::AFTER_SECONDS,
        owners: &[Owner::Call],
        form: ValueForm::Seconds,
        doc: "How long the call takes, in seconds of virtual time.",
    },
    MemberSpec {
        name: Field::HeartbeatSeconds.name(),
        owners: &[Owner::Call],
        form: ValueForm::Seconds,
        doc: "How often a heartbeat comes, in seconds of virtual time.",
    },
    MemberSpec {
        name: "WorkerName",
        owners: &[Owner::Call],
        form: ValueForm::Text,
        doc: "The name of the worker that takes an activity's task.",
    },
];

/// The members that an object can have, in the order of the table.
pub fn members_of(owner: Owner) -> impl Iterator<Item = &'static MemberSpec> {
    MEMBERS.iter().filter(move |spec| spec.owners.contains(&owner))
}
