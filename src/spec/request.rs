//! What the requests of integrated services are made of: objects with their parameters, nested as the API nests them.
//!
//! The types of the tables [`super::dynamodb`] and [`super::service`]. What checks hold a task to, what completion
//! offers in it and what hover says of it is the same row.

use super::dynamodb_expression::ExpressionKind;
use super::resource::ServiceKind;

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The name or ARN of a table.
    Table,
    /// The name of an index of the table.
    Index,
    /// The key of an item: attribute names and values.
    Key,
    /// An item: attribute names and values.
    Item,
    /// A list of keys.
    Keys,
    /// `:value` and attribute values.
    Values,
    /// `#name` and attribute names.
    Names,
    /// A list of attribute values.
    ValueList,
    /// An expression.
    Expression(ExpressionKind),
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// An object with any members.
    Map,
    /// Any JSON.
    Json,
    /// An object with these parameters.
    Object(&'static ObjectSpec),
    /// A list of objects with these parameters.
    List(&'static ObjectSpec),
    /// An object whose keys are tables, and whose values hold this.
    ByTable(&'static Holds),
}

impl Holds {
    /// The objects it is made of; none of another value.
    pub const fn object(self) -> Option<&'static ObjectSpec> {
        match self {
            Holds::Object(spec) | Holds::List(spec) => Some(spec),
            Holds::ByTable(Holds::Object(spec) | Holds::List(spec)) => Some(spec),
            _ => None,
        }
    }

    /// Whether it is a map from names to attribute values.
    pub const fn is_attribute_map(self) -> bool {
        matches!(self, Holds::Key | Holds::Item | Holds::Values)
    }
}

/// A parameter of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether the object needs it.
    pub is_required: bool,
    /// Whether it is an older form of an expression, with which it cannot be mixed.
    pub is_older: bool,
    /// Whether only the AWS SDK integration takes it.
    pub is_sdk_only: bool,
    /// Operations it may hold at most, in all tables; none where the API has no limit that is checked here.
    pub n_max: Option<usize>,
    /// What it means, in Markdown.
    pub doc: &'static str,
}

impl Parameter {
    /// One that the object needs.
    pub(super) const fn needed(name: &'static str, holds: Holds, doc: &'static str) -> Self {
        Self { is_required: true, ..Self::optional(name, holds, doc) }
    }

    /// One that the object may have.
    pub(super) const fn optional(name: &'static str, holds: Holds, doc: &'static str) -> Self {
        Self { name, holds, is_required: false, is_older: false, is_sdk_only: false, n_max: None, doc }
    }

    /// The same as an older form.
    pub(super) const fn older(self) -> Self {
        Self { is_older: true, ..self }
    }

    /// The same, through the AWS SDK integration alone.
    pub(super) const fn sdk_only(self) -> Self {
        Self { is_sdk_only: true, ..self }
    }

    /// The same with a limit.
    pub(super) const fn at_most(self, n_max: usize) -> Self {
        Self { n_max: Some(n_max), ..self }
    }
}

/// An object of a request: the parameters of an action, or a part of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectSpec {
    /// The action's name in the ARN, or the name of the part.
    pub name: &'static str,
    /// What it is or does, in Markdown.
    pub doc: &'static str,
    /// Its parameters, the required ones first, the older forms last.
    pub parameters: &'static [Parameter],
    /// Groups of parameters of which each needs one.
    pub one_of: &'static [&'static [&'static str]],
    /// Whether it has exactly one of its parameters.
    pub is_union: bool,
    /// Whether there are no other parameters than those here.
    pub is_complete: bool,
}

impl ObjectSpec {
    /// An object with all its parameters.
    pub(super) const fn new(name: &'static str, doc: &'static str, parameters: &'static [Parameter]) -> Self {
        Self { name, doc, parameters, one_of: &[], is_union: false, is_complete: true }
    }

    /// The same with exactly one of the parameters.
    pub(super) const fn union(self) -> Self {
        Self { is_union: true, ..self }
    }

    /// The same, of which the API has more parameters.
    pub(super) const fn and_more(self) -> Self {
        Self { is_complete: false, ..self }
    }

    /// The same, which needs one of these.
    pub(super) const fn needing(self, one_of: &'static [&'static [&'static str]]) -> Self {
        Self { one_of, ..self }
    }

    /// The parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// The parameters that an integration takes.
    pub fn taken(&self, kind: ServiceKind) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.parameters.iter().filter(move |parameter| kind == ServiceKind::Sdk || !parameter.is_sdk_only)
    }

    /// Whether an integration takes a parameter of this name.
    pub fn takes(&self, name: &str, kind: ServiceKind) -> bool {
        self.taken(kind).any(|parameter| parameter.name == name)
    }

    /// The names of its parameters, written as a list.
    pub fn names(&self) -> String {
        self.parameters.iter().map(|parameter| parameter.name).collect::<Vec<_>>().join(", ")
    }
}
