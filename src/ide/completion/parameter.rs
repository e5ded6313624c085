//! Parameters of what a task calls, to any depth, and their values.

use std::collections::BTreeSet;

use super::attribute_value;
use super::table::{self, TableFacts};
use super::value::{EXPRESSION, booleans, item as value_item};
use super::{CompletionKind, Draft, Insert, Item, Key, Scene};
use crate::dynamodb::expression::{TokenKind, tokenize};
use crate::ide::doc;
use crate::ide::preview;
use crate::ide::request::{Request, RequestRole};
use crate::spec::context::{CONTEXT_TASK_TOKEN, STATES_TASK_TOKEN};
use crate::spec::dynamodb::parameter;
use crate::spec::service::parameter::PAYLOAD;
use crate::spec::{Holds, ObjectSpec, Parameter, Pattern, QueryLanguage, Resource, service};
use crate::syntax::{Member, Node};

/// What stands for an attribute whose name is not known.
const SOME_NAME: &str = "id";
/// Levels of required objects that are written into a draft.
const DRAFT_DEPTH_MAX: usize = 3;

/// Keys of an object in the parameters.
pub(super) fn keys(scene: &Scene<'_>, object: Node<'_>) -> Vec<Item> {
    let Some(request) = Request::within(&scene.ctx, object) else { return Vec::new() };
    match request.role {
        RequestRole::Object(spec) => parameters(scene, &request, spec, object),
        RequestRole::Value(Holds::ByTable(holds)) => tables(scene, object, &request, *holds),
        RequestRole::Value(Holds::Names) => placeholders(scene, &request, object, TokenKind::NamePlaceholder),
        RequestRole::AttributeMap if is_values(&request, object) => {
            placeholders(scene, &request, object, TokenKind::ValuePlaceholder)
        }
        RequestRole::AttributeMap | RequestRole::AttributeValue => {
            attribute_value::keys(scene, &request, object)
        }
        _ => Vec::new(),
    }
}

/// Whether an object is the map of a parameter, not one within an attribute value.
fn is_values(request: &Request<'_>, object: Node<'_>) -> bool {
    let is_it = request.parameter.filter(|parameter| parameter.holds == Holds::Values);
    is_it.and_then(|parameter| request.object.value_of(parameter.name)) == Some(object)
}

/// Members of an object that are not the one that is being typed.
pub(super) fn others<'a>(scene: &Scene<'_>, object: Node<'a>) -> impl Iterator<Item = Member<'a>> {
    let current = scene.current.map(|current| current.node().id());
    object.members().filter(move |member| current != Some(member.node().id()))
}

/// The parameters that are missing: required ones first, then the others, those that come from the input, older forms.
fn parameters(
    scene: &Scene<'_>,
    request: &Request<'_>,
    spec: &'static ObjectSpec,
    object: Node<'_>,
) -> Vec<Item> {
    let given: BTreeSet<String> = others(scene, object)
        .map(|member| {
            let key = member.key();
            key.strip_suffix(".$").unwrap_or(&key).to_owned()
        })
        .collect();
    if spec.is_union && !given.is_empty() {
        return Vec::new();
    }
    let is_settled = |name: &str| {
        let group = spec.one_of.iter().find(|group| group.contains(&name));
        given.contains(name) || group.is_some_and(|group| group.iter().any(|other| given.contains(*other)))
    };
    let is_needed =
        |it: &Parameter| it.is_required || spec.one_of.iter().any(|group| group.contains(&it.name));
    let missing: Vec<&Parameter> =
        spec.taken(request.service).filter(|parameter| !is_settled(parameter.name)).collect();
    let (first, last): (Vec<_>, Vec<_>) = missing.into_iter().partition(|parameter| is_needed(parameter));
    let (older, last): (Vec<_>, Vec<_>) =
        last.into_iter().partition(|parameter: &&Parameter| parameter.is_older);
    let item = |it: &Parameter| {
        let need = if it.is_required {
            "required · "
        } else if is_needed(it) {
            "one of several · "
        } else {
            ""
        };
        Item {
            detail: Some(format!("{need}{}", spec.name)),
            ..parameter_item(spec, it, it.name, draft(scene, request.table.as_deref(), it.holds, 0))
        }
    };
    let mut items: Vec<Item> = first.iter().chain(&last).map(|it| item(it)).collect();
    if scene.ctx.language == QueryLanguage::JsonPath {
        let from_input = first.iter().filter(|it| comes_from_input(it.holds, true));
        let from_input = from_input.chain(last.iter().filter(|it| comes_from_input(it.holds, false)));
        items.extend(from_input.map(|it| Item {
            label: format!("{}.$", it.name),
            insert: Insert::Member(Key::Fixed(format!("{}.$", it.name)), Draft::around("$.", "")),
            ..item(it)
        }));
    }
    items.extend(older.iter().map(|it| item(it)));
    items
}

/// Whether a parameter often comes from the input.
fn comes_from_input(holds: Holds, is_needed: bool) -> bool {
    match holds {
        Holds::Table
        | Holds::Key
        | Holds::Item
        | Holds::Values
        | Holds::Keys
        | Holds::ValueList
        | Holds::Json
        | Holds::ByTable(_)
        | Holds::List(_) => true,
        Holds::Text | Holds::Texts | Holds::Map => is_needed,
        _ => false,
    }
}

fn parameter_item(spec: &ObjectSpec, parameter: &Parameter, key: &str, draft: Draft) -> Item {
    Item {
        label: key.to_owned(),
        kind: CompletionKind::Parameter,
        detail: Some(spec.name.to_owned()),
        documentation: doc::parameter(spec, parameter).into(),
        insert: Insert::Member(Key::Fixed(key.to_owned()), draft),
    }
}

/// The tables as keys of a batch.
fn tables(scene: &Scene<'_>, object: Node<'_>, request: &Request<'_>, holds: Holds) -> Vec<Item> {
    let mut names = table::names(scene);
    names.retain(|name| others(scene, object).all(|member| !member.key_is(name)));
    let documentation = request.parameter.map(|it| doc::parameter(request.spec, it)).unwrap_or_default();
    let item = |name: String| Item {
        kind: CompletionKind::Parameter,
        detail: Some("table".to_owned()),
        documentation: documentation.clone().into(),
        insert: Insert::Member(Key::Fixed(name.clone()), draft(scene, Some(&name), holds, 0)),
        label: name,
    };
    names.into_iter().map(item).collect()
}

/// Placeholders that the expressions of an object use and nothing defines; then those of attributes.
fn placeholders(scene: &Scene<'_>, request: &Request<'_>, map: Node<'_>, kind: TokenKind) -> Vec<Item> {
    let facts = table::facts(scene, request.table.as_deref());
    let mut used: Vec<String> = Vec::new();
    for parameter in request.spec.parameters {
        let Some(text) = request.object.value_of(parameter.name).and_then(Node::text) else { continue };
        if !matches!(parameter.holds, Holds::Expression(_)) {
            continue;
        }
        let tokens = tokenize(&text).into_iter().filter(|token| token.kind == kind);
        used.extend(tokens.filter_map(|token| text.get(token.range.to_usize()).map(str::to_owned)));
    }
    let is_name = kind == TokenKind::NamePlaceholder;
    let sigil = if is_name { '#' } else { ':' };
    let n_used = used.len();
    used.extend(facts.attributes.keys().map(|name| format!("{sigil}{}", table::word_of(name))));
    let mut items: Vec<Item> = Vec::new();
    for (idx, name) in used.into_iter().enumerate() {
        let is_given = others(scene, map).any(|member| member.key_is(&name));
        if is_given || items.iter().any(|item| item.label == name) {
            continue;
        }
        let attribute = facts.attributes.iter().find(|(it, _)| name.get(1..) == Some(&table::word_of(it)));
        let value = match attribute {
            Some((attribute, _)) if is_name => Draft::Text(attribute.clone()),
            None if is_name => Draft::Text(name.get(1..).unwrap_or_default().to_owned()),
            attribute => attribute_value::draft(attribute.map_or("S", |(_, kind)| kind)),
        };
        let what = if idx < n_used { "used in an expression" } else { "new" };
        items.push(Item {
            kind: CompletionKind::Placeholder,
            detail: Some(attribute.map_or(what.to_owned(), |(_, kind)| format!("{what} · {kind}"))),
            documentation: format!("The placeholder {} of expressions.", preview::code(&name)).into(),
            insert: Insert::Member(Key::Fixed(name.clone()), value),
            label: name,
        });
    }
    items
}

/// Values of a member in the parameters.
pub(super) fn values(scene: &Scene<'_>, member: Member<'_>) -> Vec<Item> {
    let Some(object) = member.node().parent() else { return Vec::new() };
    let Some(request) = Request::within(&scene.ctx, object) else { return Vec::new() };
    let key = member.key();
    let table = request.table.as_deref();
    if request.role == RequestRole::Value(Holds::Names) {
        return attributes(scene, table, &key);
    }
    let spec_and_parameter = match request.role {
        RequestRole::Object(spec) => spec.parameter(&key).map(|it| (spec, it)),
        _ => request.parameter.map(|it| (request.spec, it)),
    };
    let Some((spec, parameter)) = spec_and_parameter else { return Vec::new() };
    let documentation = doc::parameter(spec, parameter);
    let text = |value: &str| value_item(value, Draft::Fixed(value.to_owned()), documentation.clone());
    let whole = |label: &str, holds: Holds| {
        vec![value_item(label, draft(scene, table, holds, 0), documentation.clone())]
    };
    match request.below(&key) {
        RequestRole::Value(holds) => match holds {
            Holds::Boolean => booleans(&documentation),
            Holds::Enum(values) => values.iter().map(|value| text(value)).collect(),
            Holds::Table => table_names(scene).iter().map(|name| text(name)).collect(),
            Holds::Index => table::facts(scene, table).indexes.iter().map(|name| text(name)).collect(),
            Holds::Names | Holds::Map => whole("{ … }", holds),
            Holds::ByTable(inner) => {
                let name = table_names(scene).first().cloned().unwrap_or_default();
                let inner = draft(scene, Some(&name), *inner, 1);
                vec![value_item("{ … }", Draft::Object(vec![(name, inner)]), documentation)]
            }
            Holds::List(_) | Holds::Texts => whole("[ … ]", holds),
            _ => Vec::new(),
        },
        RequestRole::Object(spec) => whole("{ … }", Holds::Object(spec)),
        RequestRole::AttributeMap if matches!(request.role, RequestRole::Object(_)) => {
            whole("{ … }", parameter.holds)
        }
        RequestRole::Keys | RequestRole::AttributeList if matches!(request.role, RequestRole::Object(_)) => {
            whole("[ … ]", parameter.holds)
        }
        _ => attribute_value::values(scene, &request, &key),
    }
}

/// Elements of a list in the parameters.
pub(super) fn elements(scene: &Scene<'_>, array: Node<'_>) -> Vec<Item> {
    let Some(request) = Request::within(&scene.ctx, array) else { return Vec::new() };
    let table = request.table.as_deref();
    let documentation = || request.parameter.map(|it| doc::parameter(request.spec, it)).unwrap_or_default();
    match request.element() {
        RequestRole::Object(spec) if spec.is_union => spec
            .parameters
            .iter()
            .map(|part| Item {
                kind: CompletionKind::Snippet,
                detail: Some(spec.name.to_owned()),
                insert: Insert::Value(Draft::Object(vec![(
                    part.name.to_owned(),
                    draft(scene, table, part.holds, 1),
                )])),
                ..value_item(part.name, Draft::Object(Vec::new()), doc::parameter(spec, part))
            })
            .collect(),
        RequestRole::Object(spec) => vec![Item {
            kind: CompletionKind::Snippet,
            detail: Some("object".to_owned()),
            ..value_item(spec.name, draft(scene, table, Holds::Object(spec), 0), documentation())
        }],
        RequestRole::AttributeMap => {
            vec![Item {
                kind: CompletionKind::Snippet,
                detail: Some("object".to_owned()),
                ..value_item("key", draft(scene, table, Holds::Key, 0), documentation())
            }]
        }
        RequestRole::AttributeValue => attribute_value::whole(None),
        _ => Vec::new(),
    }
}

/// Names of attributes of a table, for a placeholder: the one that it is called like first.
fn attributes(scene: &Scene<'_>, table: Option<&str>, placeholder: &str) -> Vec<Item> {
    let TableFacts { key, attributes, .. } = table::facts(scene, table);
    let is_key = |name: &str| key.iter().any(|(known, _)| known == name);
    let mut names: Vec<(&String, &String)> = attributes.iter().collect();
    names.sort_by_key(|(name, _)| placeholder.get(1..) != Some(&table::word_of(name)));
    let item = |(name, kind): (&String, &String)| {
        let what = if is_key(name) { "key of the table" } else { "attribute of the table" };
        Item {
            kind: CompletionKind::Parameter,
            detail: Some(format!("{what} · {kind}")),
            ..value_item(name, Draft::Fixed(name.clone()), format!("The attribute {}.", preview::code(name)))
        }
    };
    names.into_iter().map(item).collect()
}

/// What a task with a resource needs to be told, as an object.
pub(super) fn required(scene: &Scene<'_>, resource: &Resource<'_>) -> Draft {
    let Some(spec) = service::action(resource) else { return Draft::Object(Vec::new()) };
    let table = table_names(scene).into_iter().next();
    let language = scene.ctx.language;
    let is_usual = |it: &&Parameter| {
        let is_choice = spec.one_of.iter().any(|group| group.first() == Some(&it.name));
        it.is_required || is_choice || it.name == PAYLOAD
    };
    let members = spec.taken(resource.kind).filter(is_usual).map(|it| match it.holds {
        Holds::Json => payload(it.name, language, resource.pattern),
        holds => (it.name.to_owned(), draft(scene, table.as_deref(), holds, 0)),
    });
    Draft::Object(members.chain(expression(scene, spec, table.as_deref())).collect())
}

/// The expression without which an action does nothing, with its placeholders.
fn expression(scene: &Scene<'_>, spec: &ObjectSpec, table: Option<&str>) -> Vec<(String, Draft)> {
    let one = |key: &str, draft: Draft| Draft::Inline(vec![(key.to_owned(), draft)]);
    let (field, text, placeholder, name, kind) =
        if let Some(update) = spec.parameter(parameter::UPDATE_EXPRESSION) {
            (update.name, "SET #name = :value", "#name", "name".to_owned(), "S".to_owned())
        } else if let Some(condition) = spec.parameter(parameter::KEY_CONDITION) {
            // A query is about one partition key.
            let key = table::facts(scene, table).key.into_iter().next();
            let (name, kind) = key.unwrap_or_else(|| (SOME_NAME.to_owned(), "S".to_owned()));
            (condition.name, "#key = :value", "#key", name, kind)
        } else {
            return Vec::new();
        };
    vec![
        (field.to_owned(), Draft::Text(text.to_owned())),
        (parameter::EXPRESSION_ATTRIBUTE_NAMES.to_owned(), one(placeholder, Draft::Text(name))),
        (parameter::EXPRESSION_ATTRIBUTE_VALUES.to_owned(), one(":value", attribute_value::draft(&kind))),
    ]
}

/// A parameter that gets the state's input, with the token of a task that waits for it.
fn payload(name: &str, language: QueryLanguage, pattern: Pattern) -> (String, Draft) {
    const TOKEN: &str = "TaskToken";
    const INPUT: &str = "Input";
    let member = |name: &str, path: &str, expression: &str| match language {
        QueryLanguage::JsonPath => (format!("{name}.$"), Draft::Text(path.to_owned())),
        QueryLanguage::Jsonata => (name.to_owned(), Draft::Text(expression.to_owned())),
    };
    if pattern == Pattern::WaitForTaskToken {
        let token = member(TOKEN, CONTEXT_TASK_TOKEN, STATES_TASK_TOKEN);
        let input = member(INPUT, "$", "{% $states.input %}");
        return (name.to_owned(), Draft::Object(vec![input, token]));
    }
    member(name, "$", "{% $states.input %}")
}

/// What to write as a value to begin with.
pub(super) fn draft(scene: &Scene<'_>, table: Option<&str>, holds: Holds, depth: usize) -> Draft {
    let attribute = |name: &str, kind: &str| (name.to_owned(), attribute_value::draft(kind));
    match holds {
        Holds::Table => Draft::Text(match table {
            Some(name) if depth > 0 => name.to_owned(),
            _ => table_names(scene).first().cloned().unwrap_or_default(),
        }),
        Holds::Key | Holds::Item => {
            let key = table::facts(scene, table).key;
            let key: Vec<_> = key.iter().map(|(name, kind)| attribute(name, kind)).collect();
            Draft::Object(if key.is_empty() { vec![attribute(SOME_NAME, "S")] } else { key })
        }
        Holds::Keys => Draft::Array(vec![draft(scene, table, Holds::Key, depth)]),
        Holds::Values => Draft::Object(vec![attribute(":value", "S")]),
        Holds::Names => Draft::Object(vec![("#name".to_owned(), Draft::Text("name".to_owned()))]),
        Holds::ValueList => Draft::InlineArray(vec![attribute_value::draft("S")]),
        Holds::Boolean => Draft::Raw("true".to_owned()),
        Holds::Enum(values) => Draft::Text(values.first().copied().unwrap_or_default().to_owned()),
        Holds::Index => Draft::Text(table::facts(scene, table).indexes.first().cloned().unwrap_or_default()),
        Holds::Integer => Draft::Raw("1".to_owned()),
        Holds::Json if scene.ctx.language == QueryLanguage::Jsonata => EXPRESSION,
        Holds::Text | Holds::Expression(_) | Holds::Json => Draft::Text(String::new()),
        Holds::Texts => Draft::InlineArray(vec![Draft::Text(String::new())]),
        Holds::Map => Draft::Object(Vec::new()),
        Holds::Object(spec) => object(scene, table, spec, depth + 1),
        Holds::List(spec) => Draft::Array(vec![object(scene, table, spec, depth + 1)]),
        Holds::ByTable(inner) => {
            let name = table_names(scene).first().cloned().unwrap_or_default();
            let inner = draft(scene, Some(&name), *inner, depth + 1);
            if name.is_empty() { Draft::Object(Vec::new()) } else { Draft::Object(vec![(name, inner)]) }
        }
    }
}

/// An object with what it needs; of alternatives, the first.
fn object(scene: &Scene<'_>, table: Option<&str>, spec: &'static ObjectSpec, depth: usize) -> Draft {
    if depth > DRAFT_DEPTH_MAX {
        return Draft::Object(Vec::new());
    }
    let n_taken = if spec.is_union { 1 } else { usize::MAX };
    let members = spec.parameters.iter().filter(|it| it.is_required || spec.is_union).take(n_taken);
    Draft::Object(members.map(|it| (it.name.to_owned(), draft(scene, table, it.holds, depth))).collect())
}

/// The tables that are declared or that other tasks use, without the name that is being typed.
fn table_names(scene: &Scene<'_>) -> Vec<String> {
    let mut names = table::names(scene);
    let typed = scene.current.and_then(Member::value).and_then(Node::text);
    names.retain(|name| typed.as_deref() != Some(name));
    names
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit, state, task};
    use crate::ide::Analysis;
    use crate::ide::testing::{fixture, run_with_tables};

    #[test]
    fn parameters() {
        check(
            &task("dynamodb:putItem", "{<|>}"),
            20,
            expect![
                "TableName, Item, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues, ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ConditionalOperator, TableName.$, Item.$, ExpressionAttributeValues.$, Expected"
            ],
        );
        check(
            &task("dynamodb:getItem", r#"{"TableName": "T", "<|>"}"#),
            4,
            expect!["Key, ConsistentRead, ProjectionExpression, ExpressionAttributeNames … 3 more"],
        );
        check(
            &task("aws-sdk:dynamodb:deleteItem", r#"{"TableName.$": "$.t", <|>}"#),
            2,
            expect!["Key, ConditionExpression … 10 more"],
        );
        check(
            &task("sqs:sendMessage", "{<|>}"),
            20,
            expect![
                "QueueUrl, MessageBody, DelaySeconds, MessageAttributes, MessageDeduplicationId, MessageGroupId, QueueUrl.$, MessageBody.$"
            ],
        );
        check(&task("dynamodb:putItem", r#"{"ReturnValues": "<|>"}"#), 20, expect!["NONE, ALL_OLD"]);
        check(&task("dynamodb:getItem", r#"{"ConsistentRead": <|>}"#), 20, expect!["true, false"]);
        check_edit(
            &state(r#""Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", <|>"#),
            "Parameters",
            expect![[r#"
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {
              "TableName": "",
              "Key": {
                "id": { "S": "" }
              }
            }}, "B": {"Type": "Succeed"}}}"#]],
        );
    }

    #[test]
    fn the_key_of_a_table_is_known() {
        let text = r#"{"StartAt": "A", "States": {
"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Orders", "Item": {"OrderId": {"S": "1"}}}, "Next": "B"},
"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", <|>}, "End": true}}}"#;
        check_edit(
            text,
            "Key",
            expect![[r#"
        {"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Orders", "Item": {"OrderId": {"S": "1"}}}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {
          "OrderId": { "S": "" }
        }}, "End": true}}}"#]],
        );
        check(&text.replace("\"Orders\", <|>", "\"<|>\""), 20, expect!["Orders"]);
        check(&text.replace("<|>", "\"Key\": {<|>}"), 20, expect!["OrderId"]);
    }

    #[test]
    fn parameters_of_the_sdk_actions() {
        check(
            &task("aws-sdk:dynamodb:query", "{<|>}"),
            4,
            expect![
                "TableName, KeyConditionExpression, ExpressionAttributeValues, ExpressionAttributeNames … 16 more"
            ],
        );
        check(
            &task("aws-sdk:dynamodb:query", r#"{"TableName": "T", "Select": "<|>"}"#),
            9,
            expect!["ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES, SPECIFIC_ATTRIBUTES, COUNT"],
        );
        check(
            &task(
                "aws-sdk:dynamodb:putItem",
                r#"{"TableName": "T", "Item": {}, "ReturnValuesOnConditionCheckFailure": "<|>"}"#,
            ),
            9,
            expect!["NONE, ALL_OLD"],
        );
        check(
            &task("aws-sdk:dynamodb:transactWriteItems", "{<|>}"),
            9,
            expect![
                "TransactItems, ClientRequestToken, ReturnConsumedCapacity, ReturnItemCollectionMetrics, TransactItems.$"
            ],
        );
    }

    #[test]
    fn names_of_indexes_and_attributes_come_from_the_run() {
        let text = |body: &str| {
            format!(
                r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Parameters": {{"TableName": "Tab", {body}}}, "End": true}}}}}}"#
            )
        };
        let (analysis, offset) = fixture(&text(r#""IndexName": "<|>""#));
        let tables = serde_json::json!([{
            "TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
            "GlobalSecondaryIndexes": [{"IndexName": "by-time", "KeySchema": [{"AttributeName": "at", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"}}],
            "Items": [{"id": {"S": "1"}, "note": {"L": []}}]
        }]);
        let run = run_with_tables(&analysis, &tables);
        let labels = |analysis: &Analysis, offset| {
            let completions = analysis.completion(offset, Some(&run));
            completions.iter().map(|it| it.label.clone()).take(4).collect::<Vec<_>>().join(", ")
        };
        expect!["by-time"].assert_eq(&labels(&analysis, offset));
        let (analysis, offset) = fixture(&text(r#""FilterExpression": "<|>""#));
        expect!["#at, id, note, :at"].assert_eq(&labels(&analysis, offset));
    }

    /// A definition whose other task tells what the table `Tab` has, and a task with parameters.
    fn with_table(action: &str, parameters: &str) -> String {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {{"TableName": "Tab", "Item": {{"id": {{"S": "1"}}, "status": {{"S": "x"}}, "total": {{"N": "1"}}}}}}, "Next": "B"}}, "B": {{"Type": "Task", "Resource": "arn:aws:states:::{action}", "Parameters": {parameters}, "End": true}}}}}}"#
        )
    }

    #[test]
    fn operations_of_transactions() {
        let write = |inner: &str| {
            let items = format!(r#"{{"TransactItems": [{inner}]}}"#);
            with_table("aws-sdk:dynamodb:transactWriteItems", &items)
        };
        check(&write("<|>"), 9, expect!["Put, Update, Delete, ConditionCheck"]);
        check(&write("{<|>}"), 9, expect!["Put, Update, Delete, ConditionCheck"]);
        check(&write(r#"{"Put": {}, <|>}"#), 9, expect![""]);
        check(
            &write(r#"{"Update": {<|>}}"#),
            20,
            expect![
                "TableName, Key, UpdateExpression, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure, TableName.$, Key.$, ExpressionAttributeValues.$"
            ],
        );
        check(&write(r#"{"ConditionCheck": {"TableName": "Tab", "Key": {"<|>"}}}"#), 9, expect!["id"]);
        check(&write(r#"{"Put": {"TableName": "Tab", "Item": {<|>}}}"#), 9, expect!["id, status, total"]);
        check(
            &write(r#"{"Put": {"TableName": "Tab", "Item": {"total": {<|>}}}}"#),
            3,
            expect!["N, N.$, S … 13 more"],
        );
        check(
            &write(r#"{"Delete": {"ReturnValuesOnConditionCheckFailure": "<|>"}}"#),
            9,
            expect!["NONE, ALL_OLD"],
        );
        check(
            &write(r#"{"Update": {"TableName": "Tab", "UpdateExpression": "SET #<|>"}}"#),
            9,
            expect!["#id, #status, #total"],
        );
        check_edit(
            &write("{<|>}"),
            "Update",
            expect![[r#"
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "Parameters": {"TransactItems": [{"Update": {
              "TableName": "Tab",
              "Key": {
                "id": { "S": "" }
              },
              "UpdateExpression": ""
            }}]}, "End": true}}}"#]],
        );
        check_edit(
            &write("<|>"),
            "ConditionCheck",
            expect![[r#"
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "Parameters": {"TransactItems": [{
              "ConditionCheck": {
                "TableName": "Tab",
                "Key": {
                  "id": { "S": "" }
                },
                "ConditionExpression": ""
              }
            }]}, "End": true}}}"#]],
        );
        check(
            &with_table("aws-sdk:dynamodb:transactGetItems", r#"{"TransactItems": [{"Get": {<|>}}]}"#),
            9,
            expect!["TableName, Key, ProjectionExpression, ExpressionAttributeNames, TableName.$, Key.$"],
        );
    }

    #[test]
    fn operations_of_batches() {
        let write = |inner: &str| {
            with_table("aws-sdk:dynamodb:batchWriteItem", &format!(r#"{{"RequestItems": {inner}}}"#))
        };
        check(&write("{<|>}"), 9, expect!["Tab"]);
        check(&write(r#"{"Tab": [<|>]}"#), 9, expect!["PutRequest, DeleteRequest"]);
        check(&write(r#"{"Tab": [{<|>}]}"#), 9, expect!["PutRequest, DeleteRequest"]);
        check(&write(r#"{"Tab": [{"PutRequest": {<|>}}]}"#), 9, expect!["Item, Item.$"]);
        check(&write(r#"{"Tab": [{"DeleteRequest": {"Key": {<|>}}}]}"#), 9, expect!["id"]);
        check_edit(
            &write("{<|>}"),
            "Tab",
            expect![[r#"
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:batchWriteItem", "Parameters": {"RequestItems": {"Tab": [
              {
                "PutRequest": {
                  "Item": {
                    "id": { "S": "" }
                  }
                }
              }
            ]}}, "End": true}}}"#]],
        );
        let read = |inner: &str| {
            with_table("aws-sdk:dynamodb:batchGetItem", &format!(r#"{{"RequestItems": {inner}}}"#))
        };
        check(
            &read(r#"{"Tab": {<|>}}"#),
            9,
            expect![
                "Keys, ProjectionExpression, ExpressionAttributeNames, ConsistentRead, Keys.$, AttributesToGet"
            ],
        );
        check(&read(r#"{"Tab": {"Keys": [<|>]}}"#), 9, expect!["key"]);
        check(&read(r#"{"Tab": {"Keys": [{<|>}]}}"#), 9, expect!["id"]);
        check(&read(r#"{"Tab": {"ProjectionExpression": "<|>"}}"#), 9, expect!["id, #status, #total"]);
    }

    #[test]
    fn statements() {
        let batch = |inner: &str| task("aws-sdk:dynamodb:batchExecuteStatement", inner);
        check(
            &batch(r#"{"Statements": [{<|>}]}"#),
            9,
            expect![
                "Statement, Parameters, ConsistentRead, ReturnValuesOnConditionCheckFailure, Statement.$, Parameters.$"
            ],
        );
        check(
            &batch(r#"{"Statements": [{"Statement": "", "Parameters": [<|>]}]}"#),
            3,
            expect!["S, N, BOOL … 7 more"],
        );
        check(
            &batch(r#"{"Statements": [{"Statement": "", "Parameters": [{<|>}]}]}"#),
            3,
            expect!["S, N, BOOL … 13 more"],
        );
    }

    #[test]
    fn names_and_values_of_expressions() {
        let update = |inner: &str| {
            with_table(
                "dynamodb:updateItem",
                &format!(
                    r##"{{"TableName": "Tab", "UpdateExpression": "SET #s = :new, total = :total", {inner}}}"##
                ),
            )
        };
        check(&update(r#""ExpressionAttributeNames": {<|>}"#), 9, expect!["#s, #id, #status, #total"]);
        check(&update(r##""ExpressionAttributeNames": {"#s": "<|>"}"##), 9, expect!["id, status, total"]);
        check(&update(r##""ExpressionAttributeNames": {"#total": "<|>"}"##), 9, expect!["total, id, status"]);
        check(&update(r#""ExpressionAttributeValues": {<|>}"#), 9, expect![":new, :total, :id, :status"]);
        check(&update(r#""ExpressionAttributeValues": {":total": {<|>}}"#), 2, expect!["N, N.$ … 14 more"]);
        check(&update(r#""Key": {"id": {"M": {<|>}}}"#), 2, expect![""]);
        check_edit(
            &update(r#""ExpressionAttributeValues": {<|>}"#),
            ":total",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Tab", "UpdateExpression": "SET #s = :new, total = :total", "ExpressionAttributeValues": {":total": { "N": "0" }}}, "End": true}}}"#
            ]],
        );
    }

    #[test]
    fn what_other_services_take() {
        check(
            &task("lambda:invoke", "{<|>}"),
            9,
            expect![
                "FunctionName, Payload, Qualifier, InvocationType, LogType, ClientContext, FunctionName.$, Payload.$"
            ],
        );
        check(
            &task("sns:publish", "{<|>}"),
            9,
            expect![
                "Message, TopicArn, TargetArn, PhoneNumber, Subject, MessageStructure, MessageAttributes, MessageDeduplicationId, MessageGroupId … 4 more"
            ],
        );
        check(
            &task("sns:publish", r#"{"TargetArn": "x", <|>}"#),
            4,
            expect!["Message, Subject, MessageStructure, MessageAttributes … 3 more"],
        );
        check(
            &task("events:putEvents", r#"{"Entries": [{<|>}]}"#),
            9,
            expect![
                "Source, DetailType, Detail, EventBusName, Resources, Time, TraceHeader, Source.$, DetailType.$ … 1 more"
            ],
        );
        check(
            &task("lambda:invoke", r#"{"InvocationType": "<|>"}"#),
            9,
            expect!["RequestResponse, Event, DryRun"],
        );
        check(
            &task("ecs:runTask", r#"{"NetworkConfiguration": {"AwsvpcConfiguration": {<|>}}}"#),
            9,
            expect!["Subnets, SecurityGroups, AssignPublicIp, Subnets.$"],
        );
        check_edit(
            &task("sqs:sendMessage.waitForTaskToken", "{}").replace("\"Parameters\": {}, ", "<|>"),
            "Parameters",
            expect![[r#"
                {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {
                  "QueueUrl": "",
                  "MessageBody": {
                    "Input.$": "$",
                    "TaskToken.$": "$$.Task.Token"
                  }
                },"End": true}, "B": {"Type": "Succeed"}}}"#]],
        );
    }
}
