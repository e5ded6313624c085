//! Names in files of scenarios: of scenarios, of states, of files.

use super::{ScenarioDocument, ScenarioSymbol};
use crate::ide::symbols::Symbol;
use crate::ide::{Analysis, Definition};
use crate::scenarios::{NamedScenario, StateName, state_names};
use crate::syntax::{Node, edit};
use crate::text::{TextEdit, TextRange, TextSize};

pub(super) fn symbols(document: &ScenarioDocument) -> Vec<ScenarioSymbol> {
    let symbol = |scenario: &NamedScenario| ScenarioSymbol {
        name: scenario.name.clone(),
        detail: scenario.expected_status().unwrap_or_default().to_owned(),
        range: scenario.range,
        selection_range: scenario.name_range,
    };
    document.file().scenarios.iter().map(symbol).collect()
}

pub(super) fn state_at(document: &ScenarioDocument, offset: TextSize) -> Option<(String, TextRange)> {
    let mut names = all(document);
    let found = names.find(|it| it.node.range().touches(offset))?;
    Some((found.node.text()?.into_owned(), written(found.node)?))
}

pub(super) fn references(document: &ScenarioDocument, state_name: &str) -> Vec<TextRange> {
    named(document, state_name).filter_map(|it| written(it.node)).collect()
}

pub(super) fn rename(
    document: &ScenarioDocument,
    state_name: &str,
    new_name: &str,
) -> Result<Vec<TextEdit>, String> {
    let edit = |it: StateName<'_>| {
        let whole = TextRange::from_usize(0..it.node.text()?.len());
        edit::replace_text(it.node, whole, new_name)
    };
    let edits: Vec<TextEdit> = named(document, state_name).filter_map(edit).collect();
    // A name that the definition has no longer may still be here.
    let is_taken = !edits.is_empty() && state_name != new_name && named(document, new_name).next().is_some();
    if is_taken { Err(format!("has something for a state \"{new_name}\" already")) } else { Ok(edits) }
}

pub(super) fn links(document: &ScenarioDocument) -> Vec<(TextRange, String)> {
    let link = |reference: &crate::scenarios::FileReference| {
        let node = document.parse().node_at(reference.range.start())?;
        Some((written(node)?, reference.path.clone()))
    };
    document.file().references().iter().filter_map(link).collect()
}

pub(super) fn state_of_definition(definition: &Analysis, offset: TextSize) -> Option<String> {
    match &definition.symbols().at(offset)?.symbol {
        Symbol::State { name, .. } => Some(name.clone()),
        Symbol::Variable { .. } => None,
    }
}

pub(super) fn definition_of_state(
    definition: &Analysis,
    name: &str,
    origin: TextRange,
) -> Option<Definition> {
    let (lowered, parse) = (definition.lowered(), definition.parse());
    let (id, _) = lowered.machine.all_states().find(|(_, state)| &*state.name == name)?;
    let key = lowered.source_map.state_key(parse, id)?;
    let range = key.parent().map_or(key.range(), Node::range);
    Some(Definition { origin, range, selection_range: written(key)? })
}

fn all(document: &ScenarioDocument) -> impl Iterator<Item = StateName<'_>> {
    document.parse().root().into_iter().flat_map(state_names)
}

fn named<'a>(document: &'a ScenarioDocument, state_name: &'a str) -> impl Iterator<Item = StateName<'a>> {
    all(document).filter(move |it| it.node.text().is_some_and(|text| text == state_name))
}

/// The text of a string without its quotes; none of one that is not written there.
fn written(node: Node<'_>) -> Option<TextRange> {
    let decoded = node.decoded().filter(|decoded| decoded.is_written())?;
    Some(decoded.to_source(TextRange::from_usize(0..decoded.text.len())))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{definition, document, fixture};
    use crate::syntax::Format;
    use crate::text::{TextRange, apply_edits};

    const TEXT: &str = r#"{"mocks": {"Pay": {"Return": "Pay"}}, "tables": ["t.json"], "scenarios": {"a": {
"expect": {"status": "SUCCEEDED", "states": {"Pay": {"visits": 1}}, "path": ["Load", "\u0050ay", "Pay"]}}, "b": {}}}"#;

    #[test]
    fn scenarios_are_the_outline() {
        let document = document(TEXT);
        let shown: Vec<_> = document
            .symbols()
            .into_iter()
            .map(|it| (document.source().slice(it.selection_range).to_owned(), it.detail))
            .collect();
        assert_eq!(
            shown,
            [("\"a\"".to_owned(), "SUCCEEDED".to_owned()), ("\"b\"".to_owned(), String::new())]
        );
    }

    #[test]
    fn a_state_is_found_in_mocks_expectations_and_paths() {
        let document = document(TEXT);
        let found: Vec<&str> =
            document.references("Pay").into_iter().map(|range| document.source().slice(range)).collect();
        assert_eq!(found, ["Pay", "Pay", r"\u0050ay", "Pay"]);
    }

    #[test]
    fn a_state_is_renamed_everywhere() {
        let document = document(TEXT);
        let text = apply_edits(document.source().as_str(), &document.rename("Pay", "Say \"x\"").unwrap());
        let name = r#""Say \"x\"""#;
        let expected = TEXT.replace("\"\\u0050ay\"", name).replace("{\"Pay\"", &format!("{{{name}"));
        assert_eq!(text, expected.replace(", \"Pay\"]", &format!(", {name}]")));
    }

    #[test]
    fn a_name_that_only_the_scenarios_have_is_taken() {
        let document = document(TEXT);
        let refused = document.rename("Pay", "Load").unwrap_err();
        assert_eq!(refused, "has something for a state \"Load\" already");
        // What is not here cannot collide.
        assert_eq!(document.rename("Nobody", "Load"), Ok(Vec::new()));
    }

    #[test]
    fn a_state_is_renamed_in_yaml() {
        let (document, _) = fixture(
            Format::Yaml,
            "<|>mocks:\n  Pay: {Return: 1}\nscenarios:\n  a:\n    expect:\n      path: [Load, Pay]\n",
        );
        let text = apply_edits(document.source().as_str(), &document.rename("Pay", "a: b").unwrap());
        assert_eq!(
            text,
            "mocks:\n  'a: b': {Return: 1}\nscenarios:\n  a:\n    expect:\n      path: [Load, 'a: b']\n"
        );
    }

    #[test]
    fn from_a_name_to_its_state() {
        let (document, offset) = fixture(Format::Json, r#"{"mocks": {"In<|>"#);
        let (name, origin) = document.state_at(offset).unwrap();
        let definition = definition();
        let found = definition.definition_of_state(&name, origin).unwrap();
        assert_eq!(definition.source().slice(found.range), r#""In": {"Type": "Pass", "End": true}"#);
        assert_eq!(definition.source().slice(found.selection_range), "In");
        assert_eq!(definition.state_at(found.selection_range.start()), Some("In".to_owned()));
        assert_eq!(definition.definition_of_state("No", TextRange::default()), None);
    }

    #[test]
    fn names_of_files_are_links() {
        let document = document(TEXT);
        let [(range, path)] = document.links().try_into().unwrap();
        assert_eq!((document.source().slice(range), path.as_str()), ("t.json", "t.json"));
    }
}
