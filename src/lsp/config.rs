//! The settings of the section `asl-lsp`, from `initializationOptions` or `workspace/didChangeConfiguration`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tower_lsp::ls_types::Uri;

use crate::diagnostics::{Level, WorkflowType};

/// The section's name.
pub(super) const SECTION: &str = "asl-lsp";

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Settings {
    /// The notes at the ends of lines.
    pub(super) inlay_hints: InlayHints,
    /// The lines above states.
    pub(super) code_lens: CodeLens,
    /// When to simulate.
    pub(super) simulation: Simulation,
    /// The type of the state machines.
    pub(super) workflow_type: Workflow,
    /// How bad findings are, by code or rule.
    #[serde(deserialize_with = "levels")]
    pub(super) severities: BTreeMap<String, Level>,
}

/// The notes at the ends of lines.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct InlayHints {
    /// Whether to show them.
    pub(super) enabled: bool,
    /// How many characters they have at most.
    pub(super) max_length: usize,
    /// Where they stand.
    pub(super) placement: Placement,
    /// Whether those are marked that came out otherwise than before the last edit.
    pub(super) mark_changes: bool,
}

/// Where hints stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Placement {
    /// At the end of the line on which a state opens.
    #[default]
    Line,
    /// Behind the state's name.
    Name,
}

/// The lines above states.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CodeLens {
    /// Whether each task that was reached has a line that tests it alone.
    pub(super) test_state: bool,
}

/// When to simulate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Simulation {
    /// Whether to simulate on open and after every change, and not only on command.
    pub(super) on_change: bool,
}

/// The type of a state machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Workflow {
    /// `STANDARD`.
    #[default]
    Standard,
    /// `EXPRESS`.
    Express,
}

/// Reads `{"CODE": "off", …}`.
fn levels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Level>, D::Error> {
    let names = BTreeMap::<String, String>::deserialize(deserializer)?;
    let level = |(code, name): (String, String)| match Level::from_name(&name) {
        Some(level) => Ok((code, level)),
        None => Err(serde::de::Error::custom(format!(
            "{code} is one of {}, not {name:?}",
            Level::NAMES.join(", ")
        ))),
    };
    names.into_iter().map(level).collect()
}

impl Default for InlayHints {
    fn default() -> Self {
        Self { enabled: true, max_length: 80, placement: Placement::Line, mark_changes: false }
    }
}

impl Default for CodeLens {
    fn default() -> Self {
        Self { test_state: true }
    }
}

impl Default for Simulation {
    fn default() -> Self {
        Self { on_change: true }
    }
}

impl Workflow {
    /// The type as the rules know it.
    pub(super) fn workflow_type(self) -> WorkflowType {
        match self {
            Workflow::Standard => WorkflowType::Standard,
            Workflow::Express => WorkflowType::Express,
        }
    }
}

impl Settings {
    /// Reads settings, with or without the section's name around them. `None` where there are none to be read.
    ///
    /// # Errors
    ///
    /// A value of the wrong type; none of the settings is taken then.
    pub(super) fn read(value: &Value) -> Result<Option<Settings>, serde_json::Error> {
        let section = value.get(SECTION).unwrap_or(value);
        if !section.is_object() {
            return Ok(None);
        }
        Settings::deserialize(section).map(Some)
    }
}

/// A DynamoDB elsewhere that simulations may ask on command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RemoteSettings {
    /// Its address.
    pub(super) url: String,
    /// Whether simulations may write to its tables.
    pub(super) allows_writes: bool,
}

/// `"dynamodbEndpoint": "http://…", "dynamodbAllowWrites": true` of `initializationOptions`, with or without the section's
/// name around them.
///
/// They are no part of [`Settings`], so that no later message changes them: what editors send then may be of a file in
/// the workspace (eglot takes it from `.dir-locals.el` unasked), while who says `initialize` also said which program to run.
pub(super) fn remote_settings(options: &Value) -> Option<RemoteSettings> {
    let options = options.get(SECTION).unwrap_or(options);
    let url = options.get("dynamodbEndpoint")?.as_str().filter(|url| !url.is_empty())?;
    let allows_writes = options.get("dynamodbAllowWrites").and_then(Value::as_bool).unwrap_or(false);
    Some(RemoteSettings { url: url.to_owned(), allows_writes })
}

/// The scenarios that were chosen before, `"scenarios": {"file:///…": "NAME"}` beside the settings: the client remembers
/// them for a server that is started again.
pub(super) fn chosen_scenarios(options: &Value) -> Vec<(Uri, String)> {
    let chosen = options.get("scenarios").and_then(Value::as_object);
    let pair = |(uri, name): (&String, &Value)| Some((uri.parse().ok()?, name.as_str()?.to_owned()));
    chosen.into_iter().flatten().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_given_has_its_default() {
        let settings = Settings::read(&json!({"inlayHints": {"maxLength": 40}})).unwrap().unwrap();
        assert_eq!(settings.inlay_hints, InlayHints { max_length: 40, ..InlayHints::default() });
        assert!(settings.simulation.on_change);
    }

    #[test]
    fn the_name_of_the_section_may_stand_around_it() {
        let value =
            json!({"asl-lsp": {"workflowType": "EXPRESS", "simulation": {"onChange": false}}, "other": 1});
        let settings = Settings::read(&value).unwrap().unwrap();
        assert_eq!(settings.workflow_type, Workflow::Express);
        assert!(!settings.simulation.on_change);
    }

    #[test]
    fn severities_by_code() {
        let value = json!({"severities": {"NO_PATH": "off"}, "diagnostics": {"enabled": true}});
        let settings = Settings::read(&value).unwrap().unwrap();
        assert_eq!(settings.severities.get("NO_PATH"), Some(&Level::Off));
        assert!(Settings::read(&json!({"severities": {"NO_PATH": "loud"}})).is_err());
    }

    #[test]
    fn tables_elsewhere() {
        let of = |allows_writes| RemoteSettings { url: "http://localhost:8000".to_owned(), allows_writes };
        let options = json!({"dynamodbEndpoint": "http://localhost:8000", "inlayHints": {}});
        assert_eq!(remote_settings(&options), Some(of(false)));
        let options =
            json!({"asl-lsp": {"dynamodbEndpoint": "http://localhost:8000", "dynamodbAllowWrites": true}});
        assert_eq!(remote_settings(&options), Some(of(true)));
        for none in
            [json!({}), json!({"dynamodbEndpoint": null}), json!({"dynamodbEndpoint": ""}), json!(null)]
        {
            assert_eq!(remote_settings(&none), None);
        }
    }

    #[test]
    fn nothing_and_nonsense() {
        assert_eq!(Settings::read(&Value::Null).unwrap(), None);
        assert!(Settings::read(&json!({"workflowType": "SLOW"})).is_err());
    }
}
