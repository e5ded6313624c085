//! Fields of the objects of the language, and what to write as their values to begin with.

use super::value::EXPRESSION;
use super::{CompletionKind, Draft, Insert, Item, Key, Scene, parameter, state_name};
use crate::ide::context::Role;
use crate::ide::doc;
use crate::spec::{
    CHOICE_OPERATORS, ChoiceOperator, Comparison, ErrorName, FIELDS, Field, FieldSpec, Need, Operand, Owner,
    QueryLanguage, Resource, StateKind, ValueKind, fields_of, one_of_groups,
};
use crate::syntax::Node;

/// Levels of required objects that are written into a draft.
const DRAFT_DEPTH_MAX: usize = 4;

/// The fields an object may still have: required ones first, in the order in which people write them.
pub(super) fn fields(scene: &Scene<'_>, object: Node<'_>) -> Vec<Item> {
    let is_other = |key: &str| {
        object.members().any(|member| {
            member.key_is(key) && scene.current.is_none_or(|current| current.node() != member.node())
        })
    };
    let owner = match scene.ctx.role {
        Role::Object(owner) => owner,
        _ => return untyped_fields(scene, is_other),
    };
    let language = scene.ctx.language;
    let groups = one_of_groups(owner, language);
    let is_taken = |spec: &FieldSpec| {
        let mut group =
            groups.iter().map(|group| &group.fields).filter(|fields| fields.contains(&spec.field));
        is_other(spec.field.name()) || group.any(|fields| fields.iter().any(|field| is_other(field.name())))
    };
    let mut specs: Vec<&'static FieldSpec> =
        fields_of(owner).filter(|spec| spec.language.admits(language) && !is_taken(spec)).collect();
    specs.sort_by_key(|spec| rank(spec, owner));
    let item = |spec: &'static FieldSpec| Item {
        label: spec.field.name().to_owned(),
        kind: CompletionKind::Field,
        detail: Some(detail(spec)),
        documentation: doc::field(spec, owner).into(),
        insert: Insert::Member(Key::Fixed(spec.field.name().to_owned()), draft(scene, spec, owner, 0)),
    };
    let is_rule =
        matches!(owner, Owner::ChoiceRule | Owner::NestedRule) && language == QueryLanguage::JsonPath;
    if !is_rule {
        return specs.into_iter().map(item).collect();
    }
    // A rule has one comparison or combinator.
    let combinators = [Field::And, Field::Or, Field::Not];
    let has_test = combinators.iter().any(|field| is_other(field.name()))
        || CHOICE_OPERATORS.iter().any(|operator| is_other(operator.name));
    let has_variable = is_other(Field::Variable.name());
    let specs = specs.into_iter().filter(|spec| {
        let is_combinator = combinators.contains(&spec.field);
        !(is_combinator && (has_test || has_variable))
    });
    let (first, last): (Vec<_>, Vec<_>) =
        specs.partition(|spec| spec.field == Field::Variable || spec.need == Need::Required);
    let operators = CHOICE_OPERATORS.iter().filter(|_| !has_test).map(operator_item);
    first.into_iter().map(item).chain(operators).chain(last.into_iter().map(item)).collect()
}

/// Without a type, what every state has.
fn untyped_fields(scene: &Scene<'_>, is_other: impl Fn(&str) -> bool) -> Vec<Item> {
    let owner = Owner::State(StateKind::Task);
    let is_common = |spec: &&FieldSpec| {
        StateKind::ALL.iter().all(|kind| spec.owners.contains(&Owner::State(*kind)))
            && !is_other(spec.field.name())
    };
    let mut specs: Vec<&'static FieldSpec> = FIELDS.iter().filter(is_common).collect();
    specs.sort_by_key(|spec| spec.need != Need::Required);
    let item = |spec: &'static FieldSpec| Item {
        label: spec.field.name().to_owned(),
        kind: CompletionKind::Field,
        detail: Some(detail(spec)),
        documentation: doc::field(spec, owner).into(),
        insert: Insert::Member(Key::Fixed(spec.field.name().to_owned()), draft(scene, spec, owner, 0)),
    };
    specs.into_iter().map(item).collect()
}

/// Objects of an array: retriers, catchers, rules, branches.
pub(super) fn objects(scene: &Scene<'_>, owner: Owner) -> Vec<Item> {
    let draft = object(scene, owner, 0);
    vec![Item {
        label: noun(owner).to_owned(),
        kind: CompletionKind::Snippet,
        detail: Some("object".to_owned()),
        documentation: summary(scene, owner).into(),
        insert: Insert::Value(draft),
    }]
}

/// The value of a field that holds an object or array, with what it needs.
pub(super) fn drafts(scene: &Scene<'_>, spec: &'static FieldSpec) -> Vec<Item> {
    let owner = match scene.ctx.role {
        Role::Object(owner) => owner,
        _ => Owner::State(StateKind::Task),
    };
    let draft = draft(scene, spec, owner, 0);
    let label = match draft {
        Draft::Array(_) | Draft::InlineArray(_) => "[ … ]",
        Draft::Object(_) | Draft::Inline(_) => "{ … }",
        Draft::Text(_) | Draft::Fixed(_) | Draft::Around(..) | Draft::Raw(_) | Draft::Moved { .. } => {
            return Vec::new();
        }
    };
    vec![Item {
        label: label.to_owned(),
        kind: CompletionKind::Snippet,
        detail: Some(doc::value_kind(spec.value)),
        documentation: doc::field(spec, owner).into(),
        insert: Insert::Value(draft),
    }]
}

fn operator_item(operator: &'static ChoiceOperator) -> Item {
    Item {
        label: operator.name.to_owned(),
        kind: CompletionKind::Field,
        detail: Some("comparison".to_owned()),
        documentation: doc::operator(operator).into(),
        insert: Insert::Member(Key::Fixed(operator.name.to_owned()), comparand(operator)),
    }
}

fn comparand(operator: &ChoiceOperator) -> Draft {
    if operator.is_path {
        return Draft::around("$.", "");
    }
    match operator.comparison {
        Comparison::Equals(operand)
        | Comparison::LessThan(operand)
        | Comparison::GreaterThan(operand)
        | Comparison::LessThanEquals(operand)
        | Comparison::GreaterThanEquals(operand) => match operand {
            Operand::String => Draft::Text(String::new()),
            Operand::Numeric => Draft::Raw("0".to_owned()),
            Operand::Boolean => Draft::Raw("true".to_owned()),
            Operand::Timestamp => Draft::Text(TIMESTAMP.to_owned()),
        },
        Comparison::Matches => Draft::Text("*".to_owned()),
        Comparison::IsNull
        | Comparison::IsPresent
        | Comparison::IsNumeric
        | Comparison::IsString
        | Comparison::IsBoolean
        | Comparison::IsTimestamp => Draft::Raw("true".to_owned()),
    }
}

const TIMESTAMP: &str = "2030-01-01T00:00:00Z";

/// Required fields first; where to go after what the state does.
fn rank(spec: &FieldSpec, owner: Owner) -> (u8, usize) {
    let need = match spec.need {
        // A scope begins with its start, a rule with what it tests.
        _ if matches!(spec.field, Field::StartAt | Field::Variable) => 0,
        Need::Required => 1,
        Need::ExactlyOne(_) => 2,
        // What a task gets is as good as required.
        Need::Optional | Need::AtMostOne(_)
            if owner == Owner::State(StateKind::Task)
                && matches!(spec.field, Field::Parameters | Field::Arguments) =>
        {
            2
        }
        Need::Optional | Need::AtMostOne(_) if spec.field == Field::Comment => 4,
        Need::Optional | Need::AtMostOne(_) => 3,
    };
    let order = FIELDS.iter().position(|other| std::ptr::eq(other, spec)).unwrap_or(0);
    (need, order)
}

fn detail(spec: &FieldSpec) -> String {
    let need = match spec.need {
        Need::Required => "required · ",
        Need::ExactlyOne(_) => "one of several · ",
        Need::Optional | Need::AtMostOne(_) => "",
    };
    format!("{need}{}", doc::value_kind(spec.value).replace('`', ""))
}

/// What to write as the value of a field to begin with.
pub(super) fn draft(scene: &Scene<'_>, spec: &FieldSpec, owner: Owner, depth: usize) -> Draft {
    let text = |text: &str| Draft::Text(text.to_owned());
    match spec.value {
        ValueKind::Text if spec.field == Field::Version => text("1.0"),
        ValueKind::Text
        | ValueKind::TextOrExpression
        | ValueKind::Label
        | ValueKind::Resource
        | ValueKind::StateType => text(""),
        ValueKind::StateName => {
            let is_own = matches!(owner, Owner::State(_));
            let name = if is_own { state_name::next(scene) } else { None };
            Draft::Text(name.or_else(|| state_name::next_or_any(scene)).unwrap_or_default())
        }
        ValueKind::QueryLanguage => text(QueryLanguage::Jsonata.name()),
        ValueKind::Boolean => Draft::Raw("true".to_owned()),
        ValueKind::Integer(least, _) => Draft::Raw(least.max(1).to_string()),
        ValueKind::Number(least, _) => Draft::Raw(format!("{:?}", least.max(1.0))),
        ValueKind::Enum(values) => text(values.first().copied().unwrap_or_default()),
        ValueKind::Path | ValueKind::ReferencePath => Draft::around("$.", ""),
        ValueKind::NullablePath | ValueKind::NullableReferencePath | ValueKind::PathOrFunction => text("$"),
        ValueKind::Payload | ValueKind::Literal if is_arguments(spec, owner) => arguments(scene),
        ValueKind::Literal | ValueKind::Payload | ValueKind::Variables | ValueKind::States => {
            Draft::Object(Vec::new())
        }
        ValueKind::Items | ValueKind::Condition => EXPRESSION,
        ValueKind::Timestamp => text(TIMESTAMP),
        ValueKind::ErrorNames => Draft::InlineArray(vec![text(ErrorName::ALL)]),
        ValueKind::Texts => Draft::InlineArray(vec![text("")]),
        ValueKind::Object(inner) => object(scene, inner, depth + 1),
        ValueKind::List(inner) | ValueKind::NonEmptyList(inner) => {
            Draft::Array(vec![object(scene, inner, depth + 1)])
        }
    }
}

fn is_arguments(spec: &FieldSpec, owner: Owner) -> bool {
    owner == Owner::State(StateKind::Task) && matches!(spec.field, Field::Parameters | Field::Arguments)
}

/// The required parameters of the action that the task calls.
fn arguments(scene: &Scene<'_>) -> Draft {
    let resource = scene.ctx.resource();
    let resource = resource.as_deref().and_then(Resource::parse);
    resource.map_or(Draft::Object(Vec::new()), |resource| parameter::required(scene, &resource))
}

/// An object with the fields that it needs.
pub(super) fn object(scene: &Scene<'_>, owner: Owner, depth: usize) -> Draft {
    if depth > DRAFT_DEPTH_MAX {
        return Draft::Object(Vec::new());
    }
    let language = scene.ctx.language;
    let mut members: Vec<(String, Draft)> = Vec::new();
    if matches!(owner, Owner::ChoiceRule | Owner::NestedRule) && language == QueryLanguage::JsonPath {
        members.push((Field::Variable.name().to_owned(), Draft::around("$.", "")));
        let equals =
            |it: &&ChoiceOperator| it.comparison == Comparison::Equals(Operand::String) && !it.is_path;
        if let Some(operator) = CHOICE_OPERATORS.iter().find(equals) {
            members.push((operator.name.to_owned(), comparand(operator)));
        }
    }
    let mut groups: Vec<u8> = Vec::new();
    let specs: Vec<&'static FieldSpec> = fields_of(owner)
        .filter(|spec| spec.language.admits(language))
        .filter(|spec| match spec.need {
            Need::Required => true,
            Need::ExactlyOne(group) if !groups.contains(&group) => {
                groups.push(group);
                true
            }
            Need::ExactlyOne(_) | Need::Optional | Need::AtMostOne(_) => false,
        })
        .collect();
    if matches!(owner, Owner::Branch | Owner::ItemProcessor) {
        return nested_scope();
    }
    for spec in specs {
        members.push((spec.field.name().to_owned(), draft(scene, spec, owner, depth)));
    }
    Draft::Object(members)
}

/// The states of a branch or of iterations: one that does nothing yet.
fn nested_scope() -> Draft {
    let name = "First";
    let member = |field: Field, draft: Draft| (field.name().to_owned(), draft);
    let state = Draft::Object(vec![
        member(Field::Type, Draft::Text(StateKind::Pass.name().to_owned())),
        member(Field::End, Draft::Raw("true".to_owned())),
    ]);
    Draft::Object(vec![
        member(Field::StartAt, Draft::Text(name.to_owned())),
        member(Field::States, Draft::Object(vec![(name.to_owned(), state)])),
    ])
}

fn noun(owner: Owner) -> &'static str {
    match owner {
        Owner::Retrier => "retrier",
        Owner::Catcher => "catcher",
        Owner::ChoiceRule | Owner::NestedRule => "rule",
        Owner::Branch => "branch",
        _ => "object",
    }
}

/// What the required fields of an object mean.
fn summary(scene: &Scene<'_>, owner: Owner) -> String {
    let needed = fields_of(owner)
        .filter(|spec| spec.need == Need::Required && spec.language.admits(scene.ctx.language))
        .map(|spec| format!("- **{}**: {}", spec.field.name(), spec.doc));
    let list: Vec<String> = needed.collect();
    format!("A {}.\n\n{}\n\n{}", noun(owner), list.join("\n"), doc::link(owner.link()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit, check_yaml, state};

    #[test]
    fn fields_of_states() {
        check(&state("<|>"), 20, expect!["Type, Comment, QueryLanguage"]);
        check(
            &state(r#""Type": "Task", "<|>""#),
            9,
            expect![
                "Resource, Parameters, Next, End, QueryLanguage, Credentials, InputPath, ResultSelector, ResultPath … 9 more"
            ],
        );
        check(
            &state(r#""Type": "Task", "Resource": "x", "End": true, "<|>""#),
            6,
            expect!["Parameters, QueryLanguage, Credentials, InputPath, ResultSelector, ResultPath … 9 more"],
        );
        check(
            &state(r#""Type": "Wait", "<|>""#),
            20,
            expect![
                "Seconds, SecondsPath, Timestamp, TimestampPath, Next, End, QueryLanguage, InputPath, OutputPath, Assign, Comment"
            ],
        );
        check(
            &state(r#""Type": "Wait", "Seconds": 1, "Next": "B", <|>"#),
            20,
            expect!["QueryLanguage, InputPath, OutputPath, Assign, Comment"],
        );
        check(
            &state(r#""Type": "Fail", <|>"#),
            20,
            expect!["QueryLanguage, Error, ErrorPath, Cause, CausePath, Comment"],
        );
        check(
            &state(r#""Type": "Pass", "QueryLanguage": "JSONata", <|>"#),
            20,
            expect!["Next, End, Output, Assign, Comment"],
        );
    }

    #[test]
    fn fields_of_the_machine() {
        check("{<|>}", 20, expect!["StartAt, States, QueryLanguage, Version, TimeoutSeconds, Comment"]);
        check(
            r#"{"StartAt": "A", "States": {}, "<|>"}"#,
            20,
            expect!["QueryLanguage, Version, TimeoutSeconds, Comment"],
        );
    }

    #[test]
    fn fields_of_nested_objects() {
        check(
            &state(r#""Type": "Task", "Retry": [{<|>}]"#),
            20,
            expect![
                "ErrorEquals, IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds, JitterStrategy, Comment"
            ],
        );
        check(
            &state(r#""Type": "Task", "Catch": [{"ErrorEquals": [], "<|>"}]"#),
            20,
            expect!["Next, Assign, ResultPath, Comment"],
        );
        check(&state(r#""Type": "Parallel", "Branches": [{<|>}]"#), 20, expect!["StartAt, States, Comment"]);
        check(
            &state(r#""Type": "Map", "ItemProcessor": {"ProcessorConfig": {<|>}}"#),
            20,
            expect!["Mode, ExecutionType, Comment"],
        );
        check(
            &state(r#""Type": "Map", "ItemReader": {"ReaderConfig": {"<|>"}}"#),
            20,
            expect![
                "InputType, Transformation, ManifestType, CSVDelimiter, CSVHeaderLocation, CSVHeaders, ItemsPointer, MaxItems, MaxItemsPath, Comment"
            ],
        );
        check(&state(r#""Type": "Task", "Credentials": {<|>}"#), 20, expect!["RoleArn, Comment"]);
    }

    #[test]
    fn rules_of_choice_states() {
        let choice = |rule: &str| state(&format!(r#""Type": "Choice", "Choices": [{rule}]"#));
        check(&choice("<|>"), 20, expect!["rule"]);
        check(
            &choice("{<|>}"),
            5,
            expect!["Variable, Next, StringEquals, StringEqualsPath, StringLessThan … 41 more"],
        );
        check(
            &choice(r#"{"Variable": "$.a", <|>}"#),
            4,
            expect!["Next, StringEquals, StringEqualsPath, StringLessThan … 38 more"],
        );
        check(&choice(r#"{"Variable": "$.a", "IsNull": true, <|>}"#), 20, expect!["Next, Assign, Comment"]);
        check(
            &choice(r#"{"Not": {<|>}, "Next": "B"}"#),
            3,
            expect!["Variable, StringEquals, StringEqualsPath … 41 more"],
        );
        check(&choice(r#"{"Variable": "$.a", "IsNull": <|>}"#), 20, expect!["true, false"]);
    }

    #[test]
    fn a_field_brings_what_it_needs() {
        check_edit(
            "{\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Task\",\n      <|>\n    },\n    \"B\": {}\n  }\n}",
            "Catch",
            expect![[r#"
            {
              "States": {
                "A": {
                  "Type": "Task",
                  "Catch": [
                    {
                      "ErrorEquals": ["States.ALL"],
                      "Next": "B"
                    }
                  ]
                },
                "B": {}
              }
            }"#]],
        );
        check_edit(
            "{\n\t\"States\": {\n\t\t\"A\": {\n\t\t\t\"Type\": \"Map\"\n\t\t\t<|>\n\t\t}\n\t}\n}",
            "ItemProcessor",
            expect![[r#"
            {
            	"States": {
            		"A": {
            			"Type": "Map",
            			"ItemProcessor": {
            				"StartAt": "First",
            				"States": {
            					"First": {
            						"Type": "Pass",
            						"End": true
            					}
            				}
            			}
            		}
            	}
            }"#]],
        );
    }

    #[test]
    fn yaml_fields_of_a_state() {
        check_yaml(
            "StartAt: A\nStates:\n  A:\n    Type: Pass\n    <|>\n",
            4,
            expect!["Next, End, QueryLanguage, InputPath"],
        );
        check_yaml("StartAt: A\nStates:\n  A:\n    Ty<|>\n", 2, expect!["Type, Comment"]);
        check_yaml("StartAt: A\nStates:\n  A:\n    <|>\n", 2, expect!["Type, Comment"]);
    }
}
