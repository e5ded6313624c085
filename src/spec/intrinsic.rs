//! The intrinsic functions `States.*`: names, parameters, results and limits.
//!
//! Specification: <https://states-language.net/#intrinsic-functions>; limits as AWS documents them:
//! <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>.

/// What every intrinsic function's name begins with.
pub const PREFIX: &str = "States.";

/// The hash algorithms of `States.Hash` and `$hash`, as they are written.
pub const HASH_ALGORITHMS: [&str; 5] = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/// The characters that a backslash may precede in a string argument.
pub const STRING_ESCAPES: [char; 4] = ['\'', '{', '}', '\\'];

/// What a parameter takes or a function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Any JSON value.
    Any,
    /// A string.
    String,
    /// A number; functions that need an integer round it.
    Number,
    /// A boolean.
    Boolean,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl ValueType {
    /// The type as signatures show it.
    pub const fn text(self) -> &'static str {
        match self {
            ValueType::Any => "any",
            ValueType::String => "string",
            ValueType::Number => "number",
            ValueType::Boolean => "boolean",
            ValueType::Array => "array",
            ValueType::Object => "object",
        }
    }
}

/// A parameter of an intrinsic function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// Its name in signatures.
    pub name: &'static str,
    /// What it takes.
    pub value_type: ValueType,
    /// How often it may be given.
    pub arity: Arity,
}

/// How often a parameter may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arity {
    /// Once.
    Required,
    /// Once or not at all.
    Optional,
    /// Any number of times; always the last one.
    Repeated,
}

/// An intrinsic function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Intrinsic {
    /// Which one, for evaluation.
    pub function: IntrinsicFunction,
    /// Its name with the prefix: `States.Format`.
    pub name: &'static str,
    /// Its parameters in order.
    pub parameters: &'static [Parameter],
    /// What it returns.
    pub returns: ValueType,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// Its limits, in one sentence; empty where there are none of its own.
    pub limits: &'static str,
}

impl Intrinsic {
    /// The function of this name, prefix included.
    pub fn find(name: &str) -> Option<&'static Intrinsic> {
        INTRINSICS.iter().copied().find(|intrinsic| intrinsic.name == name)
    }

    /// The smallest number of arguments.
    pub fn arguments_min(&self) -> usize {
        self.parameters.iter().filter(|parameter| parameter.arity == Arity::Required).count()
    }

    /// The largest number of arguments, if there is one.
    pub fn arguments_max(&self) -> Option<usize> {
        let repeats = self.parameters.iter().any(|parameter| parameter.arity == Arity::Repeated);
        (!repeats).then_some(self.parameters.len())
    }

    /// The function with its parameters and result: `States.MathAdd(a: number, b: number): number`.
    pub fn signature(&self) -> String {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| {
                let (name, value_type) = (parameter.name, parameter.value_type.text());
                match parameter.arity {
                    Arity::Required => format!("{name}: {value_type}"),
                    Arity::Optional => format!("{name}?: {value_type}"),
                    Arity::Repeated => format!("...{name}: {value_type}"),
                }
            })
            .collect();
        format!("{}({}): {}", self.name, parameters.join(", "), self.returns.text())
    }
}

macro_rules! intrinsics {
    ($($variant:ident ($($parameter:ident: $type:ident $arity:ident),*) -> $returns:ident, $doc:literal, $limits:literal;)*) => {
        /// Which intrinsic function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum IntrinsicFunction {
            $(#[doc = $doc] $variant,)*
        }

        impl IntrinsicFunction {
            /// The row of the table.
            pub fn row(self) -> &'static Intrinsic {
                match self { $(IntrinsicFunction::$variant => &rows::$variant,)* }
            }
        }

        /// One constant for each row, so that a function finds its row without a search.
        #[allow(non_upper_case_globals)]
        mod rows {
            use super::{Arity, Intrinsic, IntrinsicFunction, Parameter, ValueType};

            $(pub(super) static $variant: Intrinsic = Intrinsic {
                function: IntrinsicFunction::$variant,
                name: concat!("States.", stringify!($variant)),
                parameters: &[$(Parameter {
                    name: stringify!($parameter),
                    value_type: ValueType::$type,
                    arity: Arity::$arity,
                },)*],
                returns: ValueType::$returns,
                doc: $doc,
                limits: $limits,
            };)*
        }

        /// Every intrinsic function, in the order of the specification.
        pub static INTRINSICS: &[&Intrinsic] = &[$(&rows::$variant,)*];
    };
}

intrinsics! {
    Format(template: String Required, arguments: Any Repeated) -> String,
        "Puts the arguments, in order, in the places of `{}` in the template.",
        "The template has as many `{}` as there are arguments; `\\{` and `\\}` stand for braces.";
    StringToJson(text: String Required) -> Any,
        "Parses JSON text; blank text gives null.", "";
    JsonToString(value: Any Required) -> String,
        "Prints a value as compact JSON text.", "";
    Array(values: Any Repeated) -> Array,
        "Makes an array of the arguments.", "";
    ArrayPartition(array: Array Required, size: Number Required) -> Array,
        "Cuts an array into chunks of a size; the last chunk may be shorter.",
        "The size is a positive integer.";
    ArrayContains(array: Array Required, value: Any Required) -> Boolean,
        "Tells whether a value is an element of an array.", "";
    ArrayRange(first: Number Required, last: Number Required, step: Number Required) -> Array,
        "Makes the array of numbers from the first up to the last, a step apart.",
        "The step is not 0 and the array has at most 1,000 elements.";
    ArrayGetItem(array: Array Required, index: Number Required) -> Any,
        "Returns the element of an array at an index counted from 0.",
        "The index lies within the array.";
    ArrayLength(array: Array Required) -> Number,
        "Returns the number of elements of an array.", "";
    ArrayUnique(array: Array Required) -> Array,
        "Removes repeated elements from an array.", "";
    Base64Encode(text: String Required) -> String,
        "Encodes text as Base64.",
        "The text has at most 10,000 characters.";
    Base64Decode(text: String Required) -> String,
        "Decodes Base64 to text.",
        "The text has at most 10,000 characters.";
    Hash(data: String Required, algorithm: String Required) -> String,
        "Computes a hash in hexadecimal digits.",
        "The data has at most 10,000 characters; the algorithm is MD5, SHA-1, SHA-256, SHA-384 or SHA-512.";
    JsonMerge(first: Object Required, second: Object Required, deep: Boolean Required) -> Object,
        "Merges two objects; members of the second replace those of the first.",
        "AWS merges one level only: the third argument is false.";
    MathRandom(start: Number Required, end: Number Required, seed: Number Optional) -> Number,
        "Returns a random integer from the start up to, not including, the end; the same seed gives the same number.",
        "";
    MathAdd(first: Number Required, second: Number Required) -> Number,
        "Adds two integers; other numbers are rounded first.",
        "The arguments lie between -2147483648 and 2147483647.";
    StringSplit(text: String Required, delimiters: String Required) -> Array,
        "Splits text at every character of the delimiters and leaves out empty parts.", "";
    UUID() -> String,
        "Returns a random version 4 UUID.", "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_finds_its_row() {
        assert_eq!(INTRINSICS.len(), 18);
        for row in INTRINSICS {
            assert_eq!(row.function.row(), *row);
            assert_eq!(Intrinsic::find(row.name), Some(*row));
            assert!(row.name.starts_with(PREFIX));
        }
    }

    #[test]
    fn signatures_read_well() {
        let signature = |name| Intrinsic::find(name).unwrap().signature();
        assert_eq!(signature("States.Format"), "States.Format(template: string, ...arguments: any): string");
        assert_eq!(
            signature("States.MathRandom"),
            "States.MathRandom(start: number, end: number, seed?: number): number"
        );
    }
}
