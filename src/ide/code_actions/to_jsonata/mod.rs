//! From JSONPath to JSONata: one state, or the whole machine.
//!
//! What is converted outputs the same, assigns the same and leads to the same states for every input with which the
//! original succeeds; the tests run both. An input with which it fails may end otherwise: a path that leads nowhere
//! is a `States.Runtime` in JSONPath, in JSONata a `States.QueryEvaluationError` or, in a rule, false. What has no
//! counterpart that always gives the same is refused with the reason.
//!
//! Two functions agree with their counterparts for the values that they are used with, not for all: `States.Format`
//! writes an object or a fraction as Java does, and `States.MathAdd` rounds. The title says so.

mod choice;
mod expression;
mod state;
mod template;

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::ide::context::{Role, context};
use crate::spec::{Field, Owner, QueryLanguage, intrinsic};
use crate::syntax::edit::{self, Draft, insert_member, replace_value};
use crate::syntax::{Format, Node, NodeKind, Parse};
use crate::text::{TextEdit, TextRange, TextSize};

/// Why something is not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    reason: String,
}

type Converted<T> = Result<T, Refusal>;

impl Refusal {
    fn new(reason: String) -> Self {
        Self { reason }
    }
}

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    if let Some((title, around, range, converted)) = of_state(scene).or_else(|| of_machine(scene)) {
        let (edits, disabled) = match converted {
            Ok(edits) => (edits, None),
            Err(refusal) => (Vec::new(), Some(format!("Not convertible: {}", refusal.reason))),
        };
        acc.push(CodeAction {
            title: format!("{title}{}", assumptions(scene.analysis.source().slice(around))),
            kind: CodeActionKind::Rewrite,
            fixes: &[],
            range,
            is_preferred: false,
            edits,
            disabled,
        });
    }
}

/// What is offered, for what part of the text, what it is about, and what comes of it.
type Conversion = (&'static str, TextRange, TextRange, Converted<Vec<TextEdit>>);

/// What the data has to be like, for the title.
fn assumptions(text: &str) -> String {
    let notes = [("Format", "of strings and whole numbers only"), ("MathAdd", "of whole numbers only")];
    let is_called = |function: &str| text.contains(&format!("{}{function}(", intrinsic::PREFIX));
    let said: Vec<String> = notes
        .iter()
        .filter(|(function, _)| is_called(function))
        .map(|(function, note)| format!("{}{function} {note}", intrinsic::PREFIX))
        .collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
}

/// At the beginning of a state that is not in JSONata.
fn of_state(scene: &Scene<'_>) -> Option<Conversion> {
    let (member, object) = (scene.state?, scene.state_object()?);
    let openers = [Field::Type, Field::QueryLanguage];
    let is_opener = scene.member.is_some_and(|it| {
        it.node().parent() == Some(object) && openers.iter().any(|field| it.key_is(field.name()))
    });
    let is_at = scene.node == member.key_node() || scene.node == object || is_opener;
    if !is_at || context(object).language == QueryLanguage::Jsonata {
        return None;
    }
    let converted = state::state(object, false)
        .and_then(|draft| replaced(scene.parse(), object, &draft))
        .map(|edit| vec![edit]);
    Some(("Convert the state to JSONata", object.range(), member.node().range(), converted))
}

/// At a field of the machine.
fn of_machine(scene: &Scene<'_>) -> Option<Conversion> {
    let root = scene.parse().root()?;
    let is_at = scene.node == root || scene.member.is_some_and(|it| it.node().parent() == Some(root));
    let ctx = context(root);
    if !is_at || ctx.language == QueryLanguage::Jsonata || !matches!(ctx.role, Role::Object(Owner::Machine)) {
        return None;
    }
    let range = scene.member.map_or(root.range(), |member| member.node().range());
    Some(("Convert the state machine to JSONata", root.range(), range, machine(scene, root)))
}

fn machine(scene: &Scene<'_>, root: Node<'_>) -> Converted<Vec<TextEdit>> {
    let language = Draft::Fixed(QueryLanguage::Jsonata.name().to_owned());
    let name = Field::QueryLanguage.name();
    let mut edits: Vec<TextEdit> = match root.value_of(name) {
        Some(value) => vec![replace_value(scene.parse(), value, &language)],
        None => {
            let after = root.get(Field::Comment.name()).or_else(|| root.get(Field::StartAt.name()));
            insert_member(scene.parse(), root, after, name, &language).into_iter().collect()
        }
    };
    let states = root.value_of(Field::States.name()).into_iter().flat_map(Node::members);
    for object in states.filter_map(|member| member.value()) {
        if let Some(draft) = of_machine_state(object)? {
            edits.push(replaced(scene.parse(), object, &draft)?);
        }
    }
    Ok(edits)
}

/// The edit that writes a converted state in the place of the original, which has no comments that would be lost.
fn replaced(parse: &Parse, object: Node<'_>, draft: &Draft) -> Converted<TextEdit> {
    let edit = replace_value(parse, object, draft);
    if parse.format() == Format::Yaml && has_comment(parse, edit.range) {
        return Err(Refusal::new("comments would be lost".to_owned()));
    }
    Ok(edit)
}

/// Whether a part of a YAML document has a comment: a `#` behind a blank that belongs to no scalar.
fn has_comment(parse: &Parse, range: TextRange) -> bool {
    let text = parse.source().slice(range);
    let is_comment = |at: usize| {
        let offset = range.start() + TextSize::try_from(at).unwrap_or(0);
        let is_behind_blank = text.get(..at).is_some_and(|before| before.ends_with(char::is_whitespace));
        let is_scalar = |node: Node<'_>| {
            let is_collection = node.is_object() || node.is_array() || node.kind() == NodeKind::Member;
            !is_collection && node.range().contains(offset)
        };
        is_behind_blank && !parse.node_at(offset).is_some_and(is_scalar)
    };
    text.match_indices('#').any(|(at, _)| is_comment(at))
}

/// A state of a machine that is converted as a whole; none where it stays as it is.
fn of_machine_state(object: Node<'_>) -> Converted<Option<Draft>> {
    let language = object.value_of(Field::QueryLanguage.name()).and_then(Node::text);
    if language.is_some_and(|language| language == QueryLanguage::Jsonata.name()) {
        return Ok(None);
    }
    state::state(object, true).map(Some)
}

/// A branch or a processor with its states.
fn scope(node: Node<'_>) -> Converted<Draft> {
    let members = members_of(node)?.into_iter().map(|(key, value)| {
        if key != Field::States.name() {
            return Ok((key, edit::moved(value.parse(), value)));
        }
        let states = members_of(value)?.into_iter().map(|(name, state)| {
            let converted = of_machine_state(state)?;
            Ok((name, converted.unwrap_or_else(|| edit::moved(state.parse(), state))))
        });
        Ok((key, Draft::Object(states.collect::<Converted<Vec<_>>>()?)))
    });
    Ok(Draft::Object(members.collect::<Converted<Vec<_>>>()?))
}

/// The members of an object, all of which have values.
fn members_of(node: Node<'_>) -> Converted<Vec<(String, Node<'_>)>> {
    let member = |member: crate::syntax::Member<'_>| member.key().into_owned();
    node.members()
        .map(|it| it.value().map(|value| (member(it), value)))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Refusal::new("a value is missing".to_owned()))
}

#[cfg(test)]
mod tests;
