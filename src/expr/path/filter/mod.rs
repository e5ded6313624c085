//! Filters: `[?(@.price < 10 && @.tags contains 'new')]`.
//!
//! Grammar of the library: `||` binds looser than `&&`, `!` and parentheses; a comparison has a path or literal on
//! each side; a path alone asks whether it exists. A comparison whose operator or right side cannot be read is
//! taken for a path alone, so the error is reported at what follows.

mod eval;
mod parser;

use regex::Regex;
use serde_json::Value;

pub(crate) use eval::compare_numbers;
pub(super) use parser::parse_filter;

use super::Path;
use crate::text::TextRange;

/// A condition on an item.
#[derive(Clone, Debug)]
pub enum Filter {
    /// Any of the conditions.
    Or(Vec<Filter>),
    /// All of the conditions.
    And(Vec<Filter>),
    /// Not the condition.
    Not(Box<Filter>),
    /// The path leads somewhere, or, after `!`, does not.
    Exists {
        /// The path.
        path: Path,
        /// Whether it has to lead somewhere.
        expected: bool,
    },
    /// A comparison of two values.
    Compare(Comparison),
}

/// A comparison of two values.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The value before the operator.
    pub left: Operand,
    /// The operator.
    pub operator: Operator,
    /// Where the operator is written.
    pub operator_range: TextRange,
    /// The value after the operator.
    pub right: Operand,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Operand {
    /// What it is.
    pub kind: OperandKind,
    /// Where it is written.
    pub range: TextRange,
}

/// What one side of a comparison is.
#[derive(Clone, Debug)]
pub enum OperandKind {
    /// A path, from the item (`@`) or the document (`$`).
    Path(Path),
    /// A JSON value; strings may be in single quotes.
    Literal(Value),
    /// A regular expression; it has to match the whole text.
    Regex(Regex),
}

macro_rules! operators {
    ($($variant:ident $text:literal $doc:literal,)*) => {
        /// The operators of a comparison.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operator {
            $(#[doc = $doc] $variant,)*
        }

        impl Operator {
            /// Every operator, for completion.
            pub const ALL: &'static [Operator] = &[$(Operator::$variant,)*];

            /// The operator as it is written.
            pub const fn text(self) -> &'static str {
                match self { $(Operator::$variant => $text,)* }
            }

            /// What the operator asks, in one sentence.
            pub const fn doc(self) -> &'static str {
                match self { $(Operator::$variant => $doc,)* }
            }
        }
    };
}

operators! {
    Equal "==" "Equal; a number and a string are equal when they print alike.",
    NotEqual "!=" "Not equal.",
    StrictEqual "===" "Equal and of one type.",
    StrictNotEqual "!==" "Not equal or not of one type.",
    Less "<" "Less, of numbers or strings.",
    LessOrEqual "<=" "Less or equal, of numbers or strings.",
    Greater ">" "Greater, of numbers or strings.",
    GreaterOrEqual ">=" "Greater or equal, of numbers or strings.",
    Matches "=~" "The regular expression matches the whole text, or an element of the array.",
    In "in" "The left value is an element of the right array.",
    NotIn "nin" "The left value is no element of the right array.",
    SubsetOf "subsetof" "Every element of the left array is in the right array.",
    AnyOf "anyof" "The arrays have an element in common.",
    NoneOf "noneof" "The arrays have no element in common.",
    All "all" "The left array has every element of the right array.",
    Contains "contains" "The left string or array contains the right value.",
    Size "size" "The left string or array has this length.",
    Empty "empty" "The left string or container is empty, or not, as the right side says.",
}

impl Operator {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operator| operator.text().eq_ignore_ascii_case(text))
    }
}

impl Filter {
    pub(in crate::expr::path) fn for_each_path(&self, visit: &mut dyn FnMut(&Path)) {
        match self {
            Filter::Or(filters) | Filter::And(filters) => {
                for filter in filters {
                    filter.for_each_path(visit);
                }
            }
            Filter::Not(filter) => filter.for_each_path(visit),
            Filter::Exists { path, .. } => visit(path),
            Filter::Compare(comparison) => {
                for operand in [&comparison.left, &comparison.right] {
                    if let OperandKind::Path(path) = &operand.kind {
                        visit(path);
                    }
                }
            }
        }
    }
}
