//! The parameters ExpressionAttributeNames and ExpressionAttributeValues.

use crate::dynamodb::attribute::AttributeValue;
use crate::dynamodb::error::Error;
use crate::dynamodb::expression::scope::Scope;
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::wire::{Members, ValueReader};
use crate::spec::quota;

/// ExpressionAttributeNames and ExpressionAttributeValues as read, not yet checked.
pub(in crate::dynamodb) struct Placeholders<'r> {
    names: Option<Vec<(&'r str, &'r str)>>,
    values: Option<Vec<(&'r str, AttributeValue, Option<Message>)>>,
}

const NAMES: &str = "ExpressionAttributeNames";
const VALUES: &str = "ExpressionAttributeValues";

impl<'r> Placeholders<'r> {
    /// Reads the names alone, for operations that have no values.
    pub(in crate::dynamodb) fn read_names(members: Members<'r>) -> Result<Placeholders<'r>, Error> {
        Ok(Placeholders { names: members.texts(NAMES)?, values: None })
    }

    /// Reads names and values.
    pub(in crate::dynamodb) fn read(members: Members<'r>) -> Result<Placeholders<'r>, Error> {
        let Placeholders { names, .. } = Placeholders::read_names(members)?;
        let values = match members.map(VALUES)? {
            None => None,
            Some(values) => {
                let read = values.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| {
                    let mut reader = ValueReader::default();
                    let value = reader.value(value)?;
                    Ok((key, value, reader.into_problem()))
                });
                Some(read.collect::<Result<_, Error>>()?)
            }
        };
        Ok(Placeholders { names, values })
    }

    /// Refuses placeholders without expressions: `(parameter, text)` for every expression the operation has.
    pub(in crate::dynamodb) fn need_expression(
        &self,
        expressions: &[(&str, Option<&str>)],
    ) -> Result<(), Message> {
        if expressions.iter().any(|(_, text)| text.is_some()) {
            return Ok(());
        }
        if self.names.is_some() {
            return Err(message::placeholders_without_expression(NAMES, ""));
        }
        if self.values.is_some() {
            let names: Vec<&str> = expressions.iter().map(|(name, _)| *name).collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            let suffix = format!(": {} {verb} null", names.join(" and "));
            return Err(message::placeholders_without_expression(VALUES, &suffix));
        }
        Ok(())
    }

    /// Checks both maps and makes them usable.
    pub(in crate::dynamodb) fn into_scope(self) -> Result<Scope<'r>, Message> {
        let names = not_empty(self.names, NAMES)?;
        for (key, name) in &names {
            check_placeholder(NAMES, key, b'#')?;
            message::check_placeholder_name(key, name)?;
        }
        let values = not_empty(self.values, VALUES)?;
        for (key, _, problem) in &values {
            check_placeholder(VALUES, key, b':')?;
            if let Some(problem) = problem {
                return Err(message::in_expression_values(problem.clone(), key));
            }
        }
        Ok(Scope::new(names, values.into_iter().map(|(key, value, _)| (key, value))))
    }
}

/// The members of a map that may be left out but not be empty.
fn not_empty<T>(members: Option<Vec<T>>, map: &str) -> Result<Vec<T>, Message> {
    match members {
        Some(members) if members.is_empty() => Err(message::placeholders_empty(map)),
        members => Ok(members.unwrap_or_default()),
    }
}

fn check_placeholder(map: &str, key: &str, first: u8) -> Result<(), Message> {
    let word = key.as_bytes().strip_prefix(&[first]).unwrap_or_default();
    if word.is_empty() || !word.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        return Err(message::placeholder_syntax(map, key));
    }
    if key.len() > quota::PLACEHOLDER_BYTES_MAX {
        return Err(message::placeholder_too_long(map, key.len()));
    }
    Ok(())
}
