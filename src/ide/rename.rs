//! Another name for a state or a variable, at all its places.
//!
//! A name that could not stand there, or that something else has already, is refused: nothing is renamed in part.

use super::Analysis;
use super::symbols::{Occurrence, Symbol, Symbols};
use crate::expr::jsonata;
use crate::expr::path::{Path, Root};
use crate::spec::context::STATES_VARIABLE;
use crate::spec::jsonata::JsonataFunction;
use crate::spec::quota;
use crate::syntax::edit;
use crate::text::{TextEdit, TextRange, TextSize};

/// What can be renamed at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamable {
    /// The name, without quotes and `$`.
    pub range: TextRange,
    /// The name as it is meant, escapes resolved.
    pub name: String,
}

pub(super) fn prepare_rename(analysis: &Analysis, offset: TextSize) -> Option<Renamable> {
    let at = analysis.symbols().at(offset)?;
    let (Symbol::State { name, .. } | Symbol::Variable { name, .. }) = &at.symbol;
    Some(Renamable { range: at.range, name: name.clone() })
}

pub(super) fn rename(analysis: &Analysis, offset: TextSize, new_name: &str) -> Result<Vec<TextEdit>, String> {
    let symbols = analysis.symbols();
    let Some(at) = symbols.at(offset) else {
        return Err("There is no name of a state or variable here".to_owned());
    };
    let new_name = match &at.symbol {
        Symbol::State { name, .. } => {
            check_state(symbols, name, new_name)?;
            new_name
        }
        // With or without the `$`.
        Symbol::Variable { name, .. } => {
            let new_name = new_name.strip_prefix('$').unwrap_or(new_name);
            check_variable(analysis, symbols, at, name, new_name)?;
            new_name
        }
    };
    let parse = analysis.parse();
    let edits = symbols
        .of(&at.symbol)
        .filter_map(|it| edit::replace_text(parse.node(it.node), it.in_string, new_name));
    Ok(edits.collect())
}

fn check_state(symbols: &Symbols, name: &str, new_name: &str) -> Result<(), String> {
    if new_name.is_empty() {
        return Err("A state needs a name".to_owned());
    }
    if new_name.chars().count() > quota::STATE_NAME_CHARS_MAX {
        return Err(format!("The name of a state has at most {} characters", quota::STATE_NAME_CHARS_MAX));
    }
    // Names are unique in the whole state machine, not only in a scope.
    let is_it = |symbol: &Symbol| matches!(symbol, Symbol::State { name, .. } if name == new_name);
    if new_name != name && symbols.occurrences.iter().any(|it| is_it(&it.symbol)) {
        return Err(format!("There is a state \"{new_name}\" already, or something that leads to it"));
    }
    Ok(())
}

fn check_variable(
    analysis: &Analysis,
    symbols: &Symbols,
    at: &Occurrence,
    name: &str,
    new_name: &str,
) -> Result<(), String> {
    let (path, _) = Path::parse(&format!("${new_name}"));
    let is_name = path.is_some_and(|path| {
        path.segments().is_empty() && matches!(path.root(), Root::Variable(variable) if variable == new_name)
    });
    if !is_name || new_name.chars().count() > quota::VARIABLE_NAME_CHARS_MAX {
        return Err(format!(
            "The name of a variable begins with a letter and has letters, digits and _, at most {}",
            quota::VARIABLE_NAME_CHARS_MAX
        ));
    }
    if new_name == STATES_VARIABLE {
        return Err(format!("${STATES_VARIABLE} is reserved"));
    }
    if JsonataFunction::find(new_name).is_some() {
        return Err(format!("${new_name} is a function of JSONata"));
    }
    let is_taken = |it: &Occurrence| match (&it.symbol, &at.symbol) {
        (Symbol::Variable { scope, name }, Symbol::Variable { scope: own, .. }) => {
            name == new_name && symbols.see_each_other(*scope, *own)
        }
        _ => false,
    };
    if new_name != name && symbols.occurrences.iter().any(is_taken) {
        return Err(format!("There is a variable ${new_name} already"));
    }
    let is_captured = symbols.of(&at.symbol).any(|it| binds(analysis, it, new_name));
    if is_captured {
        return Err(format!("An expression that reads ${name} binds a variable ${new_name} itself"));
    }
    Ok(())
}

/// Whether the expression of an occurrence has a variable of its own with this name there.
fn binds(analysis: &Analysis, at: &Occurrence, name: &str) -> bool {
    let node = analysis.parse().node(at.node);
    let Some(text) = node.text() else { return false };
    let Some(inner) = text.strip_prefix(jsonata::OPEN) else { return false };
    let offset = TextSize::try_from(jsonata::OPEN.len()).unwrap_or_default();
    let (ast, _) = jsonata::parse(inner.strip_suffix(jsonata::CLOSE).unwrap_or(inner));
    ast.bindings_at(at.in_string.start().saturating_sub(offset)).iter().any(|it| it.text == name)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::testing::fixture;
    use crate::text::apply_edits;

    #[track_caller]
    fn check(text: &str, new_name: &str, expected: Expect) {
        let (analysis, offset) = fixture(text);
        let shown = match analysis.rename(offset, new_name) {
            Ok(edits) => apply_edits(analysis.source().as_str(), &edits),
            Err(why) => why,
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn a_state_everywhere() {
        check(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Next": "<|>A", "Catch": [{"Next": "\u0041"}]}, "B": {"Type": "Choice", "Choices": [{"Next": "A"}], "Default": "A"}}}"#,
            "say \"hi\"",
            expect![[
                r#"{"StartAt": "say \"hi\"", "States": {"say \"hi\"": {"Type": "Task", "Next": "say \"hi\"", "Catch": [{"Next": "say \"hi\""}]}, "B": {"Type": "Choice", "Choices": [{"Next": "say \"hi\""}], "Default": "say \"hi\""}}}"#
            ]],
        );
    }

    #[test]
    fn a_variable_everywhere() {
        check(
            r#"{"States": {"A": {"Type": "Pass", "Assign": {"n<|>.$": "$.n"}, "Parameters": {"x.$": "States.Format('$n {}', $n.a)"}}, "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% \"\u0024n\" & $n.n %}"}}}"#,
            "$count_of",
            expect![[
                r#"{"States": {"A": {"Type": "Pass", "Assign": {"count_of.$": "$.n"}, "Parameters": {"x.$": "States.Format('$n {}', $count_of.a)"}}, "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% \"\u0024n\" & $count_of.n %}"}}}"#
            ]],
        );
    }

    const STATES: &str = r#"{"States": {"A<|>": {"Next": "C"}, "P": {"Type": "Parallel", "Branches": [{"States": {"B": {}}}]}}}"#;

    #[test]
    fn names_of_states_that_cannot_be() {
        check(STATES, "", expect!["A state needs a name"]);
        check(STATES, &"x".repeat(81), expect!["The name of a state has at most 80 characters"]);
        check(STATES, "B", expect![[r#"There is a state "B" already, or something that leads to it"#]]);
        check(STATES, "C", expect![[r#"There is a state "C" already, or something that leads to it"#]]);
    }

    const VARIABLES: &str = r#"{"QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Assign": {"v<|>": 1, "w": 2}, "Output": "{% ($x := 1; $v) %}"}}}"#;

    #[test]
    fn names_of_variables_that_cannot_be() {
        check(
            VARIABLES,
            "1a",
            expect!["The name of a variable begins with a letter and has letters, digits and _, at most 80"],
        );
        check(
            VARIABLES,
            "a.b",
            expect!["The name of a variable begins with a letter and has letters, digits and _, at most 80"],
        );
        check(VARIABLES, "states", expect!["$states is reserved"]);
        check(VARIABLES, "count", expect!["$count is a function of JSONata"]);
        check(VARIABLES, "w", expect!["There is a variable $w already"]);
        check(VARIABLES, "x", expect!["An expression that reads $v binds a variable $x itself"]);
    }

    #[test]
    fn nothing_to_rename() {
        check(r#"{"Comment": "<|>A"}"#, "B", expect!["There is no name of a state or variable here"]);
    }

    #[test]
    fn what_can_be_renamed() {
        let (analysis, offset) = fixture(r#"{"StartAt": "\u0041<|>b"}"#);
        let found = analysis.prepare_rename(offset).unwrap();
        assert_eq!((analysis.source().slice(found.range), found.name.as_str()), (r"\u0041b", "Ab"));
    }
}
