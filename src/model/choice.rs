//! Rules of Choice states.

use serde_json::Value;

use super::payload::{Payload, Slot};
use super::state::Transition;
use crate::spec::ChoiceOperator;

/// A rule of a Choice state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChoiceRule {
    /// When it holds.
    pub test: Test,
    /// Where it leads.
    pub next: Option<Transition>,
    /// The variables it sets instead of the state's own.
    pub assign: Option<Payload>,
    /// The output it gives instead of the state's own.
    pub output: Option<Payload>,
}

/// What a rule tests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// A comparison of a variable.
    Compare {
        /// The path of the variable.
        variable: Box<Slot>,
        /// The comparison.
        operator: &'static ChoiceOperator,
        /// What to compare with.
        with: Comparand,
    },
    /// All of them.
    And(Vec<Test>),
    /// One of them.
    Or(Vec<Test>),
    /// Not this one.
    Not(Box<Test>),
    /// A JSONata condition, or `true` or `false`.
    Condition(Payload),
    /// A test that could not be understood; the state has a problem.
    Invalid,
}

impl Test {
    /// All expressions in it, in the order of the text.
    pub fn slots(&self) -> Vec<&Slot> {
        let mut slots: Vec<&Slot> = Vec::new();
        let mut todo = vec![self];
        while let Some(test) = todo.pop() {
            match test {
                Test::Compare { variable, with, .. } => {
                    slots.push(variable);
                    if let Comparand::Path(slot) = with {
                        slots.push(slot);
                    }
                }
                Test::And(tests) | Test::Or(tests) => todo.extend(tests.iter().rev()),
                Test::Not(test) => todo.push(test),
                Test::Condition(payload) => payload.collect_slots(&mut slots),
                Test::Invalid => {}
            }
        }
        slots
    }
}

/// The other side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Comparand {
    /// A value.
    Value(Value),
    /// A path to it.
    Path(Slot),
}
