//! The expressions in the strings of a document: which strings are any, in which language, and the way between
//! places in them and places in the document.
//!
//! What is half typed counts: `{% $x` without its end is an expression already.

use super::context::{Context, Role};
use super::request::{Request, RequestRole};
use crate::expr::intrinsic::Intrinsic;
use crate::expr::jsonata;
use crate::spec::dynamodb::{ExpressionKind, expression_kind};
use crate::spec::{Field, Holds, Owner, QueryLanguage, Resource, StateKind, ValueKind};
use crate::syntax::{Decoded, Member, Node};
use crate::text::{TextRange, TextSize};

/// The language of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExpressionLanguage {
    /// A path or, in some fields, an intrinsic function.
    JsonPath,
    /// JSONata.
    Jsonata,
    /// An expression of DynamoDB.
    DynamoDb(ExpressionKind),
}

/// An expression in a string.
#[derive(Clone, Debug)]
pub(super) struct Expression<'a> {
    pub(super) node: Node<'a>,
    pub(super) language: ExpressionLanguage,
    decoded: Decoded<'a>,
    /// Where the expression is in the decoded text: without the delimiters of JSONata.
    inner: TextRange,
}

/// The expression that a value is; none where it is another value or text that is taken as it is.
pub(super) fn expression<'a>(
    ctx: &Context<'a>,
    member: Option<Member<'a>>,
    node: Node<'a>,
) -> Option<Expression<'a>> {
    if !node.is_string() {
        return None;
    }
    let decoded = node.decoded()?;
    let len = TextSize::try_from(decoded.text.len()).unwrap_or(TextSize::MAX);
    let whole = TextRange::new(0, len);
    let (language, inner) = match jsonata_range(ctx, &decoded.text) {
        Some(inner) => (ExpressionLanguage::Jsonata, inner),
        None if is_path(ctx, member, &decoded.text) => (ExpressionLanguage::JsonPath, whole),
        None => (ExpressionLanguage::DynamoDb(dynamodb_kind(ctx, member?)?), whole),
    };
    Some(Expression { node, language, decoded, inner })
}

impl Expression<'_> {
    /// The expression's text.
    pub(super) fn text(&self) -> &str {
        self.decoded.text.get(self.inner.to_usize()).unwrap_or_default()
    }

    /// Where a part of the expression is in the decoded text of its string.
    pub(super) fn in_string(&self, range: TextRange) -> TextRange {
        range.shift(self.inner.start())
    }

    /// Where a part of the expression is in the document.
    pub(super) fn to_source(&self, range: TextRange) -> TextRange {
        self.decoded.to_source(self.in_string(range))
    }

    /// The place in the expression of a place in the document.
    pub(super) fn offset_of(&self, offset: TextSize) -> TextSize {
        let offset = self.decoded.from_source(offset).saturating_sub(self.inner.start());
        offset.min(self.inner.len())
    }

    /// The delimiters of JSONata, where they are in the document.
    pub(super) fn delimiters(&self) -> Vec<TextRange> {
        let len = TextSize::try_from(self.decoded.text.len()).unwrap_or(TextSize::MAX);
        let around = [TextRange::new(0, self.inner.start()), TextRange::new(self.inner.end(), len)];
        around
            .into_iter()
            .filter(|range| !range.is_empty())
            .map(|range| self.decoded.to_source(range))
            .collect()
    }
}

/// The part between the delimiters, the closing one of which may be missing.
fn jsonata_range(ctx: &Context<'_>, text: &str) -> Option<TextRange> {
    let is_taken_as_is = match ctx.role {
        Role::Field(spec) => !spec.value.admits_expression(),
        Role::Template => ctx.field.is_some_and(|spec| spec.value == ValueKind::Literal),
        _ => true,
    };
    if ctx.language != QueryLanguage::Jsonata || is_taken_as_is {
        return None;
    }
    let inner = text.strip_prefix(jsonata::OPEN)?;
    let inner = inner.strip_suffix(jsonata::CLOSE).unwrap_or(inner);
    Some(TextRange::from_usize(jsonata::OPEN.len()..jsonata::OPEN.len() + inner.len()))
}

fn is_path(ctx: &Context<'_>, member: Option<Member<'_>>, text: &str) -> bool {
    if ctx.language != QueryLanguage::JsonPath {
        return false;
    }
    match ctx.role {
        Role::Field(spec) => matches!(
            spec.value,
            ValueKind::Path
                | ValueKind::NullablePath
                | ValueKind::ReferencePath
                | ValueKind::NullableReferencePath
                | ValueKind::PathOrFunction
        ),
        Role::Operand(operator) => operator.is_path,
        // Also where the object is none of the language's templates, as `Credentials`.
        Role::Template | Role::Unknown => {
            let is_literal = ctx.field.is_some_and(|spec| spec.value == ValueKind::Literal);
            let is_marked = member.is_some_and(|member| member.key().ends_with(".$"));
            is_marked && !is_literal && (text.starts_with('$') || Intrinsic::is_meant(text))
        }
        _ => false,
    }
}

/// Which expression of DynamoDB the value of a member holds, within the parameters of a task that calls it.
fn dynamodb_kind(ctx: &Context<'_>, member: Member<'_>) -> Option<ExpressionKind> {
    // Few members are called like that, and to look where one is takes longer.
    expression_kind(&member.key())?;
    match Request::within(ctx, member.value()?)?.role {
        RequestRole::Value(Holds::Expression(kind)) => Some(kind),
        _ => None,
    }
}

/// Whether a value is in the parameters of a task that calls DynamoDB.
pub(super) fn is_dynamodb_template(ctx: &Context<'_>) -> bool {
    let is_parameters = ctx.field.is_some_and(|spec| {
        matches!(spec.field, Field::Parameters | Field::Arguments)
            && spec.owners.contains(&Owner::State(StateKind::Task))
    });
    matches!(ctx.role, Role::Template)
        && is_parameters
        && ctx.resource().as_deref().and_then(Resource::parse).is_some_and(|it| it.is_dynamodb())
}
