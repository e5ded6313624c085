//! Update expressions whose placeholders are resolved, and what they make of an item.
//!
//! Every right-hand side and every list index refers to the item as it was before the update. The targets form a
//! tree, so that each list is rebuilt once, from its old elements.

use smol_str::SmolStr;
use triomphe::Arc;

use super::ast::{Clauses, Part, SetValue, Update as UpdateTree};
use super::path::{Clash, DocumentPath, PathTree, Step};
use super::projection::clash_message;
use super::scope::Scope;
use super::{Problem, ast, check, parser};
use crate::dynamodb::attribute::{AttributeType, AttributeValue};
use crate::dynamodb::item::Item;
use crate::dynamodb::message::{self, Message};
use crate::text::TextRange;

/// An update ready to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) struct Update {
    actions: Vec<(DocumentPath, Action)>,
    targets: PathTree,
    source: Source,
}

/// What an update was asked for with, which decides one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Expression,
    AttributeUpdates,
}

impl Source {
    fn wrong_type(self) -> Message {
        match self {
            Source::Expression => message::update_operand_has_wrong_type(),
            Source::AttributeUpdates => message::attribute_to_update_mismatch(),
        }
    }
}

/// What happens at one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) enum Action {
    Set(Value),
    Remove,
    Add(AttributeValue),
    Delete(AttributeValue),
    /// Appends the elements of a list, which only the parameter AttributeUpdates can ask for.
    Append(Arc<[AttributeValue]>),
}

/// What a path is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) enum Value {
    Path(DocumentPath),
    Literal(AttributeValue),
    IfNotExists(DocumentPath, Box<Value>),
    ListAppend(Box<Value>, Box<Value>),
    Plus(Box<Value>, Box<Value>),
    Minus(Box<Value>, Box<Value>),
}

/// What an action comes to for one item.
enum Change {
    Put(AttributeValue),
    Remove,
}

impl Update {
    /// Parses and binds an update expression.
    pub(in crate::dynamodb) fn parse(text: &str, scope: &mut Scope<'_>) -> Result<Update, Problem> {
        let tree = parser::update(text)?;
        if let Some(problem) = check::update(&tree).into_iter().next() {
            return Err(problem);
        }
        bind(&tree, scope)
    }

    /// An update of whole attributes, each named once.
    pub(in crate::dynamodb) fn of_attributes(actions: Vec<(SmolStr, Action)>) -> Update {
        let actions: Vec<_> =
            actions.into_iter().map(|(name, action)| (DocumentPath::attribute(name), action)).collect();
        let targets = PathTree::of_attributes(actions.iter().map(|(path, _)| &path.root));
        Update { actions, targets, source: Source::AttributeUpdates }
    }

    /// An update of any paths, as statements ask for.
    ///
    /// # Errors
    ///
    /// The text for two paths that clash.
    pub(in crate::dynamodb) fn of_actions(actions: Vec<(DocumentPath, Action)>) -> Result<Update, Message> {
        let paths: Vec<DocumentPath> = actions.iter().map(|(path, _)| path.clone()).collect();
        let targets = PathTree::new(&paths).map_err(|clash| clash_message(clash, &paths))?;
        Ok(Update { actions, targets, source: Source::Expression })
    }

    /// What an update expression does; `None` for the parameter AttributeUpdates.
    pub(super) fn actions_of_expression(&self) -> Option<&[(DocumentPath, Action)]> {
        (self.source == Source::Expression).then_some(&self.actions)
    }

    /// The paths the update changes, in the order of the expression.
    pub(in crate::dynamodb) fn paths(&self) -> impl Iterator<Item = &DocumentPath> {
        self.actions.iter().map(|(path, _)| path)
    }

    /// The part of an item the update changes.
    pub(in crate::dynamodb) fn touched(&self, item: &Item) -> Item {
        self.targets.project(item)
    }

    /// Whether the update can give attributes to an item that does not exist.
    pub(in crate::dynamodb) fn creates(&self) -> bool {
        self.actions.is_empty()
            || self.actions.iter().any(|(_, action)| !matches!(action, Action::Remove | Action::Delete(_)))
    }

    /// The item after the update. `exists` says whether `old` is more than the key of an item to be created.
    ///
    /// # Errors
    ///
    /// The text for an operand of the wrong type, a missing attribute, a path that leads nowhere or a number out
    /// of range.
    pub(in crate::dynamodb) fn apply(&self, old: &Item, exists: bool) -> Result<Item, Message> {
        let mut changes = Vec::with_capacity(self.actions.len());
        for (path, action) in &self.actions {
            changes.push(action.change(path, old, self.source)?);
        }
        Applying { changes, exists }.map(&self.targets, old)
    }
}

impl Action {
    fn change(&self, path: &DocumentPath, old: &Item, source: Source) -> Result<Change, Message> {
        let wrong_type = || source.wrong_type();
        match self {
            Action::Set(value) => Ok(Change::Put(value.evaluate(old)?)),
            Action::Remove => Ok(Change::Remove),
            Action::Add(value) => match (path.resolve(old), value) {
                (None, value) => Ok(Change::Put(value.clone())),
                (Some(AttributeValue::N(a)), AttributeValue::N(b)) => {
                    let sum = a.checked_add(*b).map_err(|_| message::arithmetic_overflow())?;
                    Ok(Change::Put(AttributeValue::N(sum)))
                }
                (Some(set), other) => union(set, other).map(Change::Put).ok_or_else(wrong_type),
            },
            Action::Delete(value) => match path.resolve(old) {
                None => Ok(Change::Remove),
                Some(set) => {
                    let left = difference(set, value).ok_or_else(wrong_type)?;
                    Ok(left.map_or(Change::Remove, Change::Put))
                }
            },
            Action::Append(values) => match path.resolve(old) {
                None => Ok(Change::Put(AttributeValue::L(Arc::clone(values)))),
                Some(AttributeValue::L(list)) => Ok(Change::Put(AttributeValue::L(chained(list, values)))),
                Some(_) => Err(wrong_type()),
            },
        }
    }
}

impl Value {
    fn evaluate(&self, old: &Item) -> Result<AttributeValue, Message> {
        match self {
            Value::Path(path) => path.resolve(old).cloned().ok_or_else(message::update_refers_to_missing),
            Value::Literal(value) => Ok(value.clone()),
            Value::IfNotExists(path, otherwise) => match path.resolve(old) {
                Some(value) => Ok(value.clone()),
                None => otherwise.evaluate(old),
            },
            Value::ListAppend(first, second) => match (first.evaluate(old)?, second.evaluate(old)?) {
                (AttributeValue::L(first), AttributeValue::L(second)) => {
                    Ok(AttributeValue::L(chained(&first, &second)))
                }
                _ => Err(message::update_operand_has_wrong_type()),
            },
            Value::Plus(left, right) | Value::Minus(left, right) => {
                match (left.evaluate(old)?, right.evaluate(old)?) {
                    (AttributeValue::N(left), AttributeValue::N(right)) => {
                        let minus = matches!(self, Value::Minus(..));
                        let result = if minus { left.checked_sub(right) } else { left.checked_add(right) };
                        result.map(AttributeValue::N).map_err(|_| message::arithmetic_overflow())
                    }
                    _ => Err(message::update_operand_has_wrong_type()),
                }
            }
        }
    }
}

/// The application of changes along the tree of their paths.
struct Applying {
    changes: Vec<Change>,
    exists: bool,
}

impl Applying {
    fn map(&self, targets: &PathTree, old: &Item) -> Result<Item, Message> {
        let mut new = old.draft();
        for (step, target) in &targets.children {
            let Step::Name(name) = step else { return Err(message::update_path_invalid()) };
            match target.leaf.and_then(|leaf| self.changes.get(leaf)) {
                Some(Change::Put(value)) => {
                    new.insert(name, value.clone());
                }
                Some(Change::Remove) => {
                    new.remove(name);
                }
                None => {
                    if let Some(value) = self.within(target, old.get(name))? {
                        new.insert(name, value);
                    }
                }
            }
        }
        Ok(new.finish())
    }

    fn list(&self, targets: &PathTree, old: &[AttributeValue]) -> Result<Vec<AttributeValue>, Message> {
        let mut elements: Vec<Option<AttributeValue>> = old.iter().cloned().map(Some).collect();
        for (step, target) in &targets.children {
            let Step::Index(index) = step else { return Err(message::update_path_invalid()) };
            match (target.leaf.and_then(|leaf| self.changes.get(leaf)), elements.get_mut(*index)) {
                (Some(Change::Put(value)), Some(slot)) if *index < old.len() => *slot = Some(value.clone()),
                // Beyond the end, elements are appended in the order of their indexes.
                (Some(Change::Put(value)), _) => elements.push(Some(value.clone())),
                (Some(Change::Remove), Some(slot)) if *index < old.len() => *slot = None,
                (Some(Change::Remove), _) => {}
                (None, slot) => {
                    if let Some(value) = self.within(target, old.get(*index))?
                        && let Some(slot) = slot
                    {
                        *slot = Some(value);
                    }
                }
            }
        }
        Ok(elements.into_iter().flatten().collect())
    }

    /// Changes within a value; `None` where there is nothing to change and that is no mistake.
    fn within(
        &self,
        targets: &PathTree,
        old: Option<&AttributeValue>,
    ) -> Result<Option<AttributeValue>, Message> {
        match old {
            Some(AttributeValue::M(map)) => self.map(targets, map).map(|map| Some(AttributeValue::M(map))),
            Some(AttributeValue::L(list)) => {
                self.list(targets, list).map(|list| Some(AttributeValue::L(list.into())))
            }
            // AWS: removing from an item that does not exist is no mistake, however long the path.
            None if !self.exists && self.only_removes(targets) => Ok(None),
            Some(_) | None => Err(message::update_path_invalid()),
        }
    }

    fn only_removes(&self, targets: &PathTree) -> bool {
        let change = targets.leaf.and_then(|leaf| self.changes.get(leaf));
        !matches!(change, Some(Change::Put(_)))
            && targets.children.iter().all(|(_, child)| self.only_removes(child))
    }
}

/// The elements of two lists.
fn chained(first: &[AttributeValue], second: &[AttributeValue]) -> Arc<[AttributeValue]> {
    first.iter().chain(second).cloned().collect()
}

/// The union of two sets of one type; `None` for anything else.
fn union(a: &AttributeValue, b: &AttributeValue) -> Option<AttributeValue> {
    fn merge<T: Ord + Clone>(a: &[T], b: &[T]) -> Arc<[T]> {
        let mut all: Vec<T> = a.iter().chain(b).cloned().collect();
        all.sort();
        all.dedup();
        all.into()
    }
    match (a, b) {
        (AttributeValue::Ss(a), AttributeValue::Ss(b)) => Some(AttributeValue::Ss(merge(a, b))),
        (AttributeValue::Ns(a), AttributeValue::Ns(b)) => Some(AttributeValue::Ns(merge(a, b))),
        (AttributeValue::Bs(a), AttributeValue::Bs(b)) => Some(AttributeValue::Bs(merge(a, b))),
        _ => None,
    }
}

/// The first set without the second's members, or `Some(None)` if none is left; `None` for anything but two sets
/// of one type.
fn difference(a: &AttributeValue, b: &AttributeValue) -> Option<Option<AttributeValue>> {
    fn left<T: Ord + Clone>(a: &[T], b: &[T]) -> Option<Arc<[T]>> {
        let left: Vec<T> = a.iter().filter(|member| b.binary_search(member).is_err()).cloned().collect();
        (!left.is_empty()).then(|| left.into())
    }
    match (a, b) {
        (AttributeValue::Ss(a), AttributeValue::Ss(b)) => Some(left(a, b).map(AttributeValue::Ss)),
        (AttributeValue::Ns(a), AttributeValue::Ns(b)) => Some(left(a, b).map(AttributeValue::Ns)),
        (AttributeValue::Bs(a), AttributeValue::Bs(b)) => Some(left(a, b).map(AttributeValue::Bs)),
        _ => None,
    }
}

// ------------------------------------------------------------------------------------------------------ binding

/// Problems with operands, which AWS reports only when nothing else is wrong.
#[derive(Default)]
struct OperandProblems {
    /// Of `ADD` and `DELETE`.
    sections: Option<Problem>,
    /// Of functions and arithmetic.
    functions: Option<Problem>,
}

/// Resolves placeholders, then looks for paths that clash, then for operands that do not fit, as AWS does.
fn bind(tree: &UpdateTree<'_>, scope: &mut Scope<'_>) -> Result<Update, Problem> {
    // AWS complains about any undefined name before it looks at values.
    bind_sections(tree, scope).map_err(|problem| undefined_name(tree, scope).unwrap_or(problem))
}

fn bind_sections(tree: &UpdateTree<'_>, scope: &mut Scope<'_>) -> Result<Update, Problem> {
    let mut actions = Vec::new();
    let mut problems = OperandProblems::default();
    for section in &tree.sections {
        match &section.clauses {
            Clauses::Set(clauses) => {
                for (path, value) in clauses {
                    let value = bind_set_value(value, scope, &mut problems)?;
                    actions.push((scope.path(path)?, Action::Set(value)));
                }
            }
            Clauses::Remove(paths) => {
                for path in paths {
                    actions.push((scope.path(path)?, Action::Remove));
                }
            }
            Clauses::Add(clauses) => {
                for (path, value) in clauses {
                    let literal = scope.value(*value)?;
                    check_section_operand("ADD", &literal, value.range, &mut problems);
                    actions.push((scope.path(path)?, Action::Add(literal)));
                }
            }
            Clauses::Delete(clauses) => {
                for (path, value) in clauses {
                    let literal = scope.value(*value)?;
                    check_section_operand("DELETE", &literal, value.range, &mut problems);
                    actions.push((scope.path(path)?, Action::Delete(literal)));
                }
            }
        }
    }
    let targets = PathTree::new(actions.iter().map(|(path, _)| path)).map_err(|clash| {
        let paths: Vec<DocumentPath> = actions.iter().map(|(path, _)| path.clone()).collect();
        let (Clash::Overlap(_, later) | Clash::Conflict(_, later)) = clash;
        Problem::new(clash_message(clash, &paths), target_range(tree, later))
    })?;
    match problems.sections.or(problems.functions) {
        Some(problem) => Err(problem),
        None => Ok(Update { actions, targets, source: Source::Expression }),
    }
}

/// Where the target at an index stands, which only a complaint asks for.
fn target_range(tree: &UpdateTree<'_>, index: usize) -> TextRange {
    let mut ranges = tree.sections.iter().flat_map(|section| -> Vec<TextRange> {
        match &section.clauses {
            Clauses::Set(clauses) => clauses.iter().map(|(path, _)| path.range).collect(),
            Clauses::Remove(paths) => paths.iter().map(|path| path.range).collect(),
            Clauses::Add(clauses) | Clauses::Delete(clauses) => {
                clauses.iter().map(|(path, _)| path.range).collect()
            }
        }
    });
    ranges.nth(index).unwrap_or_default()
}

/// The complaint about the first name that is not defined.
fn undefined_name(tree: &UpdateTree<'_>, scope: &mut Scope<'_>) -> Option<Problem> {
    let mut problem = None;
    tree.walk(&mut |part| {
        if let (None, Part::Path(path)) = (&problem, part) {
            problem = scope.check_names(path).err();
        }
    });
    problem
}

fn bind_set_value(
    value: &SetValue<'_>,
    scope: &mut Scope<'_>,
    problems: &mut OperandProblems,
) -> Result<Value, Problem> {
    let (operator, left, right) = match value {
        SetValue::Operand(operand) => return bind_operand(operand, scope, problems),
        SetValue::Plus(left, right) => ("+", left, right),
        SetValue::Minus(left, right) => ("-", left, right),
    };
    let mut number = |operand: &ast::Operand<'_>| {
        let value = bind_operand(operand, scope, problems)?;
        check_kind(operator, &value, AttributeType::N, operand.range(), problems);
        Ok(Box::new(value))
    };
    let (left, right) = (number(left)?, number(right)?);
    Ok(if operator == "+" { Value::Plus(left, right) } else { Value::Minus(left, right) })
}

fn bind_operand(
    operand: &ast::Operand<'_>,
    scope: &mut Scope<'_>,
    problems: &mut OperandProblems,
) -> Result<Value, Problem> {
    let function = match operand {
        ast::Operand::Path(path) => return scope.path(path).map(Value::Path),
        ast::Operand::Value(value) => return scope.value(*value).map(Value::Literal),
        ast::Operand::Parens { inner, .. } => return bind_operand(inner, scope, problems),
        ast::Operand::Function(function) => function,
    };
    let (name, range) = (function.name, function.range);
    let mut arguments = Vec::with_capacity(function.arguments.len());
    for argument in &function.arguments {
        arguments.push(bind_operand(argument, scope, problems)?);
    }
    let count = arguments.len();
    let Ok([first, second]) = <[Value; 2]>::try_from(arguments) else {
        problems.functions.get_or_insert(Problem::new(message::operand_count(name, count), range));
        return Ok(Value::Literal(AttributeValue::Null));
    };
    if name == "if_not_exists" {
        let Value::Path(path) = first else {
            problems.functions.get_or_insert(Problem::new(message::requires_document_path(name), range));
            return Ok(second);
        };
        return Ok(Value::IfNotExists(path, Box::new(second)));
    }
    check_kind(name, &first, AttributeType::L, range, problems);
    check_kind(name, &second, AttributeType::L, range, problems);
    Ok(Value::ListAppend(Box::new(first), Box::new(second)))
}

impl Value {
    /// The type of the value as far as it is known without an item.
    fn known_kind(&self) -> Option<AttributeType> {
        match self {
            Value::Path(_) => None,
            Value::Literal(literal) => Some(literal.kind()),
            Value::IfNotExists(_, otherwise) => otherwise.known_kind(),
            Value::ListAppend(..) => Some(AttributeType::L),
            Value::Plus(..) | Value::Minus(..) => Some(AttributeType::N),
        }
    }
}

/// Notes an operand that is known not to be of the one type an operator or function takes.
fn check_kind(
    operator: &str,
    value: &Value,
    wanted: AttributeType,
    range: TextRange,
    problems: &mut OperandProblems,
) {
    if let Some(kind) = value.known_kind().filter(|kind| *kind != wanted) {
        let message = message::operand_type(operator, kind.as_str());
        problems.functions.get_or_insert(Problem::new(message, range));
    }
}

/// Notes an operand of `ADD` or `DELETE` that is neither a set nor, for `ADD`, a number.
fn check_section_operand(
    operator: &str,
    literal: &AttributeValue,
    range: TextRange,
    problems: &mut OperandProblems,
) {
    let fits = match literal {
        AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_) => true,
        AttributeValue::N(_) => operator == "ADD",
        _ => false,
    };
    if !fits {
        let message = message::update_operand_type(operator, literal.kind().long_name());
        problems.sections.get_or_insert(Problem::new(message, range));
    }
}
