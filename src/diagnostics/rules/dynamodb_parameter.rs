//! Parameters of a DynamoDB task that the action does not have, or that it lacks.

use crate::diagnostics::rule::Reporter;
use crate::diagnostics::{Rule, Severity};
use crate::model::StateBody;
use crate::spec::{DynamoDbAction, Field, QueryLanguage, Resource, ServiceKind};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-parameter",
    code: "dynamodb-parameter",
    // AWS accepts such a definition: what it does not know it drops, and what is missing fails the task.
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds parameters that an action of DynamoDB does not have, and required ones that are missing.",
    doc: "The optimized integration hands the parameters it knows to DynamoDB and drops all others, so that a misspelt `ConditionExpression` has no effect. Without `TableName`, `Key` or `Item` the task fails with `DynamoDB.AmazonDynamoDBException`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html",
    check,
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for (id, state) in facts.lowered.machine.all_states() {
        let StateBody::Task(task) = &state.body else { continue };
        let Some(parts) = Resource::parse(&task.resource) else { continue };
        if !parts.is_dynamodb() || parts.kind != ServiceKind::Optimized {
            continue;
        }
        let Some(action) = DynamoDbAction::from_name(parts.action) else { continue };
        let Some(object) = facts.lowered.source_map.state_node(facts.parse, id) else { continue };
        let field = match state.query_language {
            QueryLanguage::JsonPath => Field::Parameters,
            QueryLanguage::Jsonata => Field::Arguments,
        };
        // Without parameters the state's input is the request: nothing is known of it.
        let Some(parameters) = object.value_of(field.name()).filter(|node| node.is_object()) else {
            continue;
        };
        let name_of = |key: &str| match state.query_language {
            QueryLanguage::JsonPath => key.strip_suffix(".$").unwrap_or(key).to_owned(),
            QueryLanguage::Jsonata => key.to_owned(),
        };
        for member in parameters.members() {
            let name = name_of(&member.key());
            if action.parameter(&name).is_none() {
                let known = action.parameters.iter().find(|known| known.name.eq_ignore_ascii_case(&name));
                let hint = known.map(|known| format!("; it is written '{}'", known.name)).unwrap_or_default();
                let message = format!("'{name}' is no parameter of {}: it has no effect{hint}", action.name);
                ctx.report(Some(member.key_node()), member.key_node().range(), message);
            }
        }
        let is_given = |name: &str| parameters.members().any(|member| name_of(&member.key()) == name);
        for parameter in action.parameters.iter().filter(|parameter| parameter.is_required) {
            if !is_given(parameter.name) {
                let key = object.get(field.name()).map_or(parameters, |member| member.key_node());
                let message = format!("{} needs the parameter '{}'", action.name, parameter.name);
                ctx.report(Some(parameters), key.range(), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn misspelt_and_missing() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true,
"Parameters": {"TableName.$": "$.t", "item": {"id": {"S": "1"}}, "Foo": 1}}"#,
            expect![[r#"
                "Parameters": {"TableName.$": "$.t", "item": {"id": {"S": "1"}}, "Foo": 1}}
                ^^^^^^^^^^^^
                warning dynamodb-parameter: putItem needs the parameter 'Item'
                "Parameters": {"TableName.$": "$.t", "item": {"id": {"S": "1"}}, "Foo": 1}}
                                                     ^^^^^^
                warning dynamodb-parameter: 'item' is no parameter of putItem: it has no effect; it is written 'Item'
                "Parameters": {"TableName.$": "$.t", "item": {"id": {"S": "1"}}, "Foo": 1}}
                                                                                 ^^^^^
                warning dynamodb-parameter: 'Foo' is no parameter of putItem: it has no effect
            "#]],
        );
    }
}
