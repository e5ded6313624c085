//! What went wrong in a simulation, at the place in the definition that it comes from.

use std::collections::BTreeMap;

use super::{Analysis, Run};
use crate::diagnostics::{Diagnostic, Severity};
use crate::model::{FieldPath, StateId};
use crate::simulator::{Outcome, StatesError, VisitStatus};
use crate::spec::{Field, StateKind};
use crate::syntax::Node;
use crate::text::TextRange;

/// The code of an error that no catcher took.
pub const SIMULATION_FAILED: &str = "simulation-failed";
/// The code of something that keeps the simulation from going on.
pub const SIMULATION_BLOCKED: &str = "simulation-blocked";

/// The findings of a run of this very machine, by their place in the text; none of a run of another one.
pub(super) fn run_diagnostics(analysis: &Analysis, run: &Run) -> Vec<Diagnostic> {
    if !run.went_wrong() || run.fingerprint != analysis.fingerprint() {
        return Vec::new();
    }
    let mut found = failures(analysis, run);
    match &run.trace.outcome {
        Outcome::Blocked(blocked) => {
            let machine = &analysis.lowered().machine;
            // What the definition itself lacks has a finding of its own.
            let problems = match blocked.state {
                Some(id) => machine.state(id).map_or(0, |state| state.problems.len()),
                None => machine.problems.len(),
            };
            if problems == 0 && blocked.state.is_some() {
                let range = place(analysis, blocked.state, &blocked.field);
                let message = format!("The simulation stops here: {}", blocked.reason);
                found.push(diagnostic(SIMULATION_BLOCKED, Severity::Information, message, range));
            }
        }
        // The execution as a whole failed, as one does whose history is full.
        Outcome::Failed { error } if !has_failed_visit(run) => {
            let range = place(analysis, None, &FieldPath::root());
            found.push(diagnostic(SIMULATION_FAILED, Severity::Warning, message(error), range));
        }
        Outcome::Failed { .. }
        | Outcome::Running
        | Outcome::Succeeded { .. }
        | Outcome::TimedOut
        | Outcome::Aborted => {}
    }
    found.sort_by_key(|diagnostic| diagnostic.range);
    found
}

fn has_failed_visit(run: &Run) -> bool {
    run.trace.visits.iter().any(|visit| matches!(visit.status, VisitStatus::Failed(_)))
}

/// The last error of every state that failed for good.
fn failures(analysis: &Analysis, run: &Run) -> Vec<Diagnostic> {
    let machine = &analysis.lowered().machine;
    let mut errors: BTreeMap<StateId, &StatesError> = BTreeMap::new();
    for visit in &run.trace.visits {
        if let VisitStatus::Failed(error) = &visit.status {
            errors.insert(visit.state, error);
        }
    }
    let is_handed_on = |id: StateId, error: &StatesError| {
        errors.iter().any(|(inner, inner_error)| {
            *inner_error == error
                && machine
                    .state(*inner)
                    .and_then(|state| machine.scope(state.scope))
                    .is_some_and(|scope| scope.owner == Some(id))
        })
    };
    let mut found = Vec::new();
    for (&id, &error) in &errors {
        let Some(state) = machine.state(id) else { continue };
        // A Fail state does what it says, and an error from within is reported there.
        if (state.kind() == Some(StateKind::Fail) && error.place.is_none()) || is_handed_on(id, error) {
            continue;
        }
        let range = match &error.place {
            Some(at) => {
                let (parse, source_map) = (analysis.parse(), &analysis.lowered().source_map);
                let range = source_map.expression_range(parse, id, &at.field, at.range);
                // An empty range cannot be seen.
                range
                    .filter(|range| !range.is_empty())
                    .unwrap_or_else(|| place(analysis, Some(id), &at.field))
            }
            None => place(analysis, Some(id), &FieldPath::root()),
        };
        found.push(diagnostic(SIMULATION_FAILED, Severity::Warning, message(error), range));
    }
    found
}

fn message(error: &StatesError) -> String {
    let name = error.name.as_deref().unwrap_or("The state failed");
    match error.cause.as_deref() {
        Some(cause) => format!("{name}: {cause}"),
        None => name.to_owned(),
    }
}

/// What to underline for a field of a state: its value; for a state as a whole its `Resource` or name; for the
/// machine `StartAt`.
fn place(analysis: &Analysis, state: Option<StateId>, field: &FieldPath) -> TextRange {
    let (parse, source_map) = (analysis.parse(), &analysis.lowered().source_map);
    let range = match state {
        Some(id) => {
            let value =
                (!field.as_str().is_empty()).then(|| source_map.field_node(parse, id, field)).flatten();
            let value = value.filter(|value| !value.is_object() && !value.is_array());
            let resource =
                source_map.state_node(parse, id).and_then(|node| node.value_of(Field::Resource.name()));
            value.or(resource).or(source_map.state_key(parse, id)).map(Node::range)
        }
        None => parse
            .root()
            .and_then(|root| root.get(Field::StartAt.name()))
            .map(|member| member.key_node().range()),
    };
    range.unwrap_or_default()
}

fn diagnostic(code: &'static str, severity: Severity, message: String, range: TextRange) -> Diagnostic {
    Diagnostic { rule: code, code, severity, message, range, node: None, tag: None, related: Vec::new() }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use crate::ide::testing::{analyse, run};
    use crate::text::ColumnEncoding;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let analysis = analyse(text);
        let run = run(&analysis, json!({"a": 1}));
        let mut shown = String::new();
        for found in analysis.run_diagnostics(&run) {
            let source = analysis.source();
            let at = source.line_column(found.range.start(), ColumnEncoding::Utf32);
            let line = source.slice(source.line_range(at.line));
            let carets = "^".repeat(source.slice(found.range).chars().count());
            shown += &format!("{line}\n{}{carets}\n", " ".repeat(at.column as usize));
            shown += &format!("{} {}: {}\n", found.severity.name(), found.code, found.message);
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn at_the_expression_that_failed() {
        check(
            "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\",\n\"Parameters\": {\"b.$\": \"$.missing\"},\n\"End\": true}}}",
            expect![[r#"
                "Parameters": {"b.$": "$.missing"},
                                        ^^^^^^^^
                warning simulation-failed: States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$.missing' specified for the field 'b.$' could not be found in the input '{"a":1}'
            "#]],
        );
    }

    #[test]
    fn a_task_without_simulation() {
        check(
            "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\",\n\"Resource\": \"arn:aws:states:::sqs:sendMessage\",\n\"Parameters\": {}, \"End\": true}}}",
            expect![[r#"
                "Resource": "arn:aws:states:::sqs:sendMessage",
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                information simulation-blocked: The simulation stops here: sqs:sendMessage is not simulated: mock the state 'A' in a MockConfigFile.json (--mock-config FILE --test-case NAME) or with --mock
            "#]],
        );
    }

    #[test]
    fn a_refused_write() {
        check(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
"Resource": "arn:aws:states:::dynamodb:deleteItem",
"Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}, "ConditionExpression": "attribute_exists(id)"}}}}"#,
            expect![[r#"
                "Resource": "arn:aws:states:::dynamodb:deleteItem",
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning simulation-failed: DynamoDB.ConditionalCheckFailedException: The conditional request failed (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: ZKYIKM62QM5A7VWX4QALLSZWUR4VL2O6GX7VBD5TUWLJWDRWXQL6; Proxy: null)
            "#]],
        );
    }

    #[test]
    fn a_fail_state_does_what_it_says() {
        check(r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E"}}}"#, expect![""]);
    }

    #[test]
    fn an_execution_without_end() {
        check(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}"#,
            expect![[r#"
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}
                 ^^^^^^^^^
                warning simulation-failed: States.Runtime: The execution reached the maximum number of history events (25000).
            "#]],
        );
    }
}
