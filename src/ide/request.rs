//! What a value in the parameters of a task is to the service that the task calls.
//!
//! Found by walking down from `Parameters` or `Arguments` along the tables of [`crate::spec::dynamodb`] and
//! [`crate::spec::service`]; like [`super::context`] it needs no model, so the answer is there in broken documents.

use std::borrow::Cow;

use super::context::{Context, context, state_kind};
use crate::spec::dynamodb::parameter;
use crate::spec::{
    Field, Holds, ObjectSpec, Owner, Parameter, QueryLanguage, Resource, ServiceKind, StateKind, service,
};
use crate::syntax::{Member, Node, NodeKind};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestRole {
    /// The value of a parameter, or an element of one.
    Value(Holds),
    /// An object with these parameters.
    Object(&'static ObjectSpec),
    /// A map from names to attribute values.
    AttributeMap,
    /// An attribute value.
    AttributeValue,
    /// A list of attribute values.
    AttributeList,
    /// A list of keys.
    Keys,
    /// What the attribute value's type, by its name in JSON, holds.
    Typed,
    /// Nothing that is known.
    Other,
}

/// A value in the parameters of a task.
#[derive(Clone, Debug)]
pub(super) struct Request<'a> {
    /// What it is.
    pub(super) role: RequestRole,
    /// The parameter that it is in or is the value of, the innermost one.
    pub(super) parameter: Option<&'static Parameter>,
    /// The innermost object with parameters that it is in or is.
    pub(super) object: Node<'a>,
    /// The parameters of that object.
    pub(super) spec: &'static ObjectSpec,
    /// The table that is asked; none where it is not written down.
    pub(super) table: Option<Cow<'a, str>>,
    /// The service that is called.
    pub(super) service: ServiceKind,
}

impl<'a> Request<'a> {
    /// What a value is: an object, an array, a string and so on; not a member or a key. None outside of the parameters
    /// of a task, or of one that calls something that is not known.
    pub(super) fn of(node: Node<'a>) -> Option<Self> {
        Self::within(&context(node), node)
    }

    /// The same, where the value's meaning in the language is known already.
    pub(super) fn within(ctx: &Context<'a>, node: Node<'a>) -> Option<Self> {
        let template = ctx.template?;
        let is_arguments = ctx.field.is_some_and(|spec| {
            matches!(spec.field, Field::Parameters | Field::Arguments)
                && spec.owners.contains(&Owner::State(StateKind::Task))
        });
        let state = ctx.state?.value()?;
        let is_task = state_kind(state) == Some(StateKind::Task)
            && ctx.object.is_some_and(|(object, _)| object == state);
        if !is_arguments || !is_task {
            return None;
        }
        let arn = ctx.resource()?;
        let resource = Resource::parse(&arn)?;
        let spec = service::action(&resource)?;
        let mut request = Self {
            role: RequestRole::Object(spec),
            parameter: None,
            object: template,
            spec,
            table: table_of(template),
            service: resource.kind,
        };
        let is_path = ctx.language == QueryLanguage::JsonPath;
        for (member, value) in steps(template, node)?.into_iter().rev() {
            request.step(member, value, is_path);
        }
        Some(request)
    }

    /// What the value of a member of this object is, whether or not there is one.
    pub(super) fn below(&self, key: &str) -> RequestRole {
        match self.role {
            RequestRole::Object(spec) => {
                let known = spec.parameter(key).filter(|_| spec.takes(key, self.service));
                known.map_or(RequestRole::Other, |parameter| role_of(parameter.holds))
            }
            RequestRole::Value(Holds::ByTable(holds)) => role_of(*holds),
            RequestRole::AttributeMap => RequestRole::AttributeValue,
            RequestRole::AttributeValue => match key {
                "M" => RequestRole::AttributeMap,
                "L" => RequestRole::AttributeList,
                _ => RequestRole::Typed,
            },
            _ => RequestRole::Other,
        }
    }

    /// What the elements of this array are.
    pub(super) fn element(&self) -> RequestRole {
        match self.role {
            RequestRole::Value(Holds::List(spec)) => RequestRole::Object(spec),
            RequestRole::AttributeList => RequestRole::AttributeValue,
            RequestRole::Keys => RequestRole::AttributeMap,
            _ => RequestRole::Other,
        }
    }

    fn step(&mut self, member: Option<Member<'a>>, value: Node<'a>, is_path: bool) {
        let Some(member) = member else {
            self.role = self.element();
            self.enter(value);
            return;
        };
        let key = member.key();
        // What a path leads to is not written here.
        if is_path && key.ends_with(".$") {
            self.role = RequestRole::Other;
            return;
        }
        match self.role {
            RequestRole::Object(spec) => self.parameter = spec.parameter(&key).or(self.parameter),
            RequestRole::Value(Holds::ByTable(_)) => {
                self.table = Some(key.clone()).filter(|name| !name.contains("${"));
            }
            _ => {}
        }
        self.role = self.below(&key);
        self.enter(value);
    }

    fn enter(&mut self, value: Node<'a>) {
        if let RequestRole::Object(spec) = self.role {
            (self.object, self.spec) = (value, spec);
            self.table = table_of(value).or(self.table.take());
        }
    }
}

/// The members and elements on the way from a template to a node within it, the last one first.
fn steps<'a>(template: Node<'a>, node: Node<'a>) -> Option<Vec<(Option<Member<'a>>, Node<'a>)>> {
    let mut steps = Vec::new();
    let mut at = node;
    while at != template {
        let parent = at.parent()?;
        let (container, member) = match parent.kind() {
            NodeKind::Member => (parent.parent()?, Some(super::context::member_of(parent)?)),
            _ => (parent, None),
        };
        steps.push((member, at));
        at = container;
    }
    Some(steps)
}

fn table_of(object: Node<'_>) -> Option<Cow<'_, str>> {
    object.value_of(parameter::TABLE_NAME)?.text()
}

fn role_of(holds: Holds) -> RequestRole {
    match holds {
        Holds::Object(spec) => RequestRole::Object(spec),
        Holds::Key | Holds::Item | Holds::Values => RequestRole::AttributeMap,
        Holds::Keys => RequestRole::Keys,
        Holds::ValueList => RequestRole::AttributeList,
        holds => RequestRole::Value(holds),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::testing::fixture;

    #[track_caller]
    fn check(action: &str, parameters: &str, expected: Expect) {
        let (analysis, offset) = fixture(&format!(
            r#"{{"States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::{action}", "Parameters": {parameters}}}}}}}"#
        ));
        let node = analysis.parse().node_at(offset).unwrap();
        let shown = Request::of(node).map(|request| {
            let role = match request.role {
                RequestRole::Object(spec) => format!("Object {}", spec.name),
                RequestRole::Value(Holds::List(spec)) => format!("List {}", spec.name),
                role => format!("{role:?}"),
            };
            let parameter = request.parameter.map(|parameter| parameter.name);
            format!("{role} of {parameter:?} in {}, table {:?}", request.spec.name, request.table)
        });
        expected.assert_eq(&shown.unwrap_or_default());
    }

    #[test]
    fn parts_of_transactions() {
        let head =
            |inner: &str| format!(r#"{{"TransactItems": [{{"Put": {{"TableName": "T", {inner}}}}}]}}"#);
        let check = |inner: &str, expected: Expect| {
            check("aws-sdk:dynamodb:transactWriteItems", &head(inner), expected);
        };
        check(r#""Item": <|>{}"#, expect![[r#"AttributeMap of Some("Item") in Put, table Some("T")"#]]);
        check(
            r#""Item": {"a": <|>{}}"#,
            expect![[r#"AttributeValue of Some("Item") in Put, table Some("T")"#]],
        );
        check(
            r#""Item": {"a": {"L": [<|>{}]}}"#,
            expect![[r#"AttributeValue of Some("Item") in Put, table Some("T")"#]],
        );
        check(
            r#""ConditionExpression": "a<|>""#,
            expect![[
                r#"Value(Expression(Condition)) of Some("ConditionExpression") in Put, table Some("T")"#
            ]],
        );
    }

    #[test]
    fn parts_of_batches() {
        check(
            "aws-sdk:dynamodb:batchWriteItem",
            r#"{"RequestItems": {"T": [{"DeleteRequest": {"Key": <|>{}}}]}}"#,
            expect![[r#"AttributeMap of Some("Key") in DeleteRequest, table Some("T")"#]],
        );
        check(
            "aws-sdk:dynamodb:batchGetItem",
            r#"{"RequestItems": {"T": {"Keys": [<|>{}]}}}"#,
            expect![[r#"AttributeMap of Some("Keys") in batchGetItem, table Some("T")"#]],
        );
        check(
            "aws-sdk:dynamodb:batchExecuteStatement",
            r#"{"Statements": [{"Statement": "", "Parameters": [<|>{}]}]}"#,
            expect![[r#"AttributeValue of Some("Parameters") in statement, table None"#]],
        );
    }

    #[test]
    fn other_services_and_paths() {
        check(
            "events:putEvents",
            r#"{"Entries": [<|>{}]}"#,
            expect![[r#"Object event of Some("Entries") in event, table None"#]],
        );
        check(
            "dynamodb:getItem",
            r#"{"Key.$": "<|>"}"#,
            expect![[r#"Other of None in getItem, table None"#]],
        );
        check("nothing:known", r#"{"Key": <|>1}"#, expect![""]);
    }
}
