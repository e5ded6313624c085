//! A path that leads to nothing, whatever the input of the execution is.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::Slot;
use crate::semantic::{Missing, Shape};
use crate::text::TextRange;

/// Members that a message lists.
const LISTED_MAX: usize = 8;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "impossible-path",
    code: "impossible-path",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds paths that lead to nothing in the data that is there.",
    doc: "What data a state gets follows from the states before it: from their `Result`, `Parameters`, `ResultSelector`, `ResultPath` and `Output`, from what the services they call answer, and from the tests of Choice states. A path that leads to nothing in it fails the execution with `States.Runtime`, in JSONata with `States.QueryEvaluationError`. Where only a part of the data is known nothing is found; a path that `IsPresent` tests is none either.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "ResultSelector": {"order.$": "$.Itme"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "ResultSelector": {"order.$": "$.Item"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    // Most states have no expression at all.
    if view.slots.is_empty() {
        return;
    }
    let facts = ctx.facts;
    let Some(shapes) = facts.shapes.state(&facts.lowered.machine, view.id) else { return };
    for (slot, missing) in shapes.missing_in(view.slots.iter().map(|(_, slot)| *slot)) {
        ctx.report_in(slot, missing.range, message(slot, &missing));
    }
}

fn message(slot: &Slot, missing: &Missing) -> String {
    let text = slot.expr.text();
    let part = |range: TextRange| text.get(range.to_usize()).unwrap_or_default();
    let path = part(missing.before.cover(missing.range));
    let parent = part(missing.before);
    let what = match &missing.parent {
        Shape::Array(array) if array.known().is_empty() && array.rest().is_none() => {
            "is an empty array".to_owned()
        }
        Shape::Array(array) if array.rest().is_none() => match array.known().len() {
            1 => "is an array with one element".to_owned(),
            n_elements => format!("is an array with {n_elements} elements"),
        },
        Shape::Array(_) => "is an array".to_owned(),
        Shape::Object(object) if object.members().is_empty() => "is an empty object".to_owned(),
        Shape::Object(object) => {
            let names: Vec<String> =
                object.members().iter().take(LISTED_MAX).map(|it| format!("`{}`", it.name)).collect();
            let more = if object.members().len() > LISTED_MAX { " and more" } else { "" };
            format!("has only {}{more}", names.join(", "))
        }
        Shape::Null => "is null".to_owned(),
        other => format!("is a {}", other.type_name()),
    };
    let name = part(missing.range).trim_matches(|c: char| ".[]'\"`".contains(c));
    let near = nearest(name, &missing.parent).map(|near| format!(" Did you mean `{near}`?"));
    format!("`{path}` leads to nothing: `{parent}` {what} here.{}", near.unwrap_or_default())
}

/// The member whose name is most like another.
fn nearest<'a>(name: &str, shape: &'a Shape) -> Option<&'a str> {
    let longest = (name.chars().count() / 3).clamp(1, 3);
    let members = shape.members().iter().map(|member| &*member.name);
    let near =
        members.map(|known| (distance(name, known), known)).filter(|(distance, _)| *distance <= longest);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// How many letters have to be put, taken away, changed or swapped to make one name of another; case counts little.
fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| text.to_lowercase().chars().take(64).collect::<Vec<char>>();
    let (a, b) = (letters(a), letters(b));
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], idx: usize| row.get(idx).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&row, j) + usize::from(x != y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let is_swap = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if is_swap {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn a_misspelt_member_of_an_answer() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Next": "B",
"Parameters": {"TableName.$": "$.table", "Key.$": "$.key"}},
"B": {"Type": "Pass", "InputPath": "$.Itme.id", "End": true}"#,
            expect![[r#"
                "B": {"Type": "Pass", "InputPath": "$.Itme.id", "End": true}
                                                     ^^^^^
                warning impossible-path: `$.Itme` leads to nothing: `$` has only `Item` here. Did you mean `Item`?
            "#]],
        );
    }

    #[test]
    fn a_step_into_a_string_and_an_index_beyond_the_end() {
        check_states(
            r#""A": {"Type": "Pass", "Result": {"s": "x", "list": [1, 2]}, "Next": "B"},
"B": {"Type": "Pass", "Parameters": {"p.$": "$.s.t", "q.$": "States.Array($.list[2], $.list[-1])"}, "End": true}"#,
            expect![[r#"
                "B": {"Type": "Pass", "Parameters": {"p.$": "$.s.t", "q.$": "States.Array($.list[2], $.list[-1])"}, "End": true}
                                                                ^^
                warning impossible-path: `$.s.t` leads to nothing: `$.s` is a string here.
                "B": {"Type": "Pass", "Parameters": {"p.$": "$.s.t", "q.$": "States.Array($.list[2], $.list[-1])"}, "End": true}
                                                                                                ^^^
                warning impossible-path: `$.list[2]` leads to nothing: `$.list` is an array with 2 elements here.
            "#]],
        );
    }

    #[test]
    fn a_whole_expression_of_jsonata() {
        check_states(
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"a": 1}, "Next": "B"},
"B": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true,
"Output": {"p": "{% $states.input.b %}", "q": "{% $exists($states.input.b) %}"}}"#,
            expect![[r#"
                "Output": {"p": "{% $states.input.b %}", "q": "{% $exists($states.input.b) %}"}}
                                                  ^
                warning impossible-path: `$states.input.b` leads to nothing: `$states.input` has only `a` here. Did you mean `a`?
            "#]],
        );
    }

    #[test]
    fn what_is_tested_or_not_reached_is_not_missing() {
        check_states(
            r#""A": {"Type": "Pass", "Result": {"a": 1}, "Next": "B"},
"B": {"Type": "Choice", "Default": "D", "Choices": [
{"And": [{"Variable": "$.b", "IsPresent": true}, {"Variable": "$.b", "NumericEquals": 1}], "Next": "C"},
{"Not": {"Variable": "$.b", "IsPresent": true}, "Next": "D"},
{"Variable": "$.b", "NumericEquals": 1, "Next": "C"}]},
"C": {"Type": "Pass", "InputPath": "$.b", "Next": "D"}, "D": {"Type": "Succeed"}"#,
            expect![""],
        );
    }

    #[test]
    fn what_deployment_fills_in_is_not_known() {
        check_states(
            r#""A": {"Type": "Pass", "Result": {"a": "${Settings}", "b": {"Ref": "X"}, "${Key}": 1}, "Next": "B"},
"B": {"Type": "Pass", "Parameters": {"p.$": "$.a.x", "q.$": "$.b.y", "r.$": "$.c"}, "End": true}"#,
            expect![""],
        );
    }

    #[test]
    fn an_indefinite_path_may_find_nothing() {
        check_states(
            r#""A": {"Type": "Pass", "Result": {"a": 1}, "Next": "B"},
"B": {"Type": "Pass", "InputPath": "$.items[*].x", "End": true}"#,
            expect![""],
        );
    }
}
