//! Syntax of expressions: what the text says, with the range of every part.
//!
//! Names and placeholders are slices of the text; nothing is looked up yet. Placeholders keep their `#` or `:`.
//!
//! What is rare is boxed: trees are handed up from rule to rule of the grammar, and what is small is moved fast.

use std::fmt;
use std::ops::Deref;

use crate::text::TextRange;

/// A condition, filter or key condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition<'a> {
    /// `a AND b AND …`, two terms or more.
    And(Vec<Condition<'a>>),
    /// `a OR b OR …`, two terms or more.
    Or(Vec<Condition<'a>>),
    /// `NOT a`.
    Not(Box<Condition<'a>>),
    /// `(a)`.
    Parens {
        /// What the parentheses enclose.
        inner: Box<Condition<'a>>,
        /// The parentheses included.
        range: TextRange,
    },
    /// `left < right` and the like.
    Compare {
        /// The operator.
        comparator: Comparator,
        /// The operand before it.
        left: Operand<'a>,
        /// The operand after it.
        right: Operand<'a>,
        /// Both operands included.
        range: TextRange,
    },
    /// `operand BETWEEN lower AND upper`.
    Between {
        /// What is tested, the lower bound and the upper, both of them included.
        operands: Box<[Operand<'a>; 3]>,
        /// All three operands included.
        range: TextRange,
    },
    /// `operand IN (a, b, …)`.
    In {
        /// What is looked for.
        operand: Operand<'a>,
        /// The list, with one member at least.
        list: Vec<Operand<'a>>,
        /// From the operand to the closing parenthesis.
        range: TextRange,
    },
    /// A function that is true or false.
    Function(Box<Function<'a>>),
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparator {
    /// The operator as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Comparator::Equal => "=",
            Comparator::NotEqual => "<>",
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Greater => ">",
            Comparator::GreaterOrEqual => ">=",
        }
    }
}

/// What an operator or function takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand<'a> {
    /// A document path.
    Path(Path<'a>),
    /// A value placeholder.
    Value(Value<'a>),
    /// The result of a function.
    Function(Box<Function<'a>>),
    /// `(operand)`.
    Parens {
        /// What the parentheses enclose.
        inner: Box<Operand<'a>>,
        /// The parentheses included.
        range: TextRange,
    },
}

impl Operand<'_> {
    /// The range of the operand, parentheses included.
    pub fn range(&self) -> TextRange {
        match self {
            Operand::Path(path) => path.range,
            Operand::Value(value) => value.range,
            Operand::Function(function) => function.range,
            Operand::Parens { range, .. } => *range,
        }
    }
}

/// A value placeholder such as `:total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// The placeholder with its colon.
    pub name: &'a str,
    /// Where it stands.
    pub range: TextRange,
}

/// A call such as `size(tags)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function<'a> {
    /// The name as written; function names are case-sensitive.
    pub name: &'a str,
    /// Where the name stands.
    pub name_range: TextRange,
    /// The arguments, one at least.
    pub arguments: Vec<Operand<'a>>,
    /// From the name to the closing parenthesis.
    pub range: TextRange,
}

/// A document path such as `orders[0].#total`: a name first, then names and indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<'a> {
    /// The parts, one at least.
    pub elements: PathElements<'a>,
    /// From the first part to the last.
    pub range: TextRange,
}

/// The parts of a document path. Most paths have one, which needs no memory of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathElements<'a> {
    /// A path of one part.
    One(PathElement<'a>),
    /// A longer path.
    Many(Vec<PathElement<'a>>),
}

impl<'a> PathElements<'a> {
    pub(super) fn push(&mut self, element: PathElement<'a>) {
        match self {
            PathElements::One(first) => *self = PathElements::Many(vec![*first, element]),
            PathElements::Many(elements) => elements.push(element),
        }
    }
}

impl<'a> Deref for PathElements<'a> {
    type Target = [PathElement<'a>];

    fn deref(&self) -> &[PathElement<'a>] {
        match self {
            PathElements::One(element) => std::slice::from_ref(element),
            PathElements::Many(elements) => elements,
        }
    }
}

impl<'t, 'a> IntoIterator for &'t PathElements<'a> {
    type Item = &'t PathElement<'a>;
    type IntoIter = std::slice::Iter<'t, PathElement<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One part of a document path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathElement<'a> {
    /// What it is.
    pub kind: PathElementKind<'a>,
    /// Where it stands, without the dot, with the brackets.
    pub range: TextRange,
}

/// What a part of a document path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathElementKind<'a> {
    /// An attribute name.
    Name(&'a str),
    /// A name placeholder with its `#`.
    Placeholder(&'a str),
    /// The digits of a list index.
    Index(&'a str),
}

/// An update expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update<'a> {
    /// The sections in the order of the text.
    pub sections: Vec<Section<'a>>,
}

/// One section of an update expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// What the section does, with its clauses.
    pub clauses: Clauses<'a>,
    /// Where its keyword stands.
    pub keyword_range: TextRange,
}

/// The clauses of a section, one at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clauses<'a> {
    /// `SET path = value, …`
    Set(Vec<(Path<'a>, SetValue<'a>)>),
    /// `REMOVE path, …`
    Remove(Vec<Path<'a>>),
    /// `ADD path :value, …`
    Add(Vec<(Path<'a>, Value<'a>)>),
    /// `DELETE path :value, …`
    Delete(Vec<(Path<'a>, Value<'a>)>),
}

impl Clauses<'_> {
    /// The keyword of the section.
    pub const fn keyword(&self) -> &'static str {
        match self {
            Clauses::Set(_) => "SET",
            Clauses::Remove(_) => "REMOVE",
            Clauses::Add(_) => "ADD",
            Clauses::Delete(_) => "DELETE",
        }
    }
}

/// The right-hand side of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetValue<'a> {
    /// One operand.
    Operand(Operand<'a>),
    /// `left + right`.
    Plus(Operand<'a>, Operand<'a>),
    /// `left - right`.
    Minus(Operand<'a>, Operand<'a>),
}

// ------------------------------------------------------------------------------------------------------ walking

/// A part of an expression that names something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'t, 'a> {
    /// A document path.
    Path(&'t Path<'a>),
    /// A value placeholder.
    Value(Value<'a>),
    /// A function; its arguments follow as parts of their own.
    Function(&'t Function<'a>),
}

impl<'a> Condition<'a> {
    /// Calls `visit` with every path, value placeholder and function, in the order of the text.
    ///
    /// # Example
    ///
    /// ```
    /// use asl_lsp::dynamodb::expression::ast::Part;
    /// use asl_lsp::dynamodb::expression::parse_condition;
    ///
    /// let (tree, _) = parse_condition("size(tags) > :most OR NOT #a = :other");
    /// let mut values = Vec::new();
    /// tree.unwrap().walk(&mut |part| {
    ///     if let Part::Value(value) = part {
    ///         values.push(value.name);
    ///     }
    /// });
    /// assert_eq!(values, [":most", ":other"]);
    /// ```
    pub fn walk<'t>(&'t self, visit: &mut dyn FnMut(Part<'t, 'a>)) {
        match self {
            Condition::And(terms) | Condition::Or(terms) => terms.iter().for_each(|term| term.walk(visit)),
            Condition::Not(inner) | Condition::Parens { inner, .. } => inner.walk(visit),
            Condition::Compare { left, right, .. } => {
                left.walk(visit);
                right.walk(visit);
            }
            Condition::Between { operands, .. } => operands.iter().for_each(|operand| operand.walk(visit)),
            Condition::In { operand, list, .. } => {
                operand.walk(visit);
                list.iter().for_each(|operand| operand.walk(visit));
            }
            Condition::Function(function) => function.walk(visit),
        }
    }
}

impl<'a> Operand<'a> {
    /// Calls `visit` with every part of the operand.
    pub fn walk<'t>(&'t self, visit: &mut dyn FnMut(Part<'t, 'a>)) {
        match self {
            Operand::Path(path) => visit(Part::Path(path)),
            Operand::Value(value) => visit(Part::Value(*value)),
            Operand::Function(function) => function.walk(visit),
            Operand::Parens { inner, .. } => inner.walk(visit),
        }
    }
}

impl<'a> Function<'a> {
    /// Calls `visit` with the function and every part of its arguments.
    pub fn walk<'t>(&'t self, visit: &mut dyn FnMut(Part<'t, 'a>)) {
        visit(Part::Function(self));
        self.arguments.iter().for_each(|argument| argument.walk(visit));
    }
}

impl<'a> Update<'a> {
    /// Calls `visit` with every path, value placeholder and function, in the order of the text.
    pub fn walk<'t>(&'t self, visit: &mut dyn FnMut(Part<'t, 'a>)) {
        for section in &self.sections {
            match &section.clauses {
                Clauses::Set(clauses) => {
                    for (path, value) in clauses {
                        visit(Part::Path(path));
                        value.walk(visit);
                    }
                }
                Clauses::Remove(paths) => paths.iter().for_each(|path| visit(Part::Path(path))),
                Clauses::Add(clauses) | Clauses::Delete(clauses) => {
                    for (path, value) in clauses {
                        visit(Part::Path(path));
                        visit(Part::Value(*value));
                    }
                }
            }
        }
    }
}

impl<'a> SetValue<'a> {
    /// Calls `visit` with every part of the right-hand side.
    pub fn walk<'t>(&'t self, visit: &mut dyn FnMut(Part<'t, 'a>)) {
        match self {
            SetValue::Operand(operand) => operand.walk(visit),
            SetValue::Plus(left, right) | SetValue::Minus(left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
        }
    }
}

// ----------------------------------------------------------------------------------------------------- printing

impl fmt::Display for Condition<'_> {
    /// The condition with one space around operators and keywords in upper case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::And(terms) => separated(f, terms, " AND "),
            Condition::Or(terms) => separated(f, terms, " OR "),
            Condition::Not(inner) => write!(f, "NOT {inner}"),
            Condition::Parens { inner, .. } => write!(f, "({inner})"),
            Condition::Compare { comparator, left, right, .. } => {
                write!(f, "{left} {} {right}", comparator.as_str())
            }
            Condition::Between { operands, .. } => {
                let [operand, lower, upper] = &**operands;
                write!(f, "{operand} BETWEEN {lower} AND {upper}")
            }
            Condition::In { operand, list, .. } => {
                write!(f, "{operand} IN (")?;
                separated(f, list, ", ")?;
                f.write_str(")")
            }
            Condition::Function(function) => function.fmt(f),
        }
    }
}

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Path(path) => path.fmt(f),
            Operand::Value(value) => f.write_str(value.name),
            Operand::Function(function) => function.fmt(f),
            Operand::Parens { inner, .. } => write!(f, "({inner})"),
        }
    }
}

impl fmt::Display for Function<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        separated(f, &self.arguments, ", ")?;
        f.write_str(")")
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (element, index) in self.elements.iter().zip(0..) {
            match element.kind {
                PathElementKind::Index(digits) => write!(f, "[{digits}]")?,
                PathElementKind::Name(name) | PathElementKind::Placeholder(name) => {
                    write!(f, "{}{name}", if index > 0 { "." } else { "" })?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Update<'_> {
    /// The update with one space between clauses and keywords in upper case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (section, index) in self.sections.iter().zip(0..) {
            let space = if index > 0 { " " } else { "" };
            write!(f, "{space}{} ", section.clauses.keyword())?;
            match &section.clauses {
                Clauses::Set(clauses) => {
                    let clauses: Vec<String> =
                        clauses.iter().map(|(path, value)| format!("{path} = {value}")).collect();
                    separated(f, &clauses, ", ")?;
                }
                Clauses::Remove(paths) => separated(f, paths, ", ")?,
                Clauses::Add(clauses) | Clauses::Delete(clauses) => {
                    let clauses: Vec<String> =
                        clauses.iter().map(|(path, value)| format!("{path} {}", value.name)).collect();
                    separated(f, &clauses, ", ")?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for SetValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetValue::Operand(operand) => operand.fmt(f),
            SetValue::Plus(left, right) => write!(f, "{left} + {right}"),
            SetValue::Minus(left, right) => write!(f, "{left} - {right}"),
        }
    }
}

fn separated<T: fmt::Display>(f: &mut fmt::Formatter<'_>, elements: &[T], separator: &str) -> fmt::Result {
    for (element, index) in elements.iter().zip(0..) {
        if index > 0 {
            f.write_str(separator)?;
        }
        element.fmt(f)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_stay_small() {
        assert_eq!(size_of::<Operand<'_>>(), 40);
        assert_eq!(size_of::<Condition<'_>>(), 96);
    }
}
