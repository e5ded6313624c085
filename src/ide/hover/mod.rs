//! What something means, from the tables of the language, and what a state did in the last run.

mod details;
mod expression;

use crate::ide::context::{Context, Role, context, member_of};
use crate::ide::preview;
use crate::ide::request::{Request, RequestRole};
use crate::ide::run::{Run, StateRun};
use crate::ide::{Analysis, doc};
use crate::model::{StateBody, StateId};
use crate::simulator::{Outcome, StatesError, Visit, VisitStatus};
use crate::spec::dynamodb::parameter;
use crate::spec::resource::GET_ITEM;
use crate::spec::{Field, Owner, Resource, StateKind, ValueKind};
use crate::syntax::{Member, Node, NodeKind};
use crate::text::{TextRange, TextSize};

/// Characters of an input or output in a hover.
const JSON_CHARS_MAX: usize = 3_000;
/// Characters of an error's cause.
const CAUSE_CHARS_MAX: usize = 1_000;

/// What is shown about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub range: TextRange,
    /// The text, in Markdown.
    pub markdown: String,
}

pub(super) fn hover(analysis: &Analysis, offset: TextSize, run: Option<&Run>) -> Option<Hover> {
    let node = analysis.parse().node_at(offset)?;
    let parent = node.parent();
    let member = parent.filter(|parent| parent.kind() == NodeKind::Member).and_then(member_of);
    let is_key = member.is_some_and(|member| member.key_node() == node);
    if let Some(found) = (!is_key).then(|| expression::hover(node, member, offset)).flatten() {
        return Some(found);
    }
    let found = match member {
        Some(member) if is_key => of_key(analysis, member, run),
        _ => of_value(analysis, node, member, run),
    };
    let markdown = found?;
    Some(Hover { range: node.range(), markdown })
}

/// Of a key: a state's name, a field, an operator, a parameter, a type of attribute values.
fn of_key(analysis: &Analysis, member: Member<'_>, run: Option<&Run>) -> Option<String> {
    let object = member.node().parent()?;
    let ctx = context(object);
    let key = member.key();
    match ctx.role {
        Role::States => {
            let id = state_of(analysis, member)?;
            let head = state_head(analysis, id);
            let handlers = details::handlers(&analysis.lowered().machine, id);
            Some(join([Some(head), run.and_then(|run| of_run(analysis, id, run)), handlers]))
        }
        Role::Template => of_parameter(&ctx, object, &key),
        role => {
            let text = doc::member(role, &key)?;
            let is_opening = matches!(role, Role::Object(Owner::State(_)))
                && [Field::Type.name(), Field::Resource.name()].contains(&&*key);
            let id = ctx.state.filter(|_| is_opening).and_then(|state| state_of(analysis, state));
            Some(join([run_of(analysis, id, run), Some(text)]))
        }
    }
}

/// Of a value: what it means, and what its field does.
fn of_value(
    analysis: &Analysis,
    node: Node<'_>,
    member: Option<Member<'_>>,
    run: Option<&Run>,
) -> Option<String> {
    let ctx = context(node);
    match ctx.role {
        // The opening bracket of a state.
        Role::Object(Owner::State(_)) | Role::UntypedState => {
            let id = state_of(analysis, ctx.state?)?;
            run_of(analysis, Some(id), run)
        }
        Role::Field(spec) => {
            let text = node.text();
            let field =
                member.and_then(|member| doc::member(context(member.node().parent()?).role, &member.key()));
            let id = ctx.state.and_then(|state| state_of(analysis, state));
            match (spec.value, text) {
                (ValueKind::StateType, Some(text)) => {
                    let kind = StateKind::from_name(&text).map(doc::state_kind);
                    Some(join([run_of(analysis, id, run), kind.or(field)]))
                }
                (ValueKind::Resource, Some(text)) => {
                    let own_run = if is_state(&ctx) { run_of(analysis, id, run) } else { None };
                    Some(join([own_run, doc::resource(&text).or(field)]))
                }
                (ValueKind::StateName, Some(_)) => {
                    let used = analysis.lowered().source_map.state_name_uses();
                    let target = used.iter().find(|used| used.node == node.id())?.target?;
                    Some(join([Some(state_head(analysis, target)), run_of(analysis, Some(target), run)]))
                }
                _ => field,
            }
        }
        Role::Element(spec) if spec.value == ValueKind::ErrorNames => {
            let name = node.text()?;
            let raised = details::raised_by(&analysis.lowered().machine, &name);
            Some(join([doc::error_name(&name), raised])).filter(|text| !text.is_empty())
        }
        Role::Operand(operator) => Some(doc::operator(operator)),
        Role::Template => of_argument(&ctx, node, member),
        _ => None,
    }
}

fn is_state(ctx: &Context<'_>) -> bool {
    ctx.object.is_some_and(|(_, role)| matches!(role, Role::Object(Owner::State(_))))
}

/// Of a key in a payload template: a parameter of what the task calls, or a type of attribute values.
fn of_parameter(ctx: &Context<'_>, object: Node<'_>, key: &str) -> Option<String> {
    let request = Request::within(ctx, object)?;
    let name = key.strip_suffix(".$").unwrap_or(key);
    match request.role {
        RequestRole::Object(spec) => spec.parameter(name).map(|parameter| doc::parameter(spec, parameter)),
        RequestRole::AttributeValue => doc::attribute_type(name),
        _ => None,
    }
}

/// Of a value in a payload template: the parameter that it is the value of.
fn of_argument(ctx: &Context<'_>, node: Node<'_>, member: Option<Member<'_>>) -> Option<String> {
    let request = Request::within(ctx, node)?;
    let object = member?.node().parent()?;
    let is_own = !matches!(request.role, RequestRole::Typed | RequestRole::Other);
    let (spec, parameter) = (request.spec, request.parameter?);
    (is_own && object == request.object).then(|| doc::parameter(spec, parameter))
}

fn state_of(analysis: &Analysis, member: Member<'_>) -> Option<StateId> {
    let lowered = analysis.lowered();
    let is_it = |id: &StateId| lowered.source_map.state_member(*id) == Some(member.node().id());
    lowered.machine.all_states().map(|(id, _)| id).find(is_it)
}

/// The name of a state with its type and what it does.
pub(super) fn state_head(analysis: &Analysis, id: StateId) -> String {
    let Some(state) = analysis.lowered().machine.state(id) else { return String::new() };
    let kind = state.kind().map(|kind| format!(" · {}", kind.name())).unwrap_or_default();
    let does = match &state.body {
        StateBody::Task(task) => Resource::parse(&task.resource)
            .map(|resource| format!(" · {}:{}", resource.resource_type(), resource.resource_name()))
            .unwrap_or_default(),
        _ => String::new(),
    };
    format!("**{}**{kind}{does}", preview::escape(&state.name))
}

fn run_of(analysis: &Analysis, id: Option<StateId>, run: Option<&Run>) -> Option<String> {
    of_run(analysis, id?, run?)
}

/// What a state did in the last run, if that was of this very machine.
fn of_run(analysis: &Analysis, id: StateId, run: &Run) -> Option<String> {
    let projection = run.project(&analysis.lowered().machine, analysis.fingerprint());
    if !projection.is_current {
        return None;
    }
    let Some(StateRun { visit, n_visits }) = projection.state(id) else {
        return Some("The simulation did not reach this state.".to_owned());
    };
    let mut parts = vec![status(run, visit, n_visits)];
    if let VisitStatus::Failed(error) | VisitStatus::Caught(error) = &visit.status
        && let Some(cause) = &error.cause
    {
        parts.push(format!("> {}", preview::escape(&preview::clip(cause, CAUSE_CHARS_MAX))));
    }
    parts.extend(items(run, visit));
    parts.extend(details::sizes(run, visit));
    if let Some(output) = &visit.stages.output {
        parts.push(format!("Output\n{}", preview::json_block(output, JSON_CHARS_MAX)));
    }
    parts.push(format!("Input\n{}", preview::json_block(&visit.stages.input, JSON_CHARS_MAX)));
    Some(parts.join("\n\n"))
}

/// How the last visit went, in a line.
fn status(run: &Run, visit: &Visit, n_visits: usize) -> String {
    let name = |error: &StatesError| {
        error.name.as_deref().map(|name| format!(" with {}", preview::code(name))).unwrap_or_default()
    };
    let mut line = match &visit.status {
        VisitStatus::Succeeded => "✓ succeeded".to_owned(),
        VisitStatus::Caught(error) => format!("✗ failed{}, caught", name(error)),
        VisitStatus::Failed(error) => format!("✗ failed{}", name(error)),
        VisitStatus::Aborted => "aborted: another branch or iteration failed".to_owned(),
        VisitStatus::Running => "did not end".to_owned(),
        VisitStatus::Blocked => match &run.trace.outcome {
            Outcome::Blocked(blocked) => format!("⏸ {}", preview::escape(&blocked.reason)),
            _ => "⏸ blocked".to_owned(),
        },
    };
    if let Some(next) = visit.next.and_then(|id| run.machine.state(id)) {
        line += &format!(" → {}", preview::escape(&next.name));
    }
    match visit.n_retries {
        0 => {}
        1 => line += " · 1 retry",
        n_retries => line += &format!(" · {n_retries} retries"),
    }
    if n_visits > 1 {
        line += &format!(" · visit {n_visits} of {n_visits}");
    }
    line
}

/// The items that a DynamoDB task read or changed, as tables.
fn items(run: &Run, visit: &Visit) -> Vec<String> {
    let Some(change) = &visit.tables else { return Vec::new() };
    let result = visit.stages.result.as_deref();
    let mut parts = Vec::new();
    if let Some(table) = result.and_then(|result| result.get(parameter::ITEM)).and_then(preview::item_table) {
        parts.push(table);
    }
    for diff in change.before.diff(&change.after) {
        for item in diff.items.iter().take(3) {
            let (before, after) = item.to_json();
            let (verb, table) = match (before, after) {
                (None, Some(after)) => ("written to", preview::item_table(&after)),
                (Some(before), Some(after)) => ("changed in", details::changes_table(&before, &after)),
                (Some(before), None) => ("deleted from", preview::item_table(&before)),
                (None, None) => continue,
            };
            if let Some(table) = table {
                parts.push(format!("Item {verb} {}\n\n{table}", preview::code(&diff.table)));
            }
        }
    }
    let is_read = run.machine.state(visit.state).is_some_and(|state| match &state.body {
        StateBody::Task(task) => Resource::parse(&task.resource).is_some_and(|it| it.action == GET_ITEM),
        _ => false,
    });
    if parts.is_empty() && is_read && result.is_some_and(|result| result.get(parameter::ITEM).is_none()) {
        parts.push("The table has no item with this key.".to_owned());
    }
    parts
}

fn join<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n---\n\n")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use crate::ide::testing::{fixture, run};

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let (analysis, offset) = fixture(text);
        let shown = analysis
            .hover(offset, None)
            .map(|hover| format!("{}\n\n{}\n", analysis.source().slice(hover.range), hover.markdown));
        expected.assert_eq(&shown.unwrap_or_default());
    }

    #[track_caller]
    fn check_run(text: &str, expected: Expect) {
        let (analysis, offset) = fixture(text);
        let run = run(&analysis, json!({"n": 1}));
        let shown = analysis.hover(offset, Some(&run)).map(|hover| hover.markdown + "\n");
        expected.assert_eq(&shown.unwrap_or_default());
    }

    #[test]
    fn a_field_says_what_it_takes() {
        check(
            r#"{"States": {"A": {"Type": "Task", "Timeout<|>Seconds": 3}}}"#,
            expect![[r#"
                "TimeoutSeconds"

                **TimeoutSeconds** · whole number, 1 to 99,999,999 · optional

                How long the task may run before it fails with `States.Timeout`. Default: 99,999,999.

                [States Language specification](https://states-language.net/spec.html#task-state)
            "#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Task", "Retry": [{"JitterStrategy": "<|>FULL"}]}}}"#,
            expect![[r#"
            "FULL"

            **JitterStrategy** · `FULL`, `NONE` · optional

            `FULL`: wait a random part of the interval. Default: `NONE`.

            [States Language specification](https://states-language.net/spec.html#retrying-after-error)
        "#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Pass", "Out<|>put": 3}}}"#,
            expect![[r#"
            "Output"

            **Output** · payload template · optional · JSONata only

            The state's output, with expressions in `{% … %}`. `$states.input` is the input; Task, Parallel and Map have `$states.result`, a catcher `$states.errorOutput`.

            [States Language specification](https://states-language.net/spec.html#pass-state)
        "#]],
        );
    }

    #[test]
    fn the_same_name_elsewhere_means_something_else() {
        check(
            r#"{"TimeoutSeco<|>nds": 3}"#,
            expect![[r#"
                "TimeoutSeconds"

                **TimeoutSeconds** · whole number, 0 to 99,999,999 · optional

                How long an execution may run. When it takes longer it fails with `States.Timeout`.

                [States Language specification](https://states-language.net/spec.html#toplevelfields)
            "#]],
        );
    }

    #[test]
    fn an_item_before_and_after_with_its_sizes() {
        check_run(
            r#"{"StartAt": "Put", "States": {
                "Put": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "ResultPath": null, "Next": "Upd",
                    "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "n": {"N": "1"}, "was": {"S": "x"}}}},
                "U<|>pd": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "End": true, "ResultPath": null,
                    "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}},
                        "UpdateExpression": "SET n = n + :one, seen = :one REMOVE was", "ExpressionAttributeValues": {":one": {"N": "1"}}},
                    "Retry": [{"ErrorEquals": ["DynamoDB.ThrottlingException"], "MaxAttempts": 4, "IntervalSeconds": 2}],
                    "Catch": [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "Put"}, {"ErrorEquals": ["States.ALL"], "Next": "Put"}]}}}"#,
            expect![[r#"
                **Upd** · Task · dynamodb:updateItem

                ---

                ✓ succeeded

                Item changed in `Tab`

                | attribute | before | after |
                | --- | --- | --- |
                | `id` | `"1"` | `"1"` |
                | **`n`** | `1` | `2` |
                | **`seen`** |  | `1` |
                | **`was`** | `"x"` |  |


                input 7 B, output 7 B of 256 KB · item 12 B of 400 KB · 1 capacity unit

                Output
                ```json
                {
                  "n": 1
                }
                ```

                Input
                ```json
                {
                  "n": 1
                }
                ```

                ---

                Errors

                - retried 4 times, first after 2 s: `DynamoDB.ThrottlingException`
                - caught → Put: `DynamoDB.ConditionalCheckFailedException`
                - caught → Put: `States.ALL`
            "#]],
        );
    }

    #[test]
    fn types_operators_and_errors() {
        check(
            r#"{"States": {"A": {"Type": "Pa<|>ss"}}}"#,
            expect![[r#"
            "Pass"

            **Pass** state

            Hands its input to its output, or replaces or reshapes it. Does no work.

            [States Language specification](https://states-language.net/spec.html#pass-state)
        "#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Choice", "Choices": [{"Not": {"IsNu<|>ll": true}}]}}}"#,
            expect![[r#"
            "IsNull"

            **IsNull**

            `true`: holds when `Variable` is `null`; `false`: when it is not.

            [States Language specification](https://states-language.net/spec.html#choice-state)
        "#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Task", "Catch": [{"ErrorEquals": ["States.<|>ALL"]}]}}}"#,
            expect![[r#"
                "States.ALL"

                **States.ALL**

                Matches any error, except `States.Runtime`. Must stand alone, in the last retrier or catcher.

                [AWS documentation](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html)
            "#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Task", "Retry": [{"ErrorEquals": ["DynamoDB.Cond<|>itionalCheckFailedException"]}]}}}"#,
            expect![[r#"
                "DynamoDB.ConditionalCheckFailedException"

                **DynamoDB.ConditionalCheckFailedException**

                The `ConditionExpression` does not hold for the item. As tasks of `arn:aws:states:::dynamodb` report it.
            "#]],
        );
    }

    #[test]
    fn tasks() {
        check(
            r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamo<|>db:putItem"}}}"#,
            expect![[r#"
                "arn:aws:states:::dynamodb:putItem"

                **dynamodb:putItem** · optimized integration

                Writes an item, in the place of the one with the same key if there is one.

                [AWS documentation](https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html)
            "#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:get<|>Object.waitForTaskToken"}}}"#,
            expect![[r#"
                "arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken"

                **s3:getObject** · AWS SDK integration

                `.waitForTaskToken`: the task ends when somebody returns the token that is in the context object.

                [AWS documentation](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html)
            "#]],
        );
        let task = |parameters: &str| {
            format!(
                r#"{{"States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {parameters}}}}}}}"#
            )
        };
        check(
            &task(r#"{"Return<|>Values": "NONE"}"#),
            expect![[r#"
            "ReturnValues"

            **ReturnValues** · putItem · `NONE`, `ALL_OLD` · optional

            Whether to return the item as it was.

            [AWS documentation](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html)
        "#]],
        );
        check(
            &task(r#"{"Item": {"id": {"<|>N.$": "x"}}}"#),
            expect![[r#"
            "N.$"

            **N** · type of an attribute value

            A number, written as a string: `{"N": "42"}`. From a JSON number: `"N.$": "States.Format('{}', $.n)"`.

            [AWS documentation](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html)
        "#]],
        );
    }

    #[test]
    fn a_name_leads_to_its_state() {
        check(
            r#"{"StartAt": "<|>A", "States": {"A": {"Type": "Wait"}}}"#,
            expect![[r#"
            "A"

            **A** · Wait
        "#]],
        );
        check(
            r#"{"StartAt": "A", "States": {"<|>A": {"Type": "Wait"}}}"#,
            expect![[r#"
            "A"

            **A** · Wait
        "#]],
        );
    }

    #[test]
    fn nothing_where_nothing_is_known() {
        check(r#"{"States": {"A": {"Type": "Pass", "Foo<|>": 1}}}"#, expect![""]);
        check("<|>", expect![""]);
    }

    #[test]
    fn input_and_output_after_a_run() {
        check_run(
            r#"{"StartAt": "A", "States": {"<|>A": {"Type": "Pass", "Result": [1], "ResultPath": "$.r", "End": true}}}"#,
            expect![[r#"
                **A** · Pass

                ---

                ✓ succeeded

                input 7 B, output 15 B of 256 KB

                Output
                ```json
                {
                  "n": 1,
                  "r": [
                    1
                  ]
                }
                ```

                Input
                ```json
                {
                  "n": 1
                }
                ```
            "#]],
        );
    }

    #[test]
    fn the_item_of_a_task() {
        check_run(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "<|>arn:aws:states:::dynamodb:putItem",
"Parameters": {"TableName": "Orders", "Item": {"Id": {"S": "1"}, "Total": {"N": "2"}}}, "End": true}}}"#,
            expect![[r#"
                ✓ succeeded

                Item written to `Orders`

                | attribute | type | value |
                | --- | --- | --- |
                | `Id` | S | `"1"` |
                | `Total` | N | `2` |


                input 7 B, output 680 B of 256 KB · item 10 B of 400 KB · 1 capacity unit

                Output
                ```json
                {}
                ```

                Input
                ```json
                {
                  "n": 1
                }
                ```

                ---

                **dynamodb:putItem** · optimized integration

                Writes an item, in the place of the one with the same key if there is one.

                [AWS documentation](https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html)
            "#]],
        );
        check_run(
            r#"{"StartAt": "A", "States": {"A": {"Ty<|>pe": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
"Parameters": {"TableName": "Orders", "Key": {"Id": {"S": "1"}}}, "End": true}}}"#,
            expect![[r#"
                ✓ succeeded

                The table has no item with this key.

                input 7 B, output 680 B of 256 KB · 0.5 capacity units

                Output
                ```json
                {}
                ```

                Input
                ```json
                {
                  "n": 1
                }
                ```

                ---

                **Type** · type of state · required

                What the state does: `Task`, `Pass`, `Choice`, `Wait`, `Succeed`, `Fail`, `Parallel` or `Map`.

                [States Language specification](https://states-language.net/spec.html#task-state)
            "#]],
        );
    }

    #[test]
    fn a_state_that_failed_and_one_not_reached() {
        check_run(
            r#"{"StartAt": "A", "States": {"<|>A": {"Type": "Fail", "Error": "E", "Cause": "no *luck*"}}}"#,
            expect![[r#"
                **A** · Fail

                ---

                ✗ failed with `E`

                > no \*luck\*

                input 7 B of 256 KB

                Input
                ```json
                {
                  "n": 1
                }
                ```
            "#]],
        );
        check_run(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": <|>{"Type": "Succeed"}}}"#,
            expect![[r#"
                The simulation did not reach this state.
            "#]],
        );
    }

    #[test]
    fn parts_of_requests() {
        let task = |action: &str, parameters: &str| {
            format!(
                r#"{{"States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::{action}", "Parameters": {parameters}}}}}}}"#
            )
        };
        let write = |inner: &str| {
            let items = format!(r#"{{"TransactItems": [{{"Update": {{{inner}}}}}]}}"#);
            task("aws-sdk:dynamodb:transactWriteItems", &items)
        };
        check(
            &write(r#""Key<|>": {}"#),
            expect![[r#"
            "Key"

            **Key** · Update · map of attribute values · required

            The item's key: the partition key and, if the table has one, the sort key.
        "#]],
        );
        check(
            &write(
                r##""ConditionExpression": "attribute_exists(#<|>s)", "ExpressionAttributeNames": {"#s": "status"}"##,
            ),
            expect![[r#"
                #s

                `#s`

                The attribute `status`.
            "#]],
        );
        check(
            &write(r#""ConditionExpression": "attribute_<|>exists(a)""#),
            expect![[r#"
            attribute_exists

            `attribute_exists(path)`

            Holds if the item has the attribute.
        "#]],
        );
        check(
            &write(r#""UpdateExpression": "SET a = :<|>v""#),
            expect![[r#"
            :v

            `:v`

            ExpressionAttributeValues does not define it.
        "#]],
        );
        check(
            &task("sqs:sendMessage", r#"{"Queue<|>Url": "x"}"#),
            expect![[r#"
            "QueueUrl"

            **QueueUrl** · sendMessage · string · required

            The URL of the queue.
        "#]],
        );
        check(
            &task("lambda:invoke", r#"{"InvocationType": "Eve<|>nt"}"#),
            expect![[r#"
            "Event"

            **InvocationType** · invoke · `RequestResponse`, `Event`, `DryRun` · optional

            Whether to wait for the function.
        "#]],
        );
    }

    #[test]
    fn who_raises_an_error() {
        let caught = |name: &str| {
            format!(
                r#"{{"States": {{"P": {{"Type": "Parallel", "Branches": [{{"States": {{"F": {{"Type": "Fail", "Error": "OutOfStock"}}}}}}], "Catch": [{{"ErrorEquals": ["{name}"]}}]}}}}}}"#
            )
        };
        check(
            &caught("OutOf<|>Stock"),
            expect![[r#"
            "OutOfStock"

            Raised by **F**.
        "#]],
        );
        check(
            &caught("Lambda.Un<|>known"),
            expect![[r#"
            "Lambda.Unknown"

            **Lambda.Unknown**

            The function ended without an answer: out of memory, or longer than its timeout.
        "#]],
        );
        check(&caught("No<|>body"), expect![""]);
    }

    #[test]
    fn where_a_function_is() {
        check(
            r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:Pay:<|>live"}}}"#,
            expect![[r#"
                "arn:aws:lambda:eu-west-1:111122223333:function:Pay:live"

                **Pay:live** · Lambda function

                Region `eu-west-1`, account `111122223333`.

                [AWS documentation](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html)
            "#]],
        );
    }
}
