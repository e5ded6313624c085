//! What is at the place that actions are asked for.

use crate::ide::Analysis;
use crate::ide::context::{Context, Role, context, member_of};
use crate::model::StateId;
use crate::spec::{Field, Resource};
use crate::syntax::{Member, Node, NodeKind, Parse};
use crate::text::TextRange;

/// A place with what surrounds it.
pub(super) struct Scene<'a> {
    pub(super) analysis: &'a Analysis,
    /// What is selected; empty at a cursor.
    pub(super) range: TextRange,
    /// The innermost node at the beginning of the selection.
    pub(super) node: Node<'a>,
    /// The member whose key or value the node is.
    pub(super) member: Option<Member<'a>>,
    /// What the node means; of a key, what its object means.
    pub(super) ctx: Context<'a>,
    /// The innermost state around it.
    pub(super) state: Option<Member<'a>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(analysis: &'a Analysis, range: TextRange) -> Option<Self> {
        let node = analysis.parse().node_at(range.start())?;
        let parent = node.parent().filter(|parent| parent.kind() == NodeKind::Member);
        let member =
            if node.kind() == NodeKind::Member { member_of(node) } else { parent.and_then(member_of) };
        let is_value = member.is_none_or(|member| member.value() == Some(node));
        let value = if is_value { node } else { member?.node().parent()? };
        let ctx = context(value);
        let is_states = matches!(ctx.role, Role::States);
        let state = member.filter(|_| is_states && !is_value).or(ctx.state);
        Some(Self { analysis, range, node, member, ctx, state })
    }

    pub(super) fn parse(&self) -> &'a Parse {
        self.analysis.parse()
    }

    /// The object of the state around the place.
    pub(super) fn state_object(&self) -> Option<Node<'a>> {
        self.state?.value().filter(|value| value.is_object())
    }

    pub(super) fn state_id(&self) -> Option<StateId> {
        let (lowered, member) = (self.analysis.lowered(), self.state?.node().id());
        let mut ids = lowered.machine.all_states().map(|(id, _)| id);
        ids.find(|id| lowered.source_map.state_member(*id) == Some(member))
    }

    /// The ARN of the task around the place.
    pub(super) fn arn(&self) -> Option<String> {
        let arn = self.state_object()?.value_of(Field::Resource.name())?;
        arn.text().map(std::borrow::Cow::into_owned)
    }

    /// Whether the task around the place calls DynamoDB.
    pub(super) fn is_dynamodb(&self) -> bool {
        self.arn().as_deref().and_then(Resource::parse).is_some_and(|resource| resource.is_dynamodb())
    }
}
