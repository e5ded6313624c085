//! Where to stop: at states, under conditions, and at errors.

use std::fmt;

use crate::expr::jsonata::Program;
use crate::model::StateId;

use super::evaluate::Evaluation;

/// A breakpoint at a state.
#[derive(Clone, Debug)]
pub(super) struct Breakpoint {
    /// The number the client knows it by.
    pub(super) id: i64,
    /// The state.
    pub(super) state: StateId,
    /// Only where this is true.
    pub(super) condition: Option<Program>,
    /// Only at such visits.
    pub(super) hits: Option<HitCondition>,
    /// What to print instead of stopping.
    pub(super) log: Option<LogMessage>,
}

/// What a client asks of a breakpoint, as text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conditions<'a> {
    pub(super) condition: Option<&'a str>,
    pub(super) hit_condition: Option<&'a str>,
    pub(super) log_message: Option<&'a str>,
}

/// What a breakpoint comes to at a state that is about to be entered.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Nothing.
    Pass,
    /// The execution is to stop; what was wrong with the condition, if it was.
    Stop(Option<String>),
    /// A text is to be printed.
    Log(String),
}

impl Breakpoint {
    /// A breakpoint at a state.
    ///
    /// # Errors
    ///
    /// A condition that cannot be understood.
    pub(super) fn new(id: i64, state: StateId, conditions: Conditions<'_>) -> Result<Self, String> {
        let given =
            |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let condition = given(conditions.condition)
            .map(|text| Program::compile(&format!("$boolean({text})")).map_err(|error| error.to_string()));
        let hits = given(conditions.hit_condition).map(|text| HitCondition::parse(&text));
        let log = given(conditions.log_message).map(|text| LogMessage::parse(&text));
        Ok(Self {
            id,
            state,
            condition: condition.transpose().map_err(|error| format!("The condition: {error}"))?,
            hits: hits.transpose()?,
            log: log.transpose().map_err(|error| format!("The message: {error}"))?,
        })
    }

    /// What it comes to at the visit with this number, from 1.
    pub(super) fn verdict(&self, evaluation: &Evaluation<'_>, n_visits: impl FnOnce() -> u64) -> Verdict {
        if self.hits.is_some_and(|hits| !hits.holds(n_visits())) {
            return Verdict::Pass;
        }
        if let Some(condition) = &self.condition {
            match evaluation.run(condition) {
                Ok(Some(serde_json::Value::Bool(true))) => {}
                Ok(_) => return Verdict::Pass,
                // Better to stop where nobody asked to than to run past the place.
                Err(error) => return Verdict::Stop(Some(error)),
            }
        }
        match &self.log {
            Some(log) => Verdict::Log(log.text(evaluation)),
            None => Verdict::Stop(None),
        }
    }
}

/// Which visits to a state count: `3`, `>= 3`, `% 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HitCondition {
    compare: Compare,
    with: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Equal,
    AtLeast,
    More,
    AtMost,
    Less,
    Multiple,
}

impl HitCondition {
    fn parse(text: &str) -> Result<Self, String> {
        const OPERATORS: [(&str, Compare); 7] = [
            (">=", Compare::AtLeast),
            ("<=", Compare::AtMost),
            ("==", Compare::Equal),
            ("=", Compare::Equal),
            (">", Compare::More),
            ("<", Compare::Less),
            ("%", Compare::Multiple),
        ];
        let found = OPERATORS
            .iter()
            .find_map(|(operator, compare)| text.strip_prefix(operator).map(|rest| (*compare, rest)));
        let (compare, number) = found.unwrap_or((Compare::Equal, text));
        match number.trim().parse() {
            Ok(0) if compare == Compare::Multiple => {}
            Ok(with) => return Ok(Self { compare, with }),
            Err(_) => {}
        }
        Err(format!("The hit count '{text}' is none such as 3, >= 3 or % 2"))
    }

    fn holds(self, n_visits: u64) -> bool {
        match self.compare {
            Compare::Equal => n_visits == self.with,
            Compare::AtLeast => n_visits >= self.with,
            Compare::More => n_visits > self.with,
            Compare::AtMost => n_visits <= self.with,
            Compare::Less => n_visits < self.with,
            Compare::Multiple => n_visits.is_multiple_of(self.with),
        }
    }
}

/// A text with JSONata in braces.
#[derive(Clone, Debug)]
pub(super) struct LogMessage {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Value(Program),
}

impl LogMessage {
    fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let mut depth = 1_u32;
            let end = after.char_indices().find(|(_, character)| {
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            let Some((end, _)) = end else { break };
            pieces.push(Piece::Text(before.to_owned()));
            let inner = after.get(..end).unwrap_or_default();
            pieces.push(Piece::Value(Program::compile(inner).map_err(|error| error.to_string())?));
            rest = after.get(end + 1..).unwrap_or_default();
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self { pieces })
    }

    fn text(&self, evaluation: &Evaluation<'_>) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(program) => match evaluation.run(program) {
                Ok(Some(serde_json::Value::String(text))) => text,
                Ok(Some(value)) => value.to_string(),
                Ok(None) => "undefined".to_owned(),
                Err(error) => format!("<{error}>"),
            },
        };
        self.pieces.iter().map(piece).collect()
    }
}

/// Errors at which to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorKind {
    /// Nobody takes it.
    Failed,
    /// A catcher takes it.
    Caught,
    /// A retrier takes it.
    Retried,
}

impl ErrorKind {
    /// All, with what they are called.
    pub(super) const ALL: [(ErrorKind, &'static str, &'static str); 3] = [
        (ErrorKind::Failed, "Failed states", "Stop at a state that fails and whose error nothing takes"),
        (ErrorKind::Caught, "Caught errors", "Stop at a state whose error a catcher takes"),
        (ErrorKind::Retried, "Retried errors", "Stop at a state whose error a retrier takes"),
    ];

    /// The name of its filter.
    pub(super) const fn filter(self) -> &'static str {
        match self {
            ErrorKind::Failed => "failed",
            ErrorKind::Caught => "caught",
            ErrorKind::Retried => "retried",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.filter())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expr::Data;
    use crate::spec::QueryLanguage;

    #[track_caller]
    fn check(conditions: Conditions<'_>, n_visits: u64, expected: &str) {
        let scope = Data::with_input(json!({"n": 2, "name": "x"}));
        let language = QueryLanguage::JsonPath;
        let evaluation = Evaluation { scope: &scope, language, now_milliseconds: 0 };
        let found = match Breakpoint::new(1, StateId(0), conditions) {
            Err(error) => error,
            Ok(breakpoint) => match breakpoint.verdict(&evaluation, || n_visits) {
                Verdict::Pass => "pass".to_owned(),
                Verdict::Stop(None) => "stop".to_owned(),
                Verdict::Stop(Some(error)) => format!("stop: {error}"),
                Verdict::Log(text) => format!("log: {text}"),
            },
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn conditions_are_jsonata() {
        let check = |text, expected| {
            check(Conditions { condition: Some(text), ..Conditions::default() }, 1, expected)
        };
        check("$states.input.n = 2", "stop");
        check("$states.input.n > 2", "pass");
        check("$states.input.gone", "pass");
        check("$states.input.name", "stop");
        check(
            "$states.input.n + 'x'",
            "stop: T2002: The right side of the + operator must evaluate to a number",
        );
        check("(", "The condition: S0203: Expected RightParen before end of expression");
    }

    #[test]
    fn hits_are_visits() {
        let check = |text, n_visits, expected| {
            check(Conditions { hit_condition: Some(text), ..Conditions::default() }, n_visits, expected);
        };
        check("3", 3, "stop");
        check("3", 4, "pass");
        check(">= 3", 4, "stop");
        check("<2", 2, "pass");
        check("% 2", 4, "stop");
        check("%0", 4, "The hit count '%0' is none such as 3, >= 3 or % 2");
        check("often", 4, "The hit count 'often' is none such as 3, >= 3 or % 2");
    }

    #[test]
    fn messages_hold_values() {
        let check = |text, expected| {
            check(Conditions { log_message: Some(text), ..Conditions::default() }, 1, expected)
        };
        check("n = {$states.input.n}!", "log: n = 2!");
        check("{ {\"a\": $states.input.name} } {", "log: {\"a\":\"x\"} {");
        check(
            "{$states.input.gone} {$sum('a')}",
            "log: undefined <T0412: Argument 1 must be an array of Number>",
        );
    }
}
