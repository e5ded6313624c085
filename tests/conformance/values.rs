//! Compares values, in which placeholders stand for what differs from run to run.

use std::collections::BTreeSet;
use std::fmt;

use regex::Regex;
use serde_json::{Map, Value};

/// One thing that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Where: `output.Items[0]`, `main#3 TaskScheduled.resource`, `Each[2]#1`.
    pub(crate) place: String,
    /// What we have there.
    pub(crate) ours: String,
    /// What was recorded.
    pub(crate) expected: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, expected {}", self.place, self.ours, self.expected)
    }
}

/// What a recording has in the place of what differs from run to run.
#[derive(Clone, Debug)]
pub(crate) struct Placeholders {
    /// Texts that are a placeholder as a whole.
    whole: BTreeSet<String>,
    /// Placeholders anywhere in a text.
    part: Regex,
}

/// Stand for anything in every recording, as a whole text.
const ALWAYS_FREE: [&str; 12] = [
    "timestamp",
    "date",
    "datetime",
    "entered-time",
    "start-time",
    "start-date",
    "stop-date",
    "RequestId",
    "X-Amzn-Trace-Id",
    "x-amz-crc32",
    "x-amzn-RequestId",
    "x-amzn-requestid",
];

/// Stand for anything wherever they are: `<uuid:1>`, `<ArnPart_0idx>`, `<start-time>`.
const NUMBERED: &str = r"<[A-Za-z][\w./ -]*:\d+>|<\w+_\d+idx>|<(?:request_id|extended_request_id|entered-time|start-time|start-date|stop-date)>";

/// Members that tell of the HTTP request only.
const METADATA: [&str; 2] = ["SdkHttpMetadata", "SdkResponseMetadata"];

impl Placeholders {
    /// With these words besides those that every recording has.
    pub(crate) fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        // The longest first: one placeholder may be the beginning of another.
        let mut words: Vec<&str> = words.into_iter().filter(|word| word.len() >= 3).collect();
        words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
        words.dedup();
        let is_word = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
        let patterns = words.iter().map(|word| {
            // `date` is not meant in `update`.
            let before = if is_word(word.chars().next()) { r"\b" } else { "" };
            let after = if is_word(word.chars().next_back()) { r"\b" } else { "" };
            format!("{before}{}{after}", regex::escape(word))
        });
        let pattern = patterns.chain([NUMBERED.to_owned()]).collect::<Vec<_>>().join("|");
        let whole = ALWAYS_FREE.iter().chain(&words).map(|word| (*word).to_owned()).collect();
        Self { whole, part: Regex::new(&pattern).unwrap() }
    }

    /// Those of a case. The names of its machine, execution and role are free as well.
    pub(crate) fn of_case(case: &Value) -> Self {
        let mut words: Vec<&str> =
            array(&case["placeholders"]["wild"]).iter().filter_map(Value::as_str).collect();
        for name in case["names"].as_object().into_iter().flatten().filter_map(|(_, name)| name.as_str()) {
            words.push(name);
            if name.contains(":stateMachine:") || name.contains(":execution:") {
                words.extend(name.split(':').skip(6).filter(|part| part.len() >= 8));
            }
        }
        // The recordings of a random UUID have a word in its place.
        if array(&case["flags"]).iter().any(|flag| flag == "random_uuid") {
            words.push("generated-uuid");
        }
        Self::new(words)
    }

    /// Those of a case with those that stand in its definition and input as well, as answers have them.
    pub(crate) fn of_answers(case: &Value) -> Self {
        let words = ["wild", "bound"].into_iter().flat_map(|kind| array(&case["placeholders"][kind]));
        Self::new(words.filter_map(Value::as_str))
    }

    /// Whether a text is nothing but a placeholder, for a value of any type.
    fn is_whole(&self, expected: &str) -> bool {
        let is_all = |found: regex::Match<'_>| found.range() == (0..expected.len());
        self.whole.contains(expected) || self.part.find(expected).is_some_and(is_all)
    }

    /// Whether a text is as expected around the placeholders.
    fn matches(&self, expected: &str, ours: &str) -> bool {
        if expected == ours || self.is_whole(expected) {
            return true;
        }
        let mut pieces = Vec::new();
        let mut end = 0;
        for placeholder in self.part.find_iter(expected) {
            pieces.push(&expected[end..placeholder.start()]);
            end = placeholder.end();
        }
        let (Some((first, between)), last) = (pieces.split_first(), &expected[end..]) else { return false };
        // What lies between two placeholders is looked for at the earliest place: that leaves most to the rest.
        let Some(mut rest) = ours.strip_prefix(first) else { return false };
        for piece in between {
            let Some(place) = rest.find(piece) else { return false };
            rest = &rest[place + piece.len()..];
        }
        rest.ends_with(last)
    }

    /// Compares two values. Recursive, as deep as the recorded one.
    pub(crate) fn compare(&self, expected: &Value, ours: &Value, place: &str, found: &mut Vec<Difference>) {
        let is_same = match (expected, ours) {
            (Value::Object(expected), Value::Object(ours)) => {
                return self.compare_members(expected, ours, place, found);
            }
            (Value::Array(expected), Value::Array(ours)) if expected.len() == ours.len() => {
                for (index, (expected, ours)) in expected.iter().zip(ours).enumerate() {
                    self.compare(expected, ours, &format!("{place}[{index}]"), found);
                }
                return;
            }
            (Value::String(expected), Value::String(ours)) => self.matches(expected, ours),
            (Value::String(expected), _) => self.is_whole(expected),
            (Value::Number(expected), Value::Number(ours)) => {
                expected == ours
                    || ((expected.is_f64() || ours.is_f64()) && expected.as_f64() == ours.as_f64())
            }
            (expected, ours) => expected == ours,
        };
        if !is_same {
            found.push(Difference { place: place.to_owned(), ours: short(ours), expected: short(expected) });
        }
    }

    fn compare_members(
        &self,
        expected: &Map<String, Value>,
        ours: &Map<String, Value>,
        place: &str,
        found: &mut Vec<Difference>,
    ) {
        let is_compared = |key: &str| !METADATA.contains(&key);
        for (key, value) in expected.iter().filter(|(key, _)| is_compared(key)) {
            let place = format!("{place}.{key}");
            match ours.get(key) {
                Some(ours) => self.compare(value, ours, &place, found),
                None => {
                    found.push(Difference { place, ours: "absent".to_owned(), expected: short(value) });
                }
            }
        }
        for (key, value) in ours.iter().filter(|(key, _)| is_compared(key)) {
            if !expected.contains_key(key) {
                found.push(Difference {
                    place: format!("{place}.{key}"),
                    ours: short(value),
                    expected: "absent".to_owned(),
                });
            }
        }
    }
}

/// A value in one line of limited length.
pub(crate) fn short(value: &Value) -> String {
    const CHARACTERS_MAX: usize = 160;
    let text = value.to_string();
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The elements; none of what is no array.
pub(crate) fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The text; none of what is no text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn placeholders_stand_for_anything() {
        let placeholders = Placeholders::new(["date", "a_queue", "<job>"]);
        let check = |expected: &str, ours: &str, matches: bool| {
            assert_eq!(placeholders.matches(expected, ours), matches, "{expected} / {ours}");
        };
        check("timestamp", "2026-01-01", true);
        check("<uuid:1>", "a-b", true);
        check("id <uuid:1> of <ArnPart_0idx>.", "id 7 of x.", true);
        check("id <uuid:1> of <ArnPart_0idx>.", "id 7 in x.", false);
        check("id <uuid:1> of x", "id 7 of x of x", true);
        check("https://a_queue/1", "https://q/1", true);
        check("https://a_queue/1", "https://q/2", false);
        check("update", "upward", false);
        check("<job>", "7", true);
        check("<other>", "7", false);
        assert!(!placeholders.is_whole("id <uuid:1>"));
    }

    #[test]
    fn a_placeholder_stands_for_a_value_of_any_type() {
        let placeholders = Placeholders::new([]);
        let count = |expected: Value, ours: Value| {
            let mut found = Vec::new();
            placeholders.compare(&expected, &ours, "", &mut found);
            found.len()
        };
        assert_eq!(count(json!("<uuid:1>"), json!(7)), 0);
        assert_eq!(count(json!({"SdkHttpMetadata": 1, "a": 1}), json!({"a": 1})), 0);
        assert_eq!(count(json!(9007199254740993_u64), json!(9007199254740992_u64)), 1);
        assert_eq!(count(json!(1), json!(true)), 1);
        assert_eq!(count(json!(null), json!(0)), 1);
        assert_eq!(count(json!([1]), json!([1, 2])), 1);
    }
}
