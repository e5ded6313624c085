//! What could be put at a place in a file of scenarios.

use super::{ScenarioDocument, hover};
use crate::ide::completion::{Insert, Item, Key, fitted, names_of_errors};
use crate::ide::{Analysis, Completion, CompletionKind};
use crate::model::{State, StateBody, StateMachine};
use crate::scenarios::{
    KeyRole, MemberSpec, Owner, PLACEHOLDERS, Role, ValueForm, key_role, members_of, role,
};
use crate::semantic::assume_tables;
use crate::spec::dynamodb::parameter;
use crate::spec::resource::ATTRIBUTE_TYPES;
use crate::spec::{ErrorName, Field, StateKind};
use crate::syntax::edit::Draft;
use crate::syntax::{Cursor, Member, Node, NodeKind, Place, cursor};
use crate::text::TextSize;

/// The members of a CreateTable request that a table of a simulation is told by, and of those in them.
const ATTRIBUTE_NAME: &str = "AttributeName";
const ATTRIBUTE_TYPE: &str = "AttributeType";
const KEY_TYPE: &str = "KeyType";
/// Types of keys.
const KEY_TYPES: [&str; 2] = ["HASH", "RANGE"];
/// Types of attributes that keys can have.
const KEY_ATTRIBUTE_TYPES: [&str; 3] = ["S", "N", "B"];

/// What is asked about.
struct Scene<'a> {
    definition: Option<&'a Analysis>,
    files: &'a [String],
}

pub(super) fn completion(
    document: &ScenarioDocument,
    offset: TextSize,
    definition: Option<&Analysis>,
    files: &[String],
) -> Vec<Completion> {
    let Some(cursor) = cursor(document.parse(), offset) else { return Vec::new() };
    let items = Scene { definition, files }.items(&cursor);
    fitted(&document.text, cursor, items)
}

impl Scene<'_> {
    fn items(&self, cursor: &Cursor<'_>) -> Vec<Item> {
        match cursor.place {
            Place::Key { object, member, .. } => self.keys(object, member),
            Place::Value { member, .. } => self.values_of(member),
            Place::Element { array, .. } => self.elements(array),
            Place::Root => vec![value("{}", file(), "")],
        }
    }

    fn machine(&self) -> Option<&StateMachine> {
        self.definition.map(|definition| &**definition.machine())
    }

    fn keys(&self, object: Node<'_>, current: Option<Member<'_>>) -> Vec<Item> {
        let has = |name: &str| {
            object.members().any(|it| it.key_is(name) && current.is_none_or(|own| own.node() != it.node()))
        };
        let of_object = role(object);
        let items = match of_object {
            Role::Object(owner) => members_of(owner).map(member_item).collect(),
            Role::Value(spec) if matches!(key_role(of_object, ""), KeyRole::State(_)) => self.states(spec),
            Role::Value(spec) if spec.form == ValueForm::Items => {
                self.tables().into_iter().map(|name| key(&name, Draft::Array(Vec::new()), "")).collect()
            }
            Role::Part(spec) | Role::Within(spec) => self.keys_within(spec, object),
            _ => Vec::new(),
        };
        items.into_iter().filter(|item: &Item| !has(&item.label)).collect()
    }

    /// The states that can stand here as keys: those that can be mocked, or all.
    fn states(&self, spec: &MemberSpec) -> Vec<Item> {
        let (Some(definition), Some(machine)) = (self.definition, self.machine()) else { return Vec::new() };
        let is_mock = matches!(spec.form, ValueForm::Calls(_));
        let item = |state: &State| {
            let draft =
                if is_mock { Draft::Object(reply_members().take(1).map(reply).collect()) } else { empty() };
            Item {
                kind: CompletionKind::State,
                detail: state.kind().map(|kind| kind.name().to_owned()),
                ..key(&state.name, draft, &hover::state(definition, &state.name).unwrap_or_default())
            }
        };
        let states = machine.all_states().map(|(_, state)| state);
        states.filter(|state| !is_mock || state.kind() == Some(StateKind::Task)).map(item).collect()
    }

    /// The keys within tables and items: members of requests, types of attribute values, parts of errors.
    fn keys_within(&self, spec: &MemberSpec, object: Node<'_>) -> Vec<Item> {
        let fields =
            |names: &[&str]| names.iter().map(|name| key(name, Draft::Text(String::new()), "")).collect();
        match spec.form {
            ValueForm::Tables if matches!(role(object), Role::Part(_)) => table_members(),
            ValueForm::Tables | ValueForm::Items if is_attribute_value(object) => {
                let types = ATTRIBUTE_TYPES.iter();
                types
                    .map(|(name, doc)| Item {
                        kind: CompletionKind::AttributeType,
                        ..key(name, attribute(name), doc)
                    })
                    .collect()
            }
            ValueForm::Tables => match list_of(object).as_deref() {
                Some("KeySchema") => fields(&[ATTRIBUTE_NAME, KEY_TYPE]),
                Some("AttributeDefinitions") => fields(&[ATTRIBUTE_NAME, ATTRIBUTE_TYPE]),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn values_of(&self, member: Member<'_>) -> Vec<Item> {
        let Some(object) = member.node().parent() else { return Vec::new() };
        let (of_object, name) = (role(object), member.key());
        match key_role(of_object, &name) {
            KeyRole::Member(spec) => self.values(spec, of_object),
            KeyRole::State(spec) if matches!(spec.form, ValueForm::Calls(_)) => replies(),
            KeyRole::Scenario | KeyRole::State(_) => vec![value("{}", empty(), "")],
            KeyRole::Other => match of_object {
                Role::Value(spec) if spec.form == ValueForm::Files => self.paths(),
                Role::Within(MemberSpec { form: ValueForm::Object, .. })
                | Role::Value(MemberSpec { form: ValueForm::Object, .. })
                    if name == Field::Error.name() =>
                {
                    self.errors(object)
                }
                Role::Part(spec) | Role::Within(spec) if spec.form == ValueForm::Tables => {
                    self.values_of_tables(&name)
                }
                Role::Value(spec) | Role::Within(spec) if spec.form == ValueForm::Any => placeholders(),
                _ => Vec::new(),
            },
        }
    }

    fn values(&self, spec: &'static MemberSpec, of_object: Role) -> Vec<Item> {
        let doc = hover::of_member(spec);
        let one = |text: &str| value(text, Draft::Fixed(text.to_owned()), &doc);
        match spec.form {
            ValueForm::OneOf(values) => values.iter().map(|text| one(text)).collect(),
            ValueForm::Boolean => {
                ["true", "false"].map(|text| value(text, Draft::Raw(text.to_owned()), &doc)).into()
            }
            ValueForm::File | ValueForm::Folder => self.paths(),
            ValueForm::Any if matches!(of_object, Role::Object(Owner::Expect | Owner::State)) => {
                placeholders()
            }
            ValueForm::ErrorName => self.all_errors(),
            ValueForm::Text | ValueForm::Count | ValueForm::Seconds | ValueForm::Time | ValueForm::Any => {
                Vec::new()
            }
            form if is_array(form) => vec![value("[]", draft(form), &doc)],
            form => vec![value("{}", draft(form), &doc)],
        }
    }

    fn values_of_tables(&self, name: &str) -> Vec<Item> {
        let one = |text: &str| value(text, Draft::Fixed(text.to_owned()), "");
        match name {
            parameter::TABLE_NAME => self.tables().iter().map(|name| one(name)).collect(),
            KEY_TYPE => KEY_TYPES.map(one).into(),
            ATTRIBUTE_TYPE => KEY_ATTRIBUTE_TYPES.map(one).into(),
            _ => Vec::new(),
        }
    }

    fn elements(&self, array: Node<'_>) -> Vec<Item> {
        match role(array) {
            Role::Value(spec) => match spec.form {
                ValueForm::Names => self.path(),
                ValueForm::Tables => {
                    let mut items = self.paths();
                    items.push(value("{}", table(), "A table, as CreateTable is asked for it."));
                    items
                }
                _ => Vec::new(),
            },
            Role::Part(MemberSpec { form: ValueForm::Calls(_), .. }) => replies(),
            Role::Within(spec) if spec.form == ValueForm::Any => placeholders(),
            _ => Vec::new(),
        }
    }

    /// The states of the machine itself.
    fn path(&self) -> Vec<Item> {
        let (Some(definition), Some(machine)) = (self.definition, self.machine()) else { return Vec::new() };
        let states = machine.all_states().filter(|(id, _)| machine.path_of(*id).len() == 1);
        let item = |state: &State| Item {
            kind: CompletionKind::State,
            detail: state.kind().map(|kind| kind.name().to_owned()),
            ..value(
                &state.name,
                Draft::Fixed(state.name.to_string()),
                &hover::state(definition, &state.name).unwrap_or_default(),
            )
        };
        states.map(|(_, state)| item(state)).collect()
    }

    /// The names of the tables that the definition uses.
    fn tables(&self) -> Vec<String> {
        let tables = self.machine().map(assume_tables).unwrap_or_default();
        tables.iter().map(|table| table.name.to_string()).collect()
    }

    fn paths(&self) -> Vec<Item> {
        self.files.iter().map(|path| value(path, Draft::Fixed(path.clone()), "")).collect()
    }

    /// The errors that the task can raise whose mock an error stands in.
    fn errors(&self, throw: Node<'_>) -> Vec<Item> {
        let mut around = std::iter::successors(Some(throw), |node| node.parent());
        let state = around.find_map(|node| {
            let key = (node.kind() == NodeKind::Member).then(|| node.children().next()).flatten()?;
            let object = node.parent()?;
            matches!(key_role(role(object), &key.text()?), KeyRole::State(_)).then(|| key.text()).flatten()
        });
        let machine = self.machine();
        let named = machine.and_then(|machine| {
            machine.all_states().map(|(_, it)| it).find(|it| state.as_deref() == Some(&*it.name))
        });
        errors_of(named.into_iter())
    }

    fn all_errors(&self) -> Vec<Item> {
        errors_of(self.machine().into_iter().flat_map(StateMachine::all_states).map(|(_, state)| state))
    }
}

fn errors_of<'s>(states: impl Iterator<Item = &'s State>) -> Vec<Item> {
    let mut names: Vec<String> = Vec::new();
    for state in states {
        let resource = match &state.body {
            StateBody::Task(task) => Some(&*task.resource),
            _ => None,
        };
        for name in names_of_errors(resource, state.kind()) {
            if name != ErrorName::ALL && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let item = |name: String| Item {
        kind: CompletionKind::ErrorName,
        ..value(&name, Draft::Fixed(name.clone()), &crate::ide::doc::error_name(&name).unwrap_or_default())
    };
    names.into_iter().map(item).collect()
}

/// The answers of a task: a result, an error, none.
fn replies() -> Vec<Item> {
    let item =
        |spec: &MemberSpec| value(spec.name, Draft::Object(vec![reply(spec)]), &hover::of_member(spec));
    reply_members().map(item).collect()
}

/// The members that an answer has one of.
fn reply_members() -> impl Iterator<Item = &'static MemberSpec> {
    let is_reply =
        |spec: &&MemberSpec| matches!(spec.form, ValueForm::Any | ValueForm::Object | ValueForm::Boolean);
    members_of(Owner::Call).filter(is_reply)
}

fn reply(spec: &MemberSpec) -> (String, Draft) {
    let text = || Draft::Text(String::new());
    let parts = [Field::Error, Field::Cause].map(|field| (field.name().to_owned(), text()));
    let draft = if spec.form == ValueForm::Object { Draft::Inline(parts.into()) } else { draft(spec.form) };
    (spec.name.to_owned(), draft)
}

fn placeholders() -> Vec<Item> {
    let item = |(placeholder, meaning): (&str, &str)| Item {
        kind: CompletionKind::Placeholder,
        ..value(placeholder, Draft::Fixed(placeholder.to_owned()), meaning)
    };
    PLACEHOLDERS.map(item).into()
}

fn member_item(spec: &'static MemberSpec) -> Item {
    key(spec.name, draft(spec.form), &hover::of_member(spec))
}

/// What stands behind the key of a member until it is filled in.
fn draft(form: ValueForm) -> Draft {
    match form {
        ValueForm::Text | ValueForm::Time | ValueForm::File | ValueForm::Folder => Draft::Text(String::new()),
        ValueForm::OneOf(values) => Draft::Text(values.first().copied().unwrap_or_default().to_owned()),
        ValueForm::Boolean => Draft::Raw("true".to_owned()),
        ValueForm::Count | ValueForm::Seconds => Draft::Raw("0".to_owned()),
        _ if is_array(form) => Draft::Array(Vec::new()),
        _ => empty(),
    }
}

fn is_array(form: ValueForm) -> bool {
    matches!(form, ValueForm::Tables | ValueForm::Names)
}

fn empty() -> Draft {
    Draft::Object(Vec::new())
}

/// A file without a scenario.
fn file() -> Draft {
    let is_needed = |spec: &&MemberSpec| spec.form == ValueForm::Named(Owner::Scenario);
    let members = members_of(Owner::File).filter(is_needed);
    Draft::Object(members.map(|spec| (spec.name.to_owned(), empty())).collect())
}

/// The least that a table is made of.
fn table() -> Draft {
    let text = |text: &str| Draft::Text(text.to_owned());
    let element = |name: &str, kind: &str| {
        Draft::Array(vec![Draft::Inline(vec![
            (ATTRIBUTE_NAME.to_owned(), text("id")),
            (name.to_owned(), text(kind)),
        ])])
    };
    Draft::Object(vec![
        (parameter::TABLE_NAME.to_owned(), text("")),
        ("KeySchema".to_owned(), element(KEY_TYPE, "HASH")),
        ("AttributeDefinitions".to_owned(), element(ATTRIBUTE_TYPE, "S")),
        ("BillingMode".to_owned(), text("PAY_PER_REQUEST")),
        (Field::Items.name().to_owned(), Draft::Array(Vec::new())),
    ])
}

fn table_members() -> Vec<Item> {
    let Draft::Object(members) = table() else { return Vec::new() };
    members.into_iter().map(|(name, draft)| key(&name, draft, "")).collect()
}

/// An attribute value's inner draft.
fn attribute(kind: &str) -> Draft {
    match kind {
        "M" => empty(),
        "L" | "SS" | "NS" | "BS" => Draft::Array(Vec::new()),
        "BOOL" | "NULL" => Draft::Raw("true".to_owned()),
        _ => Draft::Text(String::new()),
    }
}

/// The key of the array that an object is an element of.
fn list_of(object: Node<'_>) -> Option<String> {
    let array = object.parent().filter(|parent| parent.is_array())?;
    let member = array.parent().filter(|parent| parent.kind() == NodeKind::Member)?;
    Some(member.children().next()?.text()?.into_owned())
}

/// Whether an object stands in the place of an attribute value: as a member of an item.
fn is_attribute_value(object: Node<'_>) -> bool {
    let member = object.parent().filter(|parent| parent.kind() == NodeKind::Member);
    let Some(item) = member.and_then(Node::parent) else { return false };
    list_of(item).is_some_and(|list| list == Field::Items.name())
        || item
            .parent()
            .is_some_and(|array| matches!(role(array), Role::Part(spec) if spec.form == ValueForm::Items))
}

fn key(name: &str, draft: Draft, documentation: &str) -> Item {
    Item {
        label: name.to_owned(),
        kind: CompletionKind::Field,
        detail: None,
        documentation: documentation.to_owned().into(),
        insert: Insert::Member(Key::Fixed(name.to_owned()), draft),
    }
}

fn value(label: &str, draft: Draft, documentation: &str) -> Item {
    Item {
        label: label.to_owned(),
        kind: CompletionKind::Value,
        detail: None,
        documentation: documentation.to_owned().into(),
        insert: Insert::Value(draft),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::{definition, fixture};
    use crate::syntax::Format;
    use crate::text::apply_edits;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let (document, offset) = fixture(Format::Json, text);
        let files = ["order.tables.json".to_owned()];
        let found = document.completion(offset, Some(&definition()), &files);
        let shown: Vec<&str> = found.iter().map(|it| it.label.as_str()).collect();
        expected.assert_eq(&shown.join(" "));
    }

    #[track_caller]
    fn check_text(format: Format, text: &str, label: &str, expected: Expect) {
        let (document, offset) = fixture(format, text);
        let found = document.completion(offset, Some(&definition()), &[]);
        let found = found.into_iter().find(|it| it.label == label).expect("it is offered");
        let mut edits = found.additional_edits;
        edits.push(found.edit);
        edits.sort_by_key(|edit| edit.range);
        expected.assert_eq(&apply_edits(document.source().as_str(), &edits));
    }

    #[test]
    fn members_come_from_the_table() {
        check(
            r#"{"seed": 1, "<|>"#,
            expect![
                "$schema definition type comment input tables mocks mockConfig s3 stateMachines context startTime scenarios"
            ],
        );
        check(
            r#"{"scenarios": {"a": {"expect": {<|>}}}}"#,
            expect!["status output error cause states tables path exactly"],
        );
        check(
            r#"{"scenarios": {"a": {"expect": {"states": {"Pay": {<|>}}}}}}"#,
            expect!["output input variables error cause visits retries"],
        );
    }

    #[test]
    fn states_that_can_be_mocked_expected_or_passed() {
        check(r#"{"mocks": {"Pay": {"Return": 1}, "<|>"}}"#, expect!["Load"]);
        check(r#"{"scenarios": {"a": {"expect": {"states": {<|>}}}}}"#, expect!["Both Load Pay In"]);
        check(r#"{"scenarios": {"a": {"expect": {"path": ["Load", <|>]}}}}"#, expect!["Both Load Pay"]);
    }

    #[test]
    fn answers_of_tasks_and_their_errors() {
        check(r#"{"mocks": {"Pay": <|>}}"#, expect!["Return Throw NoReply"]);
        check(r#"{"mocks": {"Pay": [<|>]}}"#, expect!["Return Throw NoReply"]);
        check(
            r#"{"mocks": {"Pay": {<|>}}}"#,
            expect!["Return Throw NoReply AfterSeconds HeartbeatSeconds WorkerName"],
        );
        check(
            r#"{"mocks": {"Pay": {"Throw": {"Error": "<|>"}}}}"#,
            expect![
                "Lambda.ServiceException Lambda.AWSLambdaException Lambda.SdkClientException Lambda.TooManyRequestsException Lambda.ClientExecutionTimeoutException Lambda.Unknown States.TaskFailed States.Timeout States.HeartbeatTimeout States.Permissions States.QueryEvaluationError States.Http.Socket States.IntrinsicFailure States.NoChoiceMatched States.ParameterPathFailure States.ResultPathMatchFailure States.DataLimitExceeded"
            ],
        );
        check(
            r#"{"scenarios": {"a": {"expect": {"error": <|>}}}}"#,
            expect![
                "States.TaskFailed States.Timeout States.Permissions States.QueryEvaluationError States.BranchFailed States.Http.Socket States.IntrinsicFailure States.NoChoiceMatched States.ParameterPathFailure States.ResultPathMatchFailure States.DataLimitExceeded DynamoDB.ConditionalCheckFailedException DynamoDB.ProvisionedThroughputExceededException DynamoDB.ThrottlingException DynamoDB.RequestLimitExceeded DynamoDB.ResourceNotFoundException DynamoDB.ItemCollectionSizeLimitExceededException DynamoDB.TransactionConflictException DynamoDB.InternalServerError DynamoDB.AmazonDynamoDBException States.HeartbeatTimeout Lambda.ServiceException Lambda.AWSLambdaException Lambda.SdkClientException Lambda.TooManyRequestsException Lambda.ClientExecutionTimeoutException Lambda.Unknown"
            ],
        );
    }

    #[test]
    fn values_of_a_few() {
        check(
            r#"{"scenarios": {"a": {"expect": {"status": <|>}}}}"#,
            expect!["SUCCEEDED FAILED TIMED_OUT ABORTED BLOCKED"],
        );
        check(
            r#"{"scenarios": {"a": {"expect": {"output": {"id": <|>}}}}}"#,
            expect!["<any> <string> <number> <boolean> <array> <object> <uuid> <timestamp>"],
        );
        check(r#"{"type": "<|>"}"#, expect!["STANDARD EXPRESS"]);
    }

    #[test]
    fn tables() {
        check(r#"{"tables": [<|>]}"#, expect!["order.tables.json {}"]);
        check(
            r#"{"tables": [{<|>}]}"#,
            expect!["TableName KeySchema AttributeDefinitions BillingMode Items"],
        );
        check(r#"{"tables": [{"TableName": <|>}]}"#, expect!["Orders"]);
        check(r#"{"tables": [{"KeySchema": [{<|>}]}]}"#, expect!["AttributeName KeyType"]);
        check(r#"{"tables": [{"AttributeDefinitions": [{"AttributeType": <|>}]}]}"#, expect!["S N B"]);
        check(r#"{"tables": [{"Items": [{"id": {<|>}}]}]}"#, expect!["S N BOOL NULL M L SS NS B BS"]);
        check(r#"{"scenarios": {"a": {"expect": {"tables": {<|>}}}}}"#, expect!["Orders"]);
        check(
            r#"{"scenarios": {"a": {"expect": {"tables": {"Orders": [{"id": {<|>}}]}}}}}"#,
            expect!["S N BOOL NULL M L SS NS B BS"],
        );
    }

    #[test]
    fn what_is_put_there_fits() {
        check_text(
            Format::Json,
            "{\"mocks\": {\n  <|>\n}}",
            "Pay",
            expect![[r#"
            {"mocks": {
              "Pay": {
                "Return": {}
              }
            }}"#]],
        );
        check_text(
            Format::Yaml,
            "scenarios:\n  a:\n    expect:\n      <|>\n",
            "status",
            expect![[r#"
            scenarios:
              a:
                expect:
                  status: SUCCEEDED
        "#]],
        );
        check_text(
            Format::Yaml,
            "mocks:\n  Pay: <|>\n",
            "Throw",
            expect![[r#"
            mocks:
              Pay:
                Throw: { Error: '', Cause: '' }
        "#]],
        );
    }
}
