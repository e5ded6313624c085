//! Placeholders: the names and values a request defines, and which of them its expressions use.

use smol_str::SmolStr;

use super::Problem;
use super::ast::{Path, PathElementKind, Value};
use super::path::{DocumentPath, Step};
use crate::dynamodb::attribute::AttributeValue;
use crate::dynamodb::message::{self, Message};
use crate::spec::quota;

/// What the placeholders of a request's expressions stand for.
#[derive(Debug, Default)]
pub(in crate::dynamodb) struct Scope<'r> {
    names: Vec<Definition<'r, &'r str>>,
    values: Vec<Definition<'r, AttributeValue>>,
}

#[derive(Debug)]
struct Definition<'r, T> {
    placeholder: &'r str,
    meaning: T,
    used: bool,
}

impl<'r> Scope<'r> {
    /// A scope of names and values by placeholder, each with its `#` or `:`.
    pub(in crate::dynamodb) fn new(
        names: impl IntoIterator<Item = (&'r str, &'r str)>,
        values: impl IntoIterator<Item = (&'r str, AttributeValue)>,
    ) -> Scope<'r> {
        Scope { names: definitions(names), values: definitions(values) }
    }

    /// Resolves a path and notes which names it uses.
    pub(super) fn path(&mut self, path: &Path<'_>) -> Result<DocumentPath, Problem> {
        let mut elements = path.elements.iter();
        let mut root = SmolStr::default();
        if let Some(first) = elements.next()
            && let Step::Name(name) = self.step(first.kind, path)?
        {
            root = name;
        }
        if path.elements.len() > quota::ATTRIBUTE_NESTING_MAX {
            return Err(Problem::new(message::path_too_deep(path.elements.len()), path.range));
        }
        let mut rest = Vec::new();
        for element in elements {
            rest.push(self.step(element.kind, path)?);
        }
        Ok(DocumentPath { root, rest })
    }

    /// Checks that the names of a path are defined, without using them.
    pub(super) fn check_names(&mut self, path: &Path<'_>) -> Result<(), Problem> {
        for element in &path.elements {
            if let PathElementKind::Placeholder(placeholder) = element.kind
                && look_up(&mut self.names, placeholder).is_none()
            {
                return Err(Problem::new(message::name_not_defined(placeholder), path.range));
            }
        }
        Ok(())
    }

    fn step(&mut self, kind: PathElementKind<'_>, path: &Path<'_>) -> Result<Step, Problem> {
        match kind {
            PathElementKind::Name(name) => Ok(Step::Name(SmolStr::new(name))),
            PathElementKind::Placeholder(placeholder) => match look_up(&mut self.names, placeholder) {
                Some(name) => Ok(Step::Name(SmolStr::new(name))),
                None => Err(Problem::new(message::name_not_defined(placeholder), path.range)),
            },
            PathElementKind::Index(digits) => digits
                .parse::<u32>()
                .ok()
                .and_then(|index| usize::try_from(index).ok())
                .map(Step::Index)
                .ok_or_else(|| Problem::new(message::list_index_too_large(digits), path.range)),
        }
    }

    /// Resolves a value placeholder and notes its use.
    pub(super) fn value(&mut self, value: Value<'_>) -> Result<AttributeValue, Problem> {
        look_up(&mut self.values, value.name)
            .cloned()
            .ok_or_else(|| Problem::new(message::value_not_defined(value.name), value.range))
    }

    /// The complaint about placeholders that no expression has used, names before values.
    pub(in crate::dynamodb) fn unused(&self) -> Option<Message> {
        let names = unused(&self.names);
        if !names.is_empty() {
            return Some(message::placeholder_unused("ExpressionAttributeNames", &names));
        }
        let values = unused(&self.values);
        (!values.is_empty()).then(|| message::placeholder_unused("ExpressionAttributeValues", &values))
    }
}

fn definitions<'r, T>(definitions: impl IntoIterator<Item = (&'r str, T)>) -> Vec<Definition<'r, T>> {
    let mut definitions: Vec<_> = definitions
        .into_iter()
        .map(|(placeholder, meaning)| Definition { placeholder, meaning, used: false })
        .collect();
    definitions.sort_by_key(|definition| definition.placeholder);
    definitions
}

fn look_up<'s, T>(definitions: &'s mut [Definition<'_, T>], placeholder: &str) -> Option<&'s T> {
    let index = definitions.binary_search_by(|definition| definition.placeholder.cmp(placeholder)).ok()?;
    let definition = definitions.get_mut(index)?;
    definition.used = true;
    Some(&definition.meaning)
}

fn unused<'r, T>(definitions: &[Definition<'r, T>]) -> Vec<&'r str> {
    definitions
        .iter()
        .filter(|definition| !definition.used)
        .map(|definition| definition.placeholder)
        .collect()
}
