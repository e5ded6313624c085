//! Variables: which states read which.
//!
//! AWS tells the same of a state machine: `variableReferences` of
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html>.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::expr::path::Root;
use crate::model::{Expression, Payload, Slot, StateId, StateMachine};
use crate::spec::context::STATES_VARIABLE;

/// The variables that each state reads, by name; states that read none are left out.
///
/// A name that an expression of JSONata binds itself is none, nor is that of a built-in function unless the machine
/// assigns a variable of that name.
///
/// # Example
///
/// ```
/// use asl_lsp::{model, semantic, syntax, text::SourceText};
///
/// let text = r#"{"StartAt": "A", "States": {
///     "A": {"Type": "Pass", "Assign": {"rate": 2}, "Next": "B"},
///     "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.n * $rate %}", "End": true}}}"#;
/// let machine = model::lower(&syntax::parse_json(SourceText::new(text), 64)).machine;
/// let found = semantic::variable_references(&machine);
/// let named: Vec<_> = found.iter().map(|(id, names)| (&*machine.state(*id).unwrap().name, names)).collect();
/// assert_eq!(named, [("B", &["rate".into()].into())]);
/// ```
pub fn variable_references(machine: &StateMachine) -> BTreeMap<StateId, BTreeSet<Arc<str>>> {
    let assigned = assigned_names(machine);
    let mut found = BTreeMap::new();
    for (id, state) in machine.all_states() {
        let mut names = BTreeSet::new();
        for slot in state.slots() {
            collect(slot, &assigned, &mut names);
        }
        if !names.is_empty() {
            found.insert(id, names);
        }
    }
    found
}

/// The names of all variables that a machine assigns.
fn assigned_names(machine: &StateMachine) -> BTreeSet<&str> {
    let payloads = machine.states.iter().flat_map(|state| state.assignments());
    payloads.flat_map(Payload::keys).collect()
}

fn collect(slot: &Slot, assigned: &BTreeSet<&str>, names: &mut BTreeSet<Arc<str>>) {
    match &slot.expr {
        Expression::JsonPath(expr) => {
            for reference in expr.references() {
                if let Root::Variable(name) = reference.root {
                    names.insert(Arc::from(name));
                }
            }
        }
        Expression::Jsonata(program) => {
            for reference in program.references() {
                let name = reference.variable.text.as_str();
                let is_function = reference.builtin.is_some() && !assigned.contains(name);
                if name != STATES_VARIABLE && !is_function {
                    names.insert(Arc::from(name));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    #[track_caller]
    fn check(states: &str, expected: &str) {
        let text = format!(r#"{{"StartAt": "A", "States": {states}}}"#);
        let machine = lower(&parse_json(SourceText::new(&text), 64)).machine;
        let shown = variable_references(&machine).into_iter().map(|(id, names)| {
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            let state = machine.state(id).map(|state| state.name.to_string()).unwrap_or_default();
            format!("{state}: {}", names.join(" "))
        });
        assert_eq!(shown.collect::<Vec<_>>().join(", "), expected);
    }

    #[test]
    fn every_field_may_read() {
        check(
            r#"{"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "InputPath": "$a.x",
                "Parameters": {"p": {"q.$": "States.Format('{}', $b)"}}, "TimeoutSecondsPath": "$c",
                "Credentials": {"RoleArn.$": "$d"}, "ResultSelector": {"r.$": "$e"}, "OutputPath": "$f",
                "Assign": {"z.$": "$g"}, "End": true,
                "Catch": [{"ErrorEquals": ["E"], "Assign": {"y.$": "$h"}, "Next": "A"}]}}"#,
            "A: a b c d e f g h",
        );
    }

    #[test]
    fn rules_and_waits_read() {
        check(
            r#"{"A": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$a", "IsPresent": true},
                {"Not": {"Variable": "$.x", "NumericEqualsPath": "$b"}}], "Next": "B", "Assign": {"v.$": "$c"}}],
                "Default": "B"}, "B": {"Type": "Wait", "SecondsPath": "$d", "End": true}}"#,
            "A: a b c, B: d",
        );
    }

    #[test]
    fn names_that_an_expression_binds_are_its_own() {
        check(
            r#"{"A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true,
                "Output": "{% ($x := $y; $map($states.input, function($v) { $v + $x })) %}"}}"#,
            "A: y",
        );
    }

    #[test]
    fn functions_are_none_unless_they_are_assigned() {
        let read = r#""QueryLanguage": "JSONata", "Output": "{% $count %}", "End": true"#;
        check(&format!(r#"{{"A": {{"Type": "Pass", {read}}}}}"#), "");
        check(&format!(r#"{{"A": {{"Type": "Pass", "Assign": {{"count": 1}}, {read}}}}}"#), "A: count");
    }
}
