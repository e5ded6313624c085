//! The eight types of state and the two query languages.

/// The type of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StateKind {
    /// Does work through a service.
    Task,
    /// Passes its input on, perhaps changed.
    Pass,
    /// Chooses the next state.
    Choice,
    /// Waits.
    Wait,
    /// Ends the execution, or the branch, with success.
    Succeed,
    /// Ends the execution with an error.
    Fail,
    /// Runs branches side by side.
    Parallel,
    /// Runs the same states for every item.
    Map,
}

impl StateKind {
    /// All types, the most used first.
    pub const ALL: [StateKind; 8] = [
        StateKind::Task,
        StateKind::Pass,
        StateKind::Choice,
        StateKind::Wait,
        StateKind::Succeed,
        StateKind::Fail,
        StateKind::Parallel,
        StateKind::Map,
    ];

    /// The names in the order in which AWS lists them in its errors.
    pub const NAMES_IN_ERRORS: [&str; 8] =
        ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

    /// The value of `Type`.
    pub const fn name(self) -> &'static str {
        match self {
            StateKind::Task => "Task",
            StateKind::Pass => "Pass",
            StateKind::Choice => "Choice",
            StateKind::Wait => "Wait",
            StateKind::Succeed => "Succeed",
            StateKind::Fail => "Fail",
            StateKind::Parallel => "Parallel",
            StateKind::Map => "Map",
        }
    }

    /// The type of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What the type does, in one sentence.
    pub const fn doc(self) -> &'static str {
        match self {
            StateKind::Task => {
                "Does one unit of work: calls a service such as DynamoDB, a function or an activity."
            }
            StateKind::Pass => "Hands its input to its output, or replaces or reshapes it. Does no work.",
            StateKind::Choice => "Goes to the state of the first rule that holds, else to `Default`.",
            StateKind::Wait => "Waits for a number of seconds or until a time, then goes on.",
            StateKind::Succeed => "Ends the execution, branch or iteration successfully.",
            StateKind::Fail => "Ends the execution, branch or iteration with an error name and a cause.",
            StateKind::Parallel => "Runs several branches at once and outputs an array of their outputs.",
            StateKind::Map => "Runs the same states once for each item and outputs an array of the results.",
        }
    }

    /// The part of the specification that defines the type.
    pub const fn link(self) -> &'static str {
        match self {
            StateKind::Task => "https://states-language.net/spec.html#task-state",
            StateKind::Pass => "https://states-language.net/spec.html#pass-state",
            StateKind::Choice => "https://states-language.net/spec.html#choice-state",
            StateKind::Wait => "https://states-language.net/spec.html#wait-state",
            StateKind::Succeed => "https://states-language.net/spec.html#succeed-state",
            StateKind::Fail => "https://states-language.net/spec.html#fail-state",
            StateKind::Parallel => "https://states-language.net/spec.html#parallel-state",
            StateKind::Map => "https://states-language.net/spec.html#map-state",
        }
    }

    /// Whether a state of this type can have `Retry` and `Catch`.
    pub const fn can_retry(self) -> bool {
        matches!(self, StateKind::Task | StateKind::Parallel | StateKind::Map)
    }

    /// Whether a state of this type ends its scope by itself.
    pub const fn is_terminal(self) -> bool {
        matches!(self, StateKind::Succeed | StateKind::Fail)
    }
}

/// The language of the expressions in a state machine or state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum QueryLanguage {
    /// Paths, reference paths and intrinsic functions.
    #[default]
    JsonPath,
    /// Expressions between `{%` and `%}`.
    Jsonata,
}

impl QueryLanguage {
    /// Both, the default first.
    pub const ALL: [QueryLanguage; 2] = [QueryLanguage::JsonPath, QueryLanguage::Jsonata];

    /// The value of `QueryLanguage`.
    pub const fn name(self) -> &'static str {
        match self {
            QueryLanguage::JsonPath => "JSONPath",
            QueryLanguage::Jsonata => "JSONata",
        }
    }

    /// The language of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_all_types() {
        let is_listed = |kind: StateKind| StateKind::NAMES_IN_ERRORS.contains(&kind.name());
        assert!(StateKind::ALL.into_iter().all(is_listed));
    }
}
