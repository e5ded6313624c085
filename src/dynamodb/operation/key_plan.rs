//! Which keys the WHERE clause of a statement confines a read to.
//!
//! A clause is split where it gives alternatives for a key attribute: each branch that tells the partition key is a
//! range of keys. If every branch does, the read is of these ranges, otherwise of everything. Ranges only say what is
//! read; the whole clause is still applied to it. Keys of several attributes do not get here: no statement may read
//! by them.

use super::key_range::KeyRange;
use crate::dynamodb::attribute::AttributeValue;
use crate::dynamodb::expression::ast::Comparator;
use crate::dynamodb::expression::condition::{Condition, Operand};
use crate::dynamodb::expression::key_condition::KeyTest;
use crate::dynamodb::expression::path::DocumentPath;
use crate::dynamodb::key::{Edge, KeyAttribute, KeySchema, KeyValue, Place};
use crate::dynamodb::message::{self, Message};

/// Reads that one statement may be split into.
const BRANCHES_MAX: usize = 50;

/// The keys a read is confined to.
pub(super) struct KeyPlan {
    branches: Vec<Branch>,
}

struct Branch {
    terms: Vec<Condition>,
    partition: KeyValue,
    range: KeyRange,
    /// Whether a term about the sort key is one that no range describes.
    has_other_sort_term: bool,
}

impl KeyPlan {
    /// Splits a clause; `None` if it leaves the partition key open.
    ///
    /// # Errors
    ///
    /// A text about a key value of another type, ranges that overlap, or too many of them.
    pub(super) fn new(condition: &Condition, schema: &KeySchema) -> Result<Option<KeyPlan>, Message> {
        if !tells_partition(condition, schema) {
            return Ok(None);
        }
        if branch_count(condition, schema) > BRANCHES_MAX {
            return Err(message::too_many_decomposed_reads());
        }
        let branches = split(condition, schema);
        let branches: Vec<Branch> =
            branches.into_iter().map(|terms| Branch::new(terms, schema)).collect::<Result<_, _>>()?;
        let plan = KeyPlan { branches };
        if plan.overlaps() { Err(message::overlapping_key_conditions()) } else { Ok(Some(plan)) }
    }

    fn overlaps(&self) -> bool {
        let fixed = || self.branches.iter().filter(|branch| !branch.has_other_sort_term);
        fixed().enumerate().any(|(index, one)| {
            fixed().skip(index + 1).any(|other| {
                let (one, other) = (&one.range, &other.range);
                before(&one.lower, &one.upper)
                    && before(&other.lower, &other.upper)
                    && before(&one.lower, &other.upper)
                    && before(&other.lower, &one.upper)
            })
        })
    }

    /// Whether more than one partition is read.
    pub(super) fn has_several_partitions(&self) -> bool {
        self.branches
            .iter()
            .any(|branch| Some(&branch.partition) != self.branches.first().map(|b| &b.partition))
    }

    /// The ranges, disjoint, in the order in which they are read.
    pub(super) fn into_ranges(self, partitions_descending: bool, descending: bool) -> Vec<KeyRange> {
        let mut branches = self.branches;
        branches.sort_by(|one, other| (&one.range.lower as &dyn Place).cmp(&other.range.lower));
        let mut partitions: Vec<(KeyValue, Vec<KeyRange>)> = Vec::new();
        for Branch { partition, range, .. } in branches {
            match partitions.last_mut() {
                Some((last, ranges)) if *last == partition => match ranges.last_mut() {
                    Some(previous) if before(&range.lower, &previous.upper) => {
                        if before(&previous.upper, &range.upper) {
                            previous.upper = range.upper;
                        }
                    }
                    _ => ranges.push(range),
                },
                _ => partitions.push((partition, vec![range])),
            }
        }
        if partitions_descending {
            partitions.reverse();
        }
        let ranges = partitions.into_iter().flat_map(|(_, mut ranges)| {
            if descending {
                ranges.reverse();
            }
            ranges
        });
        ranges.collect()
    }

    /// What of the clause a view of items without some attributes cannot answer: the attributes of the branch with the
    /// last partition key, if every branch names some. AWS: the terms are told from the last on.
    pub(super) fn unprojected(&self, projects: impl Fn(&str) -> bool) -> Vec<String> {
        let mut branches: Vec<(&KeyValue, Vec<String>)> = Vec::new();
        for branch in &self.branches {
            let mut missing: Vec<String> = Vec::new();
            for term in branch.terms.iter().rev() {
                term.each_path(&mut |path| {
                    if !projects(&path.root) && !missing.iter().any(|name| **name == *path.root) {
                        missing.push(path.root.to_string());
                    }
                });
            }
            if missing.is_empty() {
                return missing;
            }
            branches.push((&branch.partition, missing));
        }
        let last = branches.into_iter().max_by(|(one, _), (other, _)| one.cmp(other));
        last.map(|(_, missing)| missing).unwrap_or_default()
    }
}

impl Branch {
    fn new(terms: Vec<Condition>, schema: &KeySchema) -> Result<Branch, Message> {
        let mut partition = None;
        let mut sorts = Vec::new();
        let mut has_other_sort_term = false;
        for term in &terms {
            if let Some(KeyTest::Equal(value)) = test_of(term, &schema.partition) {
                let value = value_of(&value, &schema.partition)?;
                partition = partition.or(Some(value));
            }
            let Some(sort) = &schema.sort else { continue };
            match test_of(term, sort) {
                Some(test) => {
                    test.values().try_for_each(|value| value_of(value, sort).map(|_| ()))?;
                    sorts.push(test);
                }
                None => has_other_sort_term |= names(term, sort),
            }
        }
        // A branch is made of terms one of which tells the partition key.
        let partition = partition.ok_or_else(message::where_without_keys)?;
        let prefix = std::slice::from_ref(&partition);
        let mut range = KeyRange::new(prefix, None);
        for test in &sorts {
            let KeyRange { lower, upper } = KeyRange::new(prefix, Some(test));
            if before(&range.lower, &lower) {
                range.lower = lower;
            }
            if before(&upper, &range.upper) {
                range.upper = upper;
            }
        }
        Ok(Branch { terms, partition, range, has_other_sort_term })
    }
}

fn before(one: &Edge, other: &Edge) -> bool {
    (one as &dyn Place) < (other as &dyn Place)
}

fn value_of(value: &AttributeValue, attribute: &KeyAttribute) -> Result<KeyValue, Message> {
    let value = Some(value).filter(|value| value.kind() == attribute.kind).and_then(KeyValue::new);
    value.ok_or_else(|| message::key_type_in_statement(&attribute.name))
}

/// The test of a key attribute that a term is, if it is one that a range of keys describes.
fn test_of(term: &Condition, attribute: &KeyAttribute) -> Option<KeyTest> {
    let is_key = |path: &DocumentPath| path.rest.is_empty() && *path.root == *attribute.name;
    match term {
        Condition::Compare(comparator, Operand::Path(path), Operand::Value(value)) if is_key(path) => {
            compare(*comparator, value)
        }
        Condition::Compare(comparator, Operand::Value(value), Operand::Path(path)) if is_key(path) => {
            let mirrored = match comparator {
                Comparator::Less => Comparator::Greater,
                Comparator::LessOrEqual => Comparator::GreaterOrEqual,
                Comparator::Greater => Comparator::Less,
                Comparator::GreaterOrEqual => Comparator::LessOrEqual,
                other => *other,
            };
            compare(mirrored, value)
        }
        Condition::Between(operands) => match &**operands {
            [Operand::Path(path), Operand::Value(lower), Operand::Value(upper)] if is_key(path) => {
                Some(KeyTest::Between(lower.clone(), upper.clone()))
            }
            _ => None,
        },
        Condition::BeginsWith(Operand::Path(path), Operand::Value(prefix)) if is_key(path) => {
            Some(KeyTest::BeginsWith(prefix.clone()))
        }
        _ => None,
    }
}

fn compare(comparator: Comparator, value: &AttributeValue) -> Option<KeyTest> {
    let test = match comparator {
        Comparator::Equal => KeyTest::Equal,
        Comparator::NotEqual => return None,
        Comparator::Less => KeyTest::Less,
        Comparator::LessOrEqual => KeyTest::LessOrEqual,
        Comparator::Greater => KeyTest::Greater,
        Comparator::GreaterOrEqual => KeyTest::GreaterOrEqual,
    };
    Some(test(value.clone()))
}

fn names(condition: &Condition, attribute: &KeyAttribute) -> bool {
    let mut found = false;
    condition.each_path(&mut |path| found |= *path.root == *attribute.name);
    found
}

/// The alternatives of a condition that are alternatives for a key attribute.
enum Alternatives<'c> {
    Conditions(&'c [Condition]),
    Values(&'c DocumentPath, &'c [Operand]),
    One,
}

fn alternatives<'c>(condition: &'c Condition, schema: &KeySchema) -> Alternatives<'c> {
    match condition {
        Condition::Or(terms) if schema.attributes().any(|attribute| names(condition, attribute)) => {
            Alternatives::Conditions(terms)
        }
        Condition::In(Operand::Path(path), list)
            if path.rest.is_empty()
                && schema.contains(&path.root)
                && list.iter().all(|value| matches!(value, Operand::Value(_))) =>
        {
            Alternatives::Values(path, list)
        }
        _ => Alternatives::One,
    }
}

fn tells_partition(condition: &Condition, schema: &KeySchema) -> bool {
    match condition {
        Condition::And(terms) => terms.iter().any(|term| tells_partition(term, schema)),
        _ => match alternatives(condition, schema) {
            Alternatives::Conditions(terms) => terms.iter().all(|term| tells_partition(term, schema)),
            Alternatives::Values(path, _) => *path.root == *schema.partition.name,
            Alternatives::One => matches!(test_of(condition, &schema.partition), Some(KeyTest::Equal(_))),
        },
    }
}

fn branch_count(condition: &Condition, schema: &KeySchema) -> usize {
    let count = |term| branch_count(term, schema);
    match condition {
        Condition::And(terms) => terms.iter().map(count).fold(1, usize::saturating_mul),
        _ => match alternatives(condition, schema) {
            Alternatives::Conditions(terms) => terms.iter().map(count).fold(0, usize::saturating_add),
            Alternatives::Values(_, list) => list.len(),
            Alternatives::One => 1,
        },
    }
}

/// The branches of a condition, each a list of terms that must all hold.
fn split(condition: &Condition, schema: &KeySchema) -> Vec<Vec<Condition>> {
    match condition {
        Condition::And(terms) => terms.iter().fold(vec![Vec::new()], |branches, term| {
            let parts = split(term, schema);
            let join = |branch: &Vec<Condition>| {
                let parts = parts.iter().map(|part| [branch.as_slice(), part].concat());
                parts.collect::<Vec<_>>()
            };
            branches.iter().flat_map(join).collect()
        }),
        _ => match alternatives(condition, schema) {
            Alternatives::Conditions(terms) => terms.iter().flat_map(|term| split(term, schema)).collect(),
            Alternatives::Values(path, list) => {
                let equal = |value: &Operand| {
                    Condition::Compare(Comparator::Equal, Operand::Path(path.clone()), value.clone())
                };
                list.iter().map(|value| vec![equal(value)]).collect()
            }
            Alternatives::One => vec![vec![condition.clone()]],
        },
    }
}
