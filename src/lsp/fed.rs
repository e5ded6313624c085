//! What simulations of a document are fed with: the files beside it, and what the last command gave.

use std::collections::BTreeMap;

use serde_json::Value;

use super::companion::Companions;
use crate::scenarios::NamedScenario;
use crate::semantic::TableSchema;

/// What simulations of a document are fed with.
#[derive(Clone, Debug, Default)]
pub(super) struct Fed {
    /// Counts the changes.
    pub(super) revision: u64,
    pub(super) companions: Companions,
    /// What the last command gave, which goes before the files.
    input: Option<Value>,
    tables: Option<Value>,
    /// The name of the scenario that was chosen.
    pub(super) scenario: Option<String>,
    /// Whether the last command sent it to the tables elsewhere.
    pub(super) is_remote: bool,
}

impl Fed {
    /// With the files beside a document, and the scenario that was chosen before.
    pub(super) fn new(companions: Companions, scenario: Option<String>) -> Self {
        Self { companions, scenario, ..Self::default() }
    }

    /// Takes what a command gave, and whether its tables are elsewhere. Returns whether that is new.
    pub(super) fn give(&mut self, input: Option<Value>, tables: Option<Value>, is_remote: bool) -> bool {
        let is_new = (input.is_some() && self.input != input)
            || (tables.is_some() && self.tables != tables)
            || self.is_remote != is_remote;
        self.is_remote = is_remote;
        self.input = input.or(self.input.take());
        self.tables = tables.or(self.tables.take());
        is_new
    }

    /// Takes the next scenario of the file beside the document, or the one of a name. Returns its name; none if there is
    /// no such one.
    pub(super) fn choose(&mut self, name: Option<&str>) -> Option<&str> {
        let all = &self.companions.scenarios.as_ref()?.file.scenarios;
        let is_current = |it: &NamedScenario| self.scenario.as_deref() == Some(it.name.as_str());
        let next = match name {
            Some(name) => all.iter().find(|it| it.name == name)?,
            None => all.iter().cycle().nth(all.iter().position(is_current).unwrap_or(0) + 1)?,
        };
        self.scenario = Some(next.name.clone());
        // What a command gave before was for another scenario.
        (self.input, self.tables, self.is_remote) = (None, None, false);
        self.scenario.as_deref()
    }

    /// The execution's input: the command's, else the file's, else an empty object.
    pub(super) fn input(&self) -> Value {
        let given = self.input.as_ref().or(self.companions.input.as_ref());
        given.cloned().unwrap_or_else(|| Value::Object(serde_json::Map::new()))
    }

    /// The tables before it: the command's, else the file's.
    pub(super) fn tables(&self) -> Option<&Value> {
        self.tables.as_ref().or(self.companions.tables.as_ref())
    }

    /// The scenario that is simulated: the one that was chosen, else the first. None where a command gave an input or
    /// tables, which go before it.
    pub(super) fn named_scenario(&self) -> Option<&NamedScenario> {
        if self.input.is_some() || self.tables.is_some() {
            return None;
        }
        let file = &self.companions.scenarios.as_ref()?.file;
        let chosen = self.scenario.as_deref().and_then(|name| file.find(name));
        chosen.or(file.scenarios.first())
    }

    /// The scenarios of the file beside the document.
    pub(super) fn scenarios(&self) -> &[NamedScenario] {
        self.companions.scenarios.as_ref().map(|it| it.file.scenarios.as_slice()).unwrap_or_default()
    }

    /// Whether nothing beside the document says what to simulate with.
    pub(super) fn is_bare(&self) -> bool {
        self.companions.scenarios.is_none() && self.companions.input.is_none()
    }

    /// Whether no part of what it simulates with can be wrong: nothing is given beside the document.
    pub(super) fn is_sound(&self) -> bool {
        self.is_bare() && self.tables().is_none()
    }

    /// Whether the scenario that is simulated was chosen, and is not just the first.
    pub(super) fn is_scenario_chosen(&self) -> bool {
        self.named_scenario().is_some_and(|named| self.scenario.as_deref() == Some(named.name.as_str()))
    }

    /// The name of the scenario that is simulated, and how many there are.
    pub(super) fn scenario_name(&self) -> Option<(&str, usize)> {
        let n_scenarios = self.companions.scenarios.as_ref()?.file.scenarios.len();
        Some((self.named_scenario()?.name.as_str(), n_scenarios))
    }

    /// The tables that it is simulated with, by name.
    pub(super) fn declared_tables(&self) -> BTreeMap<String, TableSchema> {
        if let (Some(scenarios), Some(named)) = (&self.companions.scenarios, self.named_scenario()) {
            let tables = Value::Array(scenarios.file.tables(named, &scenarios.files));
            return TableSchema::declared(&tables);
        }
        self.tables().map(TableSchema::declared).unwrap_or_default()
    }

    /// Why a file beside the document could not be used.
    pub(super) fn problems(&self) -> &[String] {
        &self.companions.problems
    }
}
