//! What a value of a document is in the language, found by walking down to it from the root.
//!
//! Needs no model: a value has its meaning by the keys that lead to it and by the `Type` of the state it is in, so
//! the answer is there however broken the rest of the document is. Only the tables of `spec` say what a key means.

use crate::spec::{
    ChoiceOperator, FIELDS, Field, FieldSpec, Owner, QueryLanguage, StateKind, ValueKind, field_spec,
};
use crate::syntax::{Member, Node, NodeKind};

/// What a value is in the language.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// An object with the fields of this owner.
    Object(Owner),
    /// A state whose type is not known.
    UntypedState,
    /// `States`: an object of states.
    States,
    /// An array of objects with the fields of this owner.
    List(Owner),
    /// The value of a field, and nothing more particular.
    Field(&'static FieldSpec),
    /// An element of a field's array of strings.
    Element(&'static FieldSpec),
    /// A payload template, or something in one.
    Template,
    /// What a rule of a Choice state compares with.
    Operand(&'static ChoiceOperator),
    /// Nothing that the language knows.
    Unknown,
}

/// A value's meaning and what surrounds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    /// What the value is.
    pub(super) role: Role,
    /// The language of its expressions.
    pub(super) language: QueryLanguage,
    /// The object with the `StartAt` and `States` that it is in.
    pub(super) scope: Option<Node<'a>>,
    /// The member of `States` that it is in, or is the value of.
    pub(super) state: Option<Member<'a>>,
    /// The innermost field of the language that it is in, or is the value of.
    pub(super) field: Option<&'static FieldSpec>,
    /// The value of the field whose payload template it is in.
    pub(super) template: Option<Node<'a>>,
    /// The innermost object of the language that it is in or is, with what it is.
    pub(super) object: Option<(Node<'a>, Role)>,
}

/// The meaning of a value: an object, an array, a string and so on; not of a member or a key.
pub(super) fn context<'a>(value: Node<'a>) -> Context<'a> {
    let mut steps = Vec::new();
    let mut root = value;
    while let Some(parent) = root.parent() {
        let (container, member) = match parent.kind() {
            NodeKind::Member => (parent.parent(), member_of(parent)),
            _ => (Some(parent), None),
        };
        let Some(container) = container else { break };
        steps.push((member, root));
        root = container;
    }
    let mut ctx = Context::of_root(root);
    for (member, child) in steps.into_iter().rev() {
        ctx.step(member, child);
    }
    ctx
}

/// Visits a document's values from the root down, in the order of the text, each with its meaning and the member it
/// is the value of. What `visit` returns false for is not entered.
///
/// Cheaper than [`context`] for each of them, which walks up to the root every time.
pub(super) fn walk<'a>(
    root: Node<'a>,
    mut visit: impl FnMut(&Context<'a>, Option<Member<'a>>, Node<'a>) -> bool,
) {
    let mut stack = vec![(Context::of_root(root), None, root)];
    while let Some((ctx, member, node)) = stack.pop() {
        if !visit(&ctx, member, node) {
            continue;
        }
        let n_before = stack.len();
        let below = |member: Option<Member<'a>>, child: Node<'a>| {
            let mut inner = ctx;
            inner.step(member, child);
            (inner, member, child)
        };
        stack.extend(
            node.members()
                .filter_map(|member| Some((member, member.value()?)))
                .map(|(m, v)| below(Some(m), v)),
        );
        stack.extend(node.elements().map(|element| below(None, element)));
        if let Some(added) = stack.get_mut(n_before..) {
            added.reverse();
        }
    }
}

impl<'a> Context<'a> {
    fn of_root(root: Node<'a>) -> Self {
        let mut ctx = Context {
            role: Role::Unknown,
            language: query_language(root).unwrap_or_default(),
            scope: None,
            state: None,
            field: None,
            template: None,
            object: None,
        };
        ctx.enter(Role::Object(Owner::Machine), root);
        ctx
    }

    /// What the value of a member of this object is, whether or not there is one, with its field.
    pub(super) fn value_role(&self, key: &str) -> (Role, Option<&'static FieldSpec>) {
        let is_rule = matches!(self.role, Role::Object(Owner::ChoiceRule | Owner::NestedRule));
        if let Some(operator) = is_rule.then(|| ChoiceOperator::from_name(key)).flatten() {
            return (Role::Operand(operator), None);
        }
        match field_in(self.role, key) {
            Some(spec) => (role_of_value(spec), Some(spec)),
            None if matches!(self.role, Role::Template) => (Role::Template, self.field),
            None => (Role::Unknown, None),
        }
    }

    /// The resource of the Task it is in.
    pub(super) fn resource(&self) -> Option<String> {
        let resource = self.state?.value()?.value_of(Field::Resource.name())?;
        resource.text().map(std::borrow::Cow::into_owned)
    }

    fn enter(&mut self, role: Role, node: Node<'a>) {
        self.role = role;
        if matches!(role, Role::Object(_) | Role::UntypedState) {
            self.object = Some((node, role));
        }
        if matches!(role, Role::Object(Owner::Machine | Owner::Branch | Owner::ItemProcessor)) {
            self.scope = Some(node);
        }
        if matches!(role, Role::Template) && self.template.is_none() {
            self.template = Some(node);
        }
    }

    fn step(&mut self, member: Option<Member<'a>>, child: Node<'a>) {
        let role = match (self.role, member) {
            (Role::States, Some(member)) => {
                self.state = Some(member);
                // A state in another one has the language of the machine, not of the state around it.
                let root = std::iter::successors(Some(child), |node| node.parent()).last();
                let machine = root.and_then(query_language).unwrap_or_default();
                self.language = query_language(child).unwrap_or(machine);
                state_kind(child).map_or(Role::UntypedState, |kind| Role::Object(Owner::State(kind)))
            }
            (Role::List(owner), None) => Role::Object(owner),
            (Role::Field(spec), None) => Role::Element(spec),
            (Role::Template, _) => Role::Template,
            (Role::Object(_) | Role::UntypedState, Some(member)) => {
                let (role, spec) = self.value_role(&member.key());
                self.field = spec.or(self.field);
                role
            }
            _ => Role::Unknown,
        };
        self.enter(role, child);
    }
}

/// The type that an object says it is, as a state.
pub(super) fn state_kind(state: Node<'_>) -> Option<StateKind> {
    StateKind::from_name(&state.value_of(Field::Type.name())?.text()?)
}

fn query_language(object: Node<'_>) -> Option<QueryLanguage> {
    QueryLanguage::from_name(&object.value_of(Field::QueryLanguage.name())?.text()?)
}

/// The row of a key in an object; in a state without a type, of any type that has such a field.
fn field_in(role: Role, key: &str) -> Option<&'static FieldSpec> {
    let field = Field::from_name(key)?;
    match role {
        Role::Object(owner) => field_spec(owner, field),
        Role::UntypedState => FIELDS.iter().find(|spec| {
            spec.field == field && spec.owners.iter().any(|owner| matches!(owner, Owner::State(_)))
        }),
        _ => None,
    }
}

fn role_of_value(spec: &'static FieldSpec) -> Role {
    match spec.value {
        ValueKind::Object(owner) => Role::Object(owner),
        ValueKind::List(owner) | ValueKind::NonEmptyList(owner) => Role::List(owner),
        ValueKind::States => Role::States,
        ValueKind::Payload | ValueKind::Variables | ValueKind::Literal | ValueKind::Items => Role::Template,
        _ => Role::Field(spec),
    }
}

/// A member node as the member of its object.
pub(super) fn member_of(node: Node<'_>) -> Option<Member<'_>> {
    node.parent()?.members().find(|member| member.node() == node)
}
