//! The constraints of the service's model: what a request must have, how long, large or alike its members may be.

use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::dynamodb::message::{self, BrokenConstraint, Message, NewerAlone};

/// Broken constraints of the service's model, which AWS reports together.
#[derive(Default)]
pub(in crate::dynamodb) struct Constraints {
    // Apart, because the newer layer has another order in places.
    older: Vec<String>,
    newer: Vec<String>,
    /// What the newer layer tells in the place of all.
    newer_alone: Option<NewerAlone>,
    /// Whether a required member is missing.
    misses: bool,
}

/// Constraints reported at most.
const CONSTRAINTS_REPORTED_MAX: usize = 10;

impl Constraints {
    /// Notes that a value breaks a rule, worded to follow `Member must`.
    pub(in crate::dynamodb) fn note(&mut self, value: Option<&str>, path: &str, rule: &str) {
        self.note_broken(message::constraint(value, path, rule));
    }

    /// Notes a broken constraint for which both layers have the same words.
    pub(in crate::dynamodb) fn note_same(&mut self, text: String) {
        self.note_broken(BrokenConstraint { older: text.clone(), newer: text });
    }

    /// Notes a broken constraint.
    pub(in crate::dynamodb) fn note_broken(&mut self, broken: BrokenConstraint) {
        self.note_in_older(broken.older);
        self.note_in_newer(broken.newer);
    }

    /// Notes what comes here in the older layer; in the newer one it comes elsewhere.
    pub(in crate::dynamodb) fn note_in_older(&mut self, text: String) {
        push_bounded(&mut self.older, text);
    }

    /// Notes what comes here in the newer layer; in the older one it comes elsewhere.
    pub(in crate::dynamodb) fn note_in_newer(&mut self, text: String) {
        push_bounded(&mut self.newer, text);
    }

    /// Notes a broken constraint beside which the newer layer tells no others; the last such counts.
    pub(in crate::dynamodb) fn note_newer_alone(&mut self, broken: BrokenConstraint) {
        self.tell_newer_alone(NewerAlone::InEnvelope(broken.newer.clone()));
        self.note_broken(broken);
    }

    /// Makes the newer layer tell this in the place of all that is noted.
    pub(in crate::dynamodb) fn tell_newer_alone(&mut self, alone: NewerAlone) {
        self.newer_alone = Some(alone);
    }

    /// Notes the absence of a required member, whose path is made into text only then.
    pub(in crate::dynamodb) fn require(&mut self, present: bool, path: impl Display) {
        if !present {
            self.misses = true;
            self.note(None, &path.to_string(), "not be null");
        }
    }

    /// Finds the meaning of an enumerated value; the order of `options` is that of the text.
    pub(in crate::dynamodb) fn one_of<T: Copy>(
        &mut self,
        value: Option<&str>,
        path: &str,
        options: &[(&str, T)],
    ) -> Option<T> {
        let value = value?;
        let found = options.iter().find(|(name, _)| *name == value).map(|(_, meaning)| *meaning);
        if found.is_none() {
            self.note(Some(value), path, &enumeration(options));
        }
        found
    }

    /// Notes a number below its minimum.
    pub(in crate::dynamodb) fn at_least(&mut self, value: Option<i64>, path: &str, minimum: i64) {
        if let Some(value) = value.filter(|value| *value < minimum) {
            self.note(
                Some(&value.to_string()),
                path,
                &format!("have value greater than or equal to {minimum}"),
            );
        }
    }

    /// Notes a number above its maximum.
    pub(in crate::dynamodb) fn at_most(&mut self, value: Option<i64>, path: &str, maximum: i64) {
        if let Some(value) = value.filter(|value| *value > maximum) {
            self.note(Some(&value.to_string()), path, &format!("have value less than or equal to {maximum}"));
        }
    }

    /// Notes a text that has fewer or more bytes than are allowed.
    pub(in crate::dynamodb) fn length(&mut self, text: &str, path: &str, allowed: RangeInclusive<usize>) {
        let (min, max) = allowed.into_inner();
        if text.len() < min {
            self.note(Some(text), path, &format!("have length greater than or equal to {min}"));
        } else if text.len() > max {
            self.note(Some(text), path, &format!("have length less than or equal to {max}"));
        }
    }

    /// Notes a name with other characters than names have.
    pub(in crate::dynamodb) fn name_bytes(&mut self, name: &str, path: &str) {
        if !name.bytes().all(is_name_byte) {
            self.note(Some(name), path, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
        }
    }

    /// Notes what is wrong with a table's name; `length_min` is 3 where only a name is accepted, 1 where an ARN is too.
    pub(in crate::dynamodb) fn table_name(
        &mut self,
        name: Option<&str>,
        path: impl Display,
        length_min: usize,
    ) {
        match name {
            None => self.require(false, path),
            Some(name) if name.starts_with("arn:") && length_min == 1 => {}
            Some(name) if (3..256).contains(&name.len()) && name.bytes().all(is_name_byte) => {}
            Some(name) => {
                let path = path.to_string();
                self.length(name, &path, length_min..=255);
                if !name.is_empty() {
                    self.name_bytes(name, &path);
                }
            }
        }
    }

    /// # Errors
    ///
    /// All broken constraints in one text.
    pub(in crate::dynamodb) fn finish(self) -> Result<(), Message> {
        if self.older.is_empty() {
            return Ok(());
        }
        // AWS: what is missing is noticed by the older layer, which then tells everything.
        Err(match self.misses {
            true => message::constraints(&self.older, &self.older, None),
            false => message::constraints(&self.older, &self.newer, self.newer_alone),
        })
    }
}

fn push_bounded(texts: &mut Vec<String>, text: String) {
    if texts.len() < CONSTRAINTS_REPORTED_MAX {
        texts.push(text);
    }
}

/// The rule of an enumeration.
pub(in crate::dynamodb) fn enumeration<T>(options: &[(&str, T)]) -> String {
    let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
    format!("satisfy enum value set: [{}]", names.join(", "))
}

/// The rule that the name of an index breaks.
pub(in crate::dynamodb) fn index_name_rule(name: &str) -> Option<&'static str> {
    match name.len() {
        0..3 => Some("have length greater than or equal to 3"),
        256.. => Some("have length less than or equal to 255"),
        _ if !name.bytes().all(is_name_byte) => Some("satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
        _ => None,
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}
