//! The language's own documentation as Markdown, for hover and completion alike.

use super::context::Role;
use super::preview::{self, code};
use crate::spec::resource::{self, ATTRIBUTE_TYPES};
use crate::spec::{
    ChoiceOperator, ErrorName, Field, FieldSpec, Holds, Language, Need, ObjectSpec, Owner, Parameter,
    Pattern, Resource, ServiceKind, StateKind, ValueKind, dynamodb, field_spec, service,
};

/// Of a member of an object with this role.
pub(super) fn member(role: Role, key: &str) -> Option<String> {
    match role {
        Role::Object(owner) => {
            let is_rule = matches!(owner, Owner::ChoiceRule | Owner::NestedRule);
            if let Some(known) = ChoiceOperator::from_name(key).filter(|_| is_rule) {
                return Some(operator(known));
            }
            let spec = field_spec(owner, Field::from_name(key)?)?;
            Some(field(spec, owner))
        }
        Role::UntypedState if key == Field::Type.name() => {
            let owner = Owner::State(StateKind::Task);
            field_spec(owner, Field::Type).map(|spec| field(spec, owner))
        }
        _ => None,
    }
}

/// Of a field.
pub(super) fn field(spec: &FieldSpec, owner: Owner) -> String {
    let mut facts = vec![value_kind(spec.value)];
    facts.push(
        match spec.need {
            Need::Required => "required",
            Need::ExactlyOne(_) => "this or an alternative is required",
            Need::Optional | Need::AtMostOne(_) => "optional",
        }
        .to_owned(),
    );
    if let Language::Only(language) = spec.language {
        facts.push(format!("{} only", language.name()));
    }
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    let name = spec.field.name();
    format!("**{name}** · {}\n\n{}\n\n{}", facts.join(" · "), spec.doc, link(owner.link()))
}

/// Of a comparison operator.
pub(super) fn operator(operator: &ChoiceOperator) -> String {
    format!("**{}**\n\n{}\n\n{}", operator.name, operator.doc(), link(Owner::ChoiceRule.link()))
}

/// Of a type of state.
pub(super) fn state_kind(kind: StateKind) -> String {
    format!("**{}** state\n\n{}\n\n{}", kind.name(), kind.doc(), link(kind.link()))
}

/// Of an error name in `ErrorEquals`.
pub(super) fn error_name(name: &str) -> Option<String> {
    if let Some(known) = ErrorName::from_name(name) {
        return Some(format!("**{}**\n\n{}\n\n{}", known.name, known.doc, link(ErrorName::LINK)));
    }
    if let Some(text) = resource::service_error(name) {
        return Some(format!("**{name}**\n\n{text}"));
    }
    let (text, kind) = resource::dynamodb_error(name)?;
    let kind = match kind {
        ServiceKind::Sdk => {
            format!("As tasks of `{}{}` report it.", resource::SDK_PREFIX, resource::DYNAMODB)
        }
        _ => format!("As tasks of `{}{}` report it.", resource::OPTIMIZED_PREFIX, resource::DYNAMODB),
    };
    Some(format!("**{name}**\n\n{text} {kind}"))
}

/// Of the ARN of a Task.
pub(super) fn resource(arn: &str) -> Option<String> {
    let parts = Resource::parse(arn)?;
    let (kind, name) = match parts.kind {
        ServiceKind::Optimized => ("optimized integration", format!("{}:{}", parts.service, parts.action)),
        ServiceKind::Sdk => ("AWS SDK integration", format!("{}:{}", parts.service, parts.action)),
        ServiceKind::LambdaFunction => ("Lambda function", parts.action.to_owned()),
        ServiceKind::Activity => ("activity", parts.action.to_owned()),
    };
    let mut text = format!("**{name}** · {kind}");
    if let Some((region, account)) = Resource::place(arn) {
        text += &format!("\n\nRegion {}, account {}.", code(region), code(account));
    }
    let action = service::action(&parts).or(dynamodb::action(parts.action).filter(|_| parts.is_dynamodb()));
    if let Some(action) = action {
        text += &format!("\n\n{}", action.doc);
    }
    let waits = match parts.pattern {
        Pattern::RequestResponse => None,
        Pattern::Sync => {
            Some("`.sync`: the task ends when the job ends; its output is the job's, as AWS returns it.")
        }
        Pattern::Sync2 => Some("`.sync:2`: as `.sync`, with the job's output as JSON instead of text."),
        Pattern::WaitForTaskToken => Some(
            "`.waitForTaskToken`: the task ends when somebody returns the token that is in the context object.",
        ),
    };
    if let Some(waits) = waits {
        text += &format!("\n\n{waits}");
    }
    if !parts.is_known() {
        text += "\n\nAWS has no such integration.";
    }
    let page = if parts.is_dynamodb() { resource::DYNAMODB_LINK } else { resource::LINK };
    Some(format!("{text}\n\n{}", link(page)))
}

/// Of a parameter of an action, or of a part of one.
pub(super) fn parameter(spec: &ObjectSpec, parameter: &Parameter) -> String {
    let is_choice = spec.one_of.iter().any(|group| group.contains(&parameter.name));
    let need = match parameter.is_required {
        true => "required",
        false if is_choice => "one of several is required",
        false => "optional",
    };
    // The page about an operation; its parts have none that is called like that.
    let page = dynamodb::action(spec.name).filter(|action| *action == spec);
    let page = page.map(|action| format!("\n\n{}", link(&resource::operation_link(action.name))));
    format!(
        "**{}** · {} · {} · {need}\n\n{}{}",
        parameter.name,
        spec.name,
        holds(parameter.holds),
        parameter.doc,
        page.unwrap_or_default()
    )
}

/// What a parameter holds, in a few words.
fn holds(holds: Holds) -> String {
    let text = match holds {
        Holds::Enum(values) => return values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", "),
        Holds::Table | Holds::Expression(_) | Holds::Text => "string",
        Holds::Key | Holds::Item | Holds::Values => "map of attribute values",
        Holds::Names => "map of names",
        Holds::Boolean => "`true` or `false`",
        Holds::Texts => "list of strings",
        Holds::Index => "name of an index",
        Holds::Integer => "whole number",
        Holds::ValueList => "list of attribute values",
        Holds::Keys => "list of keys",
        Holds::ByTable(_) => "requests by table",
        Holds::List(_) => "list of objects",
        Holds::Object(_) | Holds::Map => "object",
        Holds::Json => "any JSON",
    };
    text.to_owned()
}

/// Of a type of attribute values.
pub(super) fn attribute_type(kind: &str) -> Option<String> {
    let (kind, text) = ATTRIBUTE_TYPES.iter().find(|(known, _)| *known == kind)?;
    Some(format!(
        "**{kind}** · type of an attribute value\n\n{text}\n\n{}",
        link(resource::ATTRIBUTE_VALUE_LINK)
    ))
}

/// What a field holds, in a few words.
pub(super) fn value_kind(kind: ValueKind) -> String {
    let range = |least: String, greatest: Option<String>| match greatest {
        Some(greatest) => format!("{least} to {greatest}"),
        None => format!("{least} or more"),
    };
    match kind {
        ValueKind::Text => "string".to_owned(),
        ValueKind::TextOrExpression => "string or expression".to_owned(),
        ValueKind::Label => "string of up to 40 characters".to_owned(),
        ValueKind::StateType => "type of state".to_owned(),
        ValueKind::StateName => "name of a state".to_owned(),
        ValueKind::QueryLanguage => "query language".to_owned(),
        ValueKind::Boolean => "`true` or `false`".to_owned(),
        ValueKind::Integer(least, greatest) => {
            let greatest = (greatest != i64::MAX).then(|| preview::grouped(greatest));
            format!("whole number, {}", range(preview::grouped(least), greatest))
        }
        ValueKind::Number(least, greatest) => {
            let greatest = (greatest < f64::MAX).then(|| greatest.to_string());
            format!("number, {}", range(least.to_string(), greatest))
        }
        ValueKind::Enum(values) => values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", "),
        ValueKind::NullablePath => "path or `null`".to_owned(),
        ValueKind::Path => "path".to_owned(),
        ValueKind::NullableReferencePath => "reference path or `null`".to_owned(),
        ValueKind::ReferencePath => "reference path".to_owned(),
        ValueKind::PathOrFunction => "path or intrinsic function".to_owned(),
        ValueKind::Resource => "ARN".to_owned(),
        ValueKind::Literal => "any JSON".to_owned(),
        ValueKind::Payload => "payload template".to_owned(),
        ValueKind::Variables => "variables".to_owned(),
        ValueKind::Items => "array, object or expression".to_owned(),
        ValueKind::Timestamp => "timestamp".to_owned(),
        ValueKind::Condition => "expression, `true` or `false`".to_owned(),
        ValueKind::States => "object of states".to_owned(),
        ValueKind::ErrorNames => "array of error names".to_owned(),
        ValueKind::Texts => "array of strings".to_owned(),
        ValueKind::Object(_) => "object".to_owned(),
        ValueKind::List(_) | ValueKind::NonEmptyList(_) => "array of objects".to_owned(),
    }
}

/// A link, named after what it leads to.
pub(super) fn link(url: &str) -> String {
    let host = if url.contains("states-language.net") {
        "States Language specification"
    } else {
        "AWS documentation"
    };
    format!("[{host}]({url})")
}
