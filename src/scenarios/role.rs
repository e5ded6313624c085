//! What a value of a file of scenarios is, found by walking down to it from the root along the table of the format.
//!
//! The answer is there however broken the rest of the file is: only the keys that lead to a value say what it is.

use super::format::{MemberSpec, Owner, ValueForm, members_of};
use crate::syntax::{Member, Node, NodeKind};

/// What a value is in a file of scenarios.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// An object with the members of this owner.
    Object(Owner),
    /// The value of a member.
    Value(&'static MemberSpec),
    /// One of those that the value of a member holds, by name or in order: a table, the items of a table, the calls of a
    /// state, a file, the name of a state.
    Part(&'static MemberSpec),
    /// Something further within the value of a member.
    Within(&'static MemberSpec),
    /// Nothing that the format knows.
    Unknown,
}

/// What a member of an object is.
#[derive(Clone, Copy, Debug)]
pub enum KeyRole {
    /// A member of the format.
    Member(&'static MemberSpec),
    /// A scenario, whose name the key is.
    Scenario,
    /// The name of a state, as a key of this member's value.
    State(&'static MemberSpec),
    /// Anything else.
    Other,
}

/// A place that names a state.
#[derive(Clone, Copy, Debug)]
pub struct StateName<'a> {
    /// The string that is the name: a key, or an element of a path.
    pub node: Node<'a>,
    /// The member under which it stands: the mocks, the expected states or the path.
    pub spec: &'static MemberSpec,
    /// The value of the key; none in a path.
    pub value: Option<Node<'a>>,
}

/// What a value is; not of a member or a key.
pub fn role(value: Node<'_>) -> Role {
    let mut steps = Vec::new();
    let mut root = value;
    while let Some(parent) = root.parent() {
        let (container, key) = match parent.kind() {
            NodeKind::Member => (parent.parent(), parent.children().next().and_then(Node::text)),
            _ => (Some(parent), None),
        };
        let Some(container) = container else { break };
        steps.push((key, root));
        root = container;
    }
    let start = Role::Object(Owner::File);
    steps.into_iter().rev().fold(start, |role, (key, node)| role.step(key.as_deref(), node))
}

/// What a member of an object of this role is.
pub fn key_role(object: Role, key: &str) -> KeyRole {
    match object {
        Role::Object(owner) => spec_of(owner, key).map_or(KeyRole::Other, KeyRole::Member),
        Role::Value(spec) => match spec.form {
            ValueForm::Named(Owner::Scenario) => KeyRole::Scenario,
            ValueForm::Named(Owner::State) | ValueForm::Calls(_) => KeyRole::State(spec),
            _ => KeyRole::Other,
        },
        _ => KeyRole::Other,
    }
}

/// All places that name states, in the order of the text.
pub fn state_names(root: Node<'_>) -> Vec<StateName<'_>> {
    let mut found = Vec::new();
    // Values with what they are, the next one last.
    let mut todo = vec![(Role::Object(Owner::File), root)];
    while let Some((role, node)) = todo.pop() {
        if matches!(role, Role::Within(_) | Role::Unknown) {
            continue;
        }
        if let Role::Part(spec @ MemberSpec { form: ValueForm::Names, .. }) = role
            && node.is_string()
        {
            found.push(StateName { node, spec, value: None });
        }
        let n_before = todo.len();
        for member in node.members() {
            let key = member.key();
            if let KeyRole::State(spec) = key_role(role, &key) {
                found.push(StateName { node: member.key_node(), spec, value: member.value() });
            }
            todo.extend(member.value().map(|value| (role.step(Some(&key), value), value)));
        }
        todo.extend(node.elements().map(|element| (role.step(None, element), element)));
        if let Some(added) = todo.get_mut(n_before..) {
            added.reverse();
        }
    }
    found.sort_by_key(|it| it.node.range());
    found
}

/// The member whose key a node is.
pub fn member_of_key(key: Node<'_>) -> Option<Member<'_>> {
    let member = key.parent().filter(|parent| parent.kind() == NodeKind::Member)?;
    member.parent()?.members().find(|it| it.key_node() == key)
}

fn spec_of(owner: Owner, key: &str) -> Option<&'static MemberSpec> {
    members_of(owner).find(|spec| spec.name == key)
}

impl Role {
    /// What a value is that stands in one of this role: under a key, or as an element.
    fn step(self, key: Option<&str>, node: Node<'_>) -> Role {
        match (self, key) {
            (Role::Object(owner), Some(key)) => match spec_of(owner, key) {
                Some(MemberSpec { form: ValueForm::One(owner), .. }) => Role::Object(*owner),
                Some(spec) => Role::Value(spec),
                None => Role::Unknown,
            },
            (Role::Value(spec), _) => match (spec.form, key) {
                (ValueForm::Named(owner), Some(_)) => Role::Object(owner),
                (ValueForm::Calls(owner), Some(_)) if !node.is_array() => Role::Object(owner),
                (ValueForm::Calls(_) | ValueForm::Items | ValueForm::Files, Some(_))
                | (ValueForm::Tables | ValueForm::Names, None) => Role::Part(spec),
                (ValueForm::Any | ValueForm::Object, _) => Role::Within(spec),
                _ => Role::Unknown,
            },
            (Role::Part(spec), _) => match (spec.form, key) {
                (ValueForm::Calls(owner), None) => Role::Object(owner),
                (ValueForm::Tables, Some(_)) | (ValueForm::Items, None) => Role::Within(spec),
                _ => Role::Unknown,
            },
            (Role::Within(spec), _) => Role::Within(spec),
            (Role::Object(_) | Role::Unknown, _) => Role::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    const TEXT: &str = r#"{"mocks": {"A": [{"Return": {"mocks": {"no": 1}}}]}, "scenarios": {"s": {
        "mocks": {"B": {"Throw": {}}}, "tables": [{"Items": [{}]}, "t.json"],
        "expect": {"states": {"C": {"visits": 1}}, "path": ["A", "B"], "tables": {"T": [{}]}}}}}"#;

    #[test]
    fn states_are_named_in_mocks_expectations_and_paths() {
        let parse = parse_json(SourceText::new(TEXT), 64);
        let found = state_names(parse.root().unwrap());
        let shown: Vec<String> =
            found.iter().map(|it| format!("{} {}", it.spec.name, it.node.text().unwrap())).collect();
        assert_eq!(shown, ["mocks A", "mocks B", "states C", "path A", "path B"]);
    }

    #[track_caller]
    fn check(pointer: &str, expected: &str) {
        let parse = parse_json(SourceText::new(TEXT), 64);
        let shown = match role(parse.resolve(pointer).unwrap()) {
            Role::Object(owner) => format!("object {owner:?}"),
            Role::Value(spec) => format!("value of {}", spec.name),
            Role::Part(spec) => format!("part of {}", spec.name),
            Role::Within(spec) => format!("within {}", spec.name),
            Role::Unknown => "unknown".to_owned(),
        };
        assert_eq!(shown, expected, "{pointer}");
    }

    #[test]
    fn roles_follow_the_table() {
        check("", "object File");
        check("/mocks/A", "part of mocks");
        check("/mocks/A/0", "object Call");
        check("/mocks/A/0/Return/mocks", "within Return");
        check("/scenarios", "value of scenarios");
        check("/scenarios/s", "object Scenario");
        check("/scenarios/s/mocks/B", "object Call");
        check("/scenarios/s/tables/0/Items", "within tables");
        check("/scenarios/s/tables/1", "part of tables");
        check("/scenarios/s/expect", "object Expect");
        check("/scenarios/s/expect/states/C", "object State");
        check("/scenarios/s/expect/path/1", "part of path");
        check("/scenarios/s/expect/tables/T/0", "within tables");
    }
}
