//! What a document points to: pages about resources, definitions of nested state machines, declared tables.

use super::Analysis;
use super::context::{Context, Role, walk};
use crate::spec::dynamodb::parameter;
use crate::spec::resource;
use crate::spec::service;
use crate::spec::{Resource, ServiceKind, ValueKind};
use crate::syntax::{Member, Node};
use crate::text::TextRange;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A page, by its address.
    Page(String),
    /// The definition of the state machine of this name, if there is a file of it.
    StateMachine(String),
    /// The file that declares tables, if there is one.
    Tables,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLink {
    /// The text of the string that is the link, without quotes.
    pub range: TextRange,
    /// Where it leads.
    pub target: LinkTarget,
    /// What it leads to, for people.
    pub tooltip: &'static str,
}

/// All links, in the order of the text.
pub(super) fn document_links(analysis: &Analysis) -> Vec<DocumentLink> {
    let mut links = Vec::new();
    if let Some(root) = analysis.parse().root() {
        walk(root, |ctx, member, node| {
            let Some(decoded) = node.decoded() else { return true };
            if let Some((target, tooltip)) = target(ctx, member, node, &decoded.text) {
                let range = decoded.to_source(TextRange::from_usize(0..decoded.text.len()));
                links.push(DocumentLink { range, target, tooltip });
            }
            true
        });
    }
    links
}

fn target(
    ctx: &Context<'_>,
    member: Option<Member<'_>>,
    node: Node<'_>,
    text: &str,
) -> Option<(LinkTarget, &'static str)> {
    match ctx.role {
        Role::Field(spec) if spec.value == ValueKind::Resource => {
            Some((LinkTarget::Page(page(text)?), "Open the documentation"))
        }
        Role::Template => {
            let is_parameter = node.parent().and_then(Node::parent) == ctx.template;
            let key = member.filter(|_| is_parameter)?.key();
            let arn = ctx.resource()?;
            let resource = Resource::parse(&arn)?;
            if key == parameter::TABLE_NAME && resource.is_dynamodb() {
                return Some((LinkTarget::Tables, "Open the tables"));
            }
            let is_nested =
                key == service::parameter::STATE_MACHINE_ARN && resource.action == resource::START_EXECUTION;
            let name = nested_name(text).filter(|_| is_nested)?;
            Some((LinkTarget::StateMachine(name.to_owned()), "Open the state machine"))
        }
        _ => None,
    }
}

/// The page about the resource of a task.
fn page(arn: &str) -> Option<String> {
    let resource = Resource::parse(arn)?;
    match resource.kind {
        _ if resource.is_dynamodb() => Some(resource::operation_link(resource.action)),
        ServiceKind::Optimized | ServiceKind::Sdk => Some(resource::LINK.to_owned()),
        ServiceKind::LambdaFunction | ServiceKind::Activity => None,
    }
}

/// The name of a state machine in its ARN, without version or alias.
fn nested_name(arn: &str) -> Option<&str> {
    let (_, name) = arn.split_once(":stateMachine:")?;
    name.split(':').next().filter(|name| !name.is_empty() && !name.contains(['/', '\\', '$']))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::testing::{analyse, marked};

    #[track_caller]
    fn check(state: &str, expected: Expect) {
        let analysis = analyse(&format!("{{\"States\": {{\"A\": {{\"Type\": \"Task\",\n{state}\n}}}}}}"));
        let links = analysis.document_links();
        let shown = links.iter().map(|link| (link.range, format!("{:?}", link.target)));
        expected.assert_eq(&marked(&analysis, shown));
    }

    #[test]
    fn resources_lead_to_their_pages() {
        check(
            r#""Resource": "arn:aws:states:::aws-sdk:dynamodb:query""#,
            expect![[r#"
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:query"
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Page("https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html")
        "#]],
        );
        check(
            r#""Resource": "arn:aws:states:::sqs:sendMessage""#,
            expect![[r#"
            "Resource": "arn:aws:states:::sqs:sendMessage"
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Page("https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html")
        "#]],
        );
        check(r#""Resource": "arn:aws:lambda:us-east-1:1:function:f""#, expect![""]);
    }

    #[test]
    fn tables_and_nested_state_machines() {
        check(
            r#""Resource": "arn:aws:states:::dynamodb:getItem",
"Parameters": {"TableName": "Orders", "Key": {"TableName": {"S": "no"}}}"#,
            expect![[r#"
                "Resource": "arn:aws:states:::dynamodb:getItem",
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Page("https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html")
                "Parameters": {"TableName": "Orders", "Key": {"TableName": {"S": "no"}}}
                                             ^^^^^^ Tables
            "#]],
        );
        check(
            r#""Resource": "arn:aws:states:::states:startExecution.sync:2", "QueryLanguage": "JSONata",
"Arguments": {"StateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:child:7"}"#,
            expect![[r#"
                "Resource": "arn:aws:states:::states:startExecution.sync:2", "QueryLanguage": "JSONata",
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Page("https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html")
                "Arguments": {"StateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:child:7"}
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ StateMachine("child")
            "#]],
        );
    }
}
