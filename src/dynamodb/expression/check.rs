//! What is wrong with an expression by its text alone: redundant parentheses, functions, reserved words.
//!
//! Problems come in the order in which AWS looks for them, so the first is the one AWS reports.

use super::Problem;
use super::ast::{Clauses, Condition, Function, Operand, Path, PathElementKind, SetValue, Update};
use super::reserved::is_reserved_word;
use crate::dynamodb::message::{self, Message};
use crate::text::TextRange;

/// Functions of conditions and filters.
pub(super) const CONDITION_FUNCTIONS: &[&str] =
    &["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"];
/// Functions of update expressions.
pub(super) const UPDATE_FUNCTIONS: &[&str] = &["if_not_exists", "list_append"];

/// The problems of a condition.
pub(super) fn condition(tree: &Condition<'_>) -> Vec<Problem> {
    let mut acc = Checks::new(Stage::ReservedWords);
    acc.condition(tree, false);
    acc.finish()
}

/// The problems of an update expression.
pub(super) fn update(tree: &Update<'_>) -> Vec<Problem> {
    let mut acc = Checks::new(Stage::ReservedWordsOfUpdates);
    for (index, section) in tree.sections.iter().enumerate() {
        let keyword = section.clauses.keyword();
        if tree.sections.iter().take(index).any(|earlier| earlier.clauses.keyword() == keyword) {
            acc.note(Stage::Sections, message::section_twice(keyword), section.keyword_range);
        }
        match &section.clauses {
            Clauses::Set(clauses) => {
                for (path, value) in clauses {
                    acc.path(path);
                    match value {
                        SetValue::Operand(operand) => acc.update_operand(operand, false),
                        SetValue::Plus(left, right) | SetValue::Minus(left, right) => {
                            acc.update_operand(left, false);
                            acc.update_operand(right, false);
                        }
                    }
                }
            }
            Clauses::Remove(paths) => paths.iter().for_each(|path| acc.path(path)),
            Clauses::Add(clauses) | Clauses::Delete(clauses) => {
                clauses.iter().for_each(|(path, _)| acc.path(path));
            }
        }
    }
    acc.finish()
}

/// The problems of the paths of a projection.
pub(super) fn paths(paths: &[Path<'_>]) -> Vec<Problem> {
    let mut acc = Checks::new(Stage::ReservedWords);
    paths.iter().for_each(|path| acc.path(path));
    acc.finish()
}

/// What is looked for, in AWS's order. Updates are checked for reserved words before functions, conditions after them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    ReservedWordsOfUpdates,
    Parentheses,
    UnknownFunctions,
    MisusedFunctions,
    ReservedWords,
    Sections,
}

struct Checks {
    problems: Vec<(Stage, Problem)>,
    /// When reserved words are looked for.
    reserved_words: Stage,
}

impl Checks {
    fn new(reserved_words: Stage) -> Checks {
        Checks { problems: Vec::new(), reserved_words }
    }

    fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|(stage, _)| *stage);
        self.problems.into_iter().map(|(_, problem)| problem).collect()
    }

    fn note(&mut self, stage: Stage, message: Message, range: TextRange) {
        self.problems.push((stage, Problem::new(message, range)));
    }

    fn condition(&mut self, tree: &Condition<'_>, within_parens: bool) {
        match tree {
            Condition::And(terms) | Condition::Or(terms) => {
                terms.iter().for_each(|term| self.condition(term, false));
            }
            Condition::Not(inner) => self.condition(inner, false),
            Condition::Parens { inner, range } => {
                if within_parens {
                    self.note(Stage::Parentheses, message::redundant_parentheses(), *range);
                }
                self.condition(inner, true);
            }
            Condition::Compare { left, right, .. } => {
                self.operand(left, false);
                self.operand(right, false);
            }
            Condition::Between { operands, .. } => {
                operands.iter().for_each(|operand| self.operand(operand, false));
            }
            Condition::In { operand, list, .. } => {
                self.operand(operand, false);
                list.iter().for_each(|operand| self.operand(operand, false));
            }
            Condition::Function(function) => {
                self.condition_function(function, function.name != "size");
                function.arguments.iter().for_each(|operand| self.operand(operand, false));
            }
        }
    }

    fn operand(&mut self, operand: &Operand<'_>, within_parens: bool) {
        match operand {
            Operand::Path(path) => self.path(path),
            Operand::Value(_) => {}
            Operand::Function(function) => {
                self.condition_function(function, function.name == "size");
                function.arguments.iter().for_each(|operand| self.operand(operand, false));
            }
            Operand::Parens { inner, range } => {
                if within_parens {
                    self.note(Stage::Parentheses, message::redundant_parentheses(), *range);
                }
                self.operand(inner, true);
            }
        }
    }

    /// `argument` says whether a function takes the operand, which itself may be a call of `if_not_exists` only.
    fn update_operand(&mut self, operand: &Operand<'_>, argument: bool) {
        match operand {
            Operand::Path(path) => self.path(path),
            Operand::Value(_) => {}
            Operand::Function(function) => {
                let fits = !argument || function.name == "if_not_exists";
                let others = (CONDITION_FUNCTIONS, "an update");
                self.function(function, UPDATE_FUNCTIONS, others, fits);
                function.arguments.iter().for_each(|operand| self.update_operand(operand, true));
            }
            Operand::Parens { inner, .. } => self.update_operand(inner, argument),
        }
    }

    fn condition_function(&mut self, function: &Function<'_>, fits: bool) {
        self.function(function, CONDITION_FUNCTIONS, (UPDATE_FUNCTIONS, "a condition"), fits);
    }

    /// `others` are the functions of other expressions, with what this one is.
    fn function(&mut self, function: &Function<'_>, allowed: &[&str], others: (&[&str], &str), fits: bool) {
        let name = function.name;
        let (others, kind) = others;
        if others.contains(&name) {
            let message = message::function_of_other_expressions(kind, name);
            self.note(Stage::UnknownFunctions, message, function.name_range);
        } else if !allowed.contains(&name) {
            self.note(Stage::UnknownFunctions, message::invalid_function(name), function.name_range);
        } else if !fits {
            self.note(Stage::MisusedFunctions, message::function_misused(name), function.name_range);
        }
    }

    fn path(&mut self, path: &Path<'_>) {
        for element in &path.elements {
            if let PathElementKind::Name(name) = element.kind
                && is_reserved_word(name)
            {
                self.note(self.reserved_words, message::reserved_keyword(name), element.range);
            }
        }
    }
}
