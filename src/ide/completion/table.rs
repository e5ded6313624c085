//! Tables of DynamoDB: what the last run's had, what the definition tells of the others.

use std::collections::BTreeMap;

use super::Scene;
use crate::dynamodb::Table;
use crate::semantic::assume_tables;

/// Items of a table that are looked at for their attributes.
const ITEMS_MAX: usize = 100;
/// Attributes of a table that are offered.
const ATTRIBUTES_MAX: usize = 200;

/// What is known of a table.
#[derive(Debug, Default)]
pub(super) struct TableFacts {
    /// The attributes of its key with their types, the partition key first.
    pub(super) key: Vec<(String, String)>,
    /// All attributes that are known, with the type they were seen with.
    pub(super) attributes: BTreeMap<String, String>,
    /// The names of its indexes.
    pub(super) indexes: Vec<String>,
}

/// The names of the tables that are there or that the definition uses.
pub(super) fn names(scene: &Scene<'_>) -> Vec<String> {
    let mut names: Vec<String> = scene.analysis.config().declared_tables.keys().cloned().collect();
    let assumed =
        assume_tables(&scene.analysis.lowered().machine).into_iter().map(|table| table.name.to_string());
    let of_run = scene.run.into_iter().flat_map(|run| run.trace.database.tables());
    for name in assumed.chain(of_run.map(|table| table.name().to_string())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What is known of a table; of the only one that is known where none is named.
pub(super) fn facts(scene: &Scene<'_>, name: Option<&str>) -> TableFacts {
    let all = names(scene);
    let name = name.filter(|name| !name.is_empty()).or_else(|| match all.as_slice() {
        [only] => Some(only.as_str()),
        all => all.first().map(String::as_str),
    });
    let Some(name) = name else { return TableFacts::default() };
    let mut facts = TableFacts::default();
    if let Some(table) = scene.run.and_then(|run| run.trace.database.table(name)) {
        of_table(table, &mut facts);
    }
    let machine = &scene.analysis.lowered().machine;
    if facts.key.is_empty()
        && let Some(table) = assume_tables(machine).into_iter().find(|table| *table.name == *name)
    {
        facts.key = table.key.iter().map(|(name, kind)| (name.to_string(), kind.to_string())).collect();
    }
    for (name, kind) in &facts.key {
        facts.attributes.insert(name.clone(), kind.clone());
    }
    for member in scene.analysis.shapes().item(name).into_iter().flat_map(|item| item.members()) {
        if let Some(kind) = member.shape.members().first() {
            facts.attributes.entry(member.name.to_string()).or_insert_with(|| kind.name.to_string());
        }
    }
    facts
}

fn of_table(table: &Table, facts: &mut TableFacts) {
    let key = table.key_schema().attributes();
    facts.key = key.map(|it| (it.name.to_string(), it.kind.as_str().to_owned())).collect();
    facts.indexes = table.indexes().map(|index| index.name.to_string()).collect();
    for attribute in &table.definition().attributes {
        facts.attributes.insert(attribute.name.to_string(), attribute.kind.as_str().to_owned());
    }
    for (_, item) in table.items().take(ITEMS_MAX) {
        for (name, value) in item.iter() {
            if facts.attributes.len() < ATTRIBUTES_MAX {
                facts.attributes.entry(name.to_string()).or_insert_with(|| value.kind().as_str().to_owned());
            }
        }
    }
}

/// An attribute's name as a placeholder can have it.
pub(super) fn word_of(attribute: &str) -> String {
    let word: String = attribute.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    if word.is_empty() { "name".to_owned() } else { word }
}
