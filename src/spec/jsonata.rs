//! The functions that JSONata expressions can call: those of JSONata 2.0.6 that AWS has, and AWS's own.
//!
//! JSONata: <https://docs.jsonata.org/2.0.x/string-functions>; AWS:
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-step-functions>.
//! `$eval` is left out: Step Functions does not have it.

/// The page about JSONata in definitions.
pub const LINK: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html";

/// The function that tells whether an expression gives a value at all.
pub const EXISTS: &str = "exists";
/// The function of JSONata that Step Functions does not have.
pub const EVAL: &str = "eval";

/// Who defines a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// JSONata.
    Jsonata,
    /// Step Functions.
    StepFunctions,
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JsonataFunction {
    /// Its name without the `$`.
    pub name: &'static str,
    /// Its parameters as signatures show them: `name: type`, `name?: type` where it may be left out,
    /// `...name: type` where it may be given any number of times.
    pub parameters: &'static [&'static str],
    /// What it returns.
    pub returns: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// Who defines it.
    pub origin: Origin,
}

impl JsonataFunction {
    /// The function of this name, without the `$`.
    pub fn find(name: &str) -> Option<&'static JsonataFunction> {
        JSONATA_FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// The function with its parameters and result: `$pad(text: string, width: number, …): string`.
    pub fn signature(&self) -> String {
        format!("${}({}): {}", self.name, self.parameters.join(", "), self.returns)
    }

    /// The smallest number of arguments. Where JSONata puts the context for an argument, one less may be given.
    pub fn arguments_min(&self) -> usize {
        self.parameters
            .iter()
            .filter(|parameter| !parameter.contains("?:") && !is_repeated(parameter))
            .count()
    }

    /// Whether JSONata puts the context value in the place of the first argument when there is one argument less: where
    /// the function's signature has a `-`.
    pub fn takes_context(&self) -> bool {
        self.origin == Origin::Jsonata && !WITHOUT_CONTEXT.contains(&self.name)
    }

    /// The largest number of arguments, if there is one.
    pub fn arguments_max(&self) -> Option<usize> {
        let repeats = self.parameters.iter().any(|parameter| is_repeated(parameter));
        (!repeats).then_some(self.parameters.len())
    }
}

/// Functions of JSONata that need all of their arguments.
const WITHOUT_CONTEXT: &[&str] = &[
    "append", "assert", "average", "count", "distinct", "exists", "filter", "join", "map", "max", "merge",
    "min", "reduce", "reverse", "shuffle", "single", "sort", "sum", "type", "zip",
];

fn is_repeated(parameter: &str) -> bool {
    parameter.starts_with("...")
}

macro_rules! functions {
    ($($origin:ident { $($name:ident($($parameter:literal),*) -> $returns:literal: $doc:literal;)* })*) => {
        /// Every function, grouped as in the documentation.
        pub const JSONATA_FUNCTIONS: &[JsonataFunction] = &[$($(JsonataFunction {
            name: stringify!($name),
            parameters: &[$($parameter),*],
            returns: $returns,
            doc: $doc,
            origin: Origin::$origin,
        },)*)*];
    };
}

functions! {
    StepFunctions {
        partition("array: array", "size: number") -> "array":
            "Cuts an array into chunks of a size.";
        range("first: number", "last: number", "step: number") -> "array":
            "Makes the array of numbers from the first up to the last, a step apart.";
        hash("data: string", "algorithm: string") -> "string":
            "Computes a hash: MD5, SHA-1, SHA-256, SHA-384 or SHA-512.";
        uuid() -> "string":
            "Returns a random version 4 UUID.";
        parse("text: string") -> "any":
            "Parses JSON text.";
        random("seed?: number") -> "number":
            "Returns a random number from 0 up to, not including, 1; the same seed gives the same number.";
    }
    Jsonata {
        string("value: any", "prettify?: boolean") -> "string":
            "Turns a value into text: strings stay, everything else becomes JSON.";
        length("text: string") -> "number":
            "Counts the characters of a string.";
        substring("text: string", "start: number", "length?: number") -> "string":
            "Takes the characters from a position on; a negative position counts from the end.";
        substringBefore("text: string", "characters: string") -> "string":
            "Takes what stands before the first occurrence of some characters, or everything.";
        substringAfter("text: string", "characters: string") -> "string":
            "Takes what stands after the first occurrence of some characters, or everything.";
        uppercase("text: string") -> "string":
            "Turns letters into capitals.";
        lowercase("text: string") -> "string":
            "Turns letters into small ones.";
        trim("text: string") -> "string":
            "Removes blanks at both ends and makes each run of blanks within a single one.";
        pad("text: string", "width: number", "characters?: string") -> "string":
            "Fills a string up to a width, at its end or, for a negative width, at its start.";
        contains("text: string", "pattern: string | regex") -> "boolean":
            "Tells whether a string contains another or matches a regular expression.";
        split("text: string", "separator: string | regex", "limit?: number") -> "array":
            "Cuts a string at a separator.";
        join("texts: array", "separator?: string") -> "string":
            "Joins strings with a separator between them.";
        match("text: string", "pattern: regex", "limit?: number") -> "array":
            "Returns what a regular expression matches, with positions and groups.";
        replace("text: string", "pattern: string | regex", "replacement: string | function", "limit?: number") -> "string":
            "Replaces what matches; in the replacement $1 stands for the first group, $0 for all, $$ for a dollar sign.";
        base64encode("text: string") -> "string":
            "Encodes text as Base64.";
        base64decode("text: string") -> "string":
            "Decodes Base64 to text.";
        encodeUrlComponent("text: string") -> "string":
            "Escapes text for a part of a URL.";
        encodeUrl("text: string") -> "string":
            "Escapes text for a whole URL.";
        decodeUrlComponent("text: string") -> "string":
            "Resolves the escapes of a part of a URL.";
        decodeUrl("text: string") -> "string":
            "Resolves the escapes of a whole URL.";
        number("value: any") -> "number":
            "Turns text or a boolean into a number.";
        abs("number: number") -> "number":
            "Returns the number without its sign.";
        floor("number: number") -> "number":
            "Rounds down.";
        ceil("number: number") -> "number":
            "Rounds up.";
        round("number: number", "precision?: number") -> "number":
            "Rounds to a number of decimals; halves go to the even neighbour.";
        power("base: number", "exponent: number") -> "number":
            "Raises a number to a power.";
        sqrt("number: number") -> "number":
            "Returns the square root.";
        formatNumber("number: number", "picture: string", "options?: object") -> "string":
            "Prints a number as a picture such as #,##0.00 says.";
        formatBase("number: number", "radix?: number") -> "string":
            "Prints an integer in a base from 2 to 36.";
        formatInteger("number: number", "picture: string") -> "string":
            "Prints an integer as a picture says, also in words or Roman numerals.";
        parseInteger("text: string", "picture: string") -> "number":
            "Reads an integer that is printed as a picture says.";
        sum("numbers: array") -> "number":
            "Adds numbers.";
        max("numbers: array") -> "number":
            "Returns the largest number.";
        min("numbers: array") -> "number":
            "Returns the smallest number.";
        average("numbers: array") -> "number":
            "Returns the mean of numbers.";
        boolean("value: any") -> "boolean":
            "Tells whether a value counts as true: not 0, empty, null or a function.";
        not("value: any") -> "boolean":
            "Tells whether a value counts as false.";
        exists("value: any") -> "boolean":
            "Tells whether an expression gives a value at all.";
        count("array: array") -> "number":
            "Counts the elements of an array.";
        append("first: array", "second: array") -> "array":
            "Puts two arrays one after the other.";
        sort("array: array", "comparator?: function") -> "array":
            "Sorts; the function of two elements tells whether they must change places.";
        reverse("array: array") -> "array":
            "Turns the order of an array round.";
        shuffle("array: array") -> "array":
            "Puts an array into random order.";
        distinct("array: array") -> "array":
            "Removes repeated elements.";
        zip("array1: array", "...arrays: array") -> "array":
            "Makes arrays of the first elements, of the second ones, and so on.";
        keys("object: object") -> "array":
            "Returns the names of the members of an object.";
        lookup("object: object", "key: string") -> "any":
            "Returns the member of an object under a key.";
        spread("object: object") -> "array":
            "Makes an object of each member.";
        merge("objects: array") -> "object":
            "Puts the members of all objects into one; later ones replace earlier ones.";
        sift("object: object", "function: function") -> "object":
            "Keeps the members for which a function of value, key and object is true.";
        each("object: object", "function: function") -> "array":
            "Returns what a function of value and key gives for each member.";
        error("message?: string") -> "nothing":
            "Fails with a message.";
        assert("condition: boolean", "message?: string") -> "nothing":
            "Fails with a message unless a condition is true.";
        type("value: any") -> "string":
            "Names the type of a value: string, number, boolean, null, array, object or function.";
        map("array: array", "function: function") -> "array":
            "Returns what a function of value, index and array gives for each element.";
        filter("array: array", "function: function") -> "array":
            "Keeps the elements for which a function of value, index and array is true.";
        single("array: array", "function?: function") -> "any":
            "Returns the one element for which a function is true, and fails if there is not exactly one.";
        reduce("array: array", "function: function", "initial?: any") -> "any":
            "Combines all elements with a function of the result so far and the next element.";
        now("picture?: string", "timezone?: string") -> "string":
            "Returns the time of the evaluation as text.";
        millis() -> "number":
            "Returns the time of the evaluation in milliseconds since 1970.";
        fromMillis("milliseconds: number", "picture?: string", "timezone?: string") -> "string":
            "Prints a time given in milliseconds since 1970.";
        toMillis("timestamp: string", "picture?: string") -> "number":
            "Reads a time as milliseconds since 1970.";
        clone("value: any") -> "any":
            "Copies a value.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = JSONATA_FUNCTIONS.iter().map(|function| function.name).collect();
        let n_names = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n_names);
    }

    #[test]
    fn signatures_read_well() {
        let pad = JsonataFunction::find("pad").unwrap();
        assert_eq!(pad.signature(), "$pad(text: string, width: number, characters?: string): string");
        assert_eq!(pad.arguments_min(), 2);
    }
}
