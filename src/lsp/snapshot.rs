//! One version of a document, as requests see it.

use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::ls_types::Uri;

use super::capabilities::Negotiated;
use super::companion::stem;
use super::config::Settings;
use super::fed::Fed;
use super::remote::Remote;
use super::scenario_documents::OpenScenarios;
use super::steps::{Ran, View};
use super::to_proto::Places;
use crate::diagnostics::WorkflowType;
use crate::ide::{Analysis, Run};
use crate::model::Fingerprint;
use crate::simulator::{Names, RemoteAnswer, RemoteRequest, Scenario};
use crate::text::ColumnEncoding;

/// One version of a document with all that a request needs. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) analysis: Arc<Analysis>,
    /// The simulation that is shown, perhaps of an older version: the last, or a step of it.
    pub(super) run: Option<Arc<Run>>,
    /// The last simulation as a whole.
    pub(super) whole: Option<Ran>,
    /// The step of it that is shown; none for its end.
    pub(super) view: Option<View>,
    /// The simulation before the last.
    pub(super) previous: Option<Arc<Run>>,
    pub(super) run_key: Option<RunKey>,
    pub(super) fed: Arc<Fed>,
    /// What is wrong with the file of the project.
    pub(super) project_problems: Vec<String>,
    pub(super) negotiated: Negotiated,
    pub(super) settings: Arc<Settings>,
    /// The files of scenarios that are open.
    pub(super) open_scenarios: Vec<OpenScenarios>,
    /// The folder that nothing outside of is read.
    pub(super) workspace: Option<PathBuf>,
    /// The DynamoDB elsewhere, if there is one.
    pub(super) remote: Option<Arc<Remote>>,
}

/// What a run depends on: a run with the same key need not be done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RunKey {
    fingerprint: Fingerprint,
    revision: u64,
    is_express: bool,
}

impl Snapshot {
    /// The text with what columns count.
    pub(super) fn places(&self) -> Places<'_> {
        Places { source: self.analysis.source(), encoding: self.encoding() }
    }

    /// The length of the text, in bytes.
    pub(super) fn n_bytes(&self) -> u32 {
        self.analysis.source().len()
    }

    /// What columns count.
    pub(super) fn encoding(&self) -> ColumnEncoding {
        self.negotiated.encoding
    }

    /// What a run of this snapshot depends on. Parses the document if that was not done yet.
    pub(super) fn key(&self) -> RunKey {
        RunKey {
            fingerprint: self.analysis.fingerprint(),
            revision: self.fed.revision,
            is_express: self.is_express(),
        }
    }

    /// Whether the last run is of this machine, with the same input and tables.
    pub(super) fn is_run_current(&self) -> bool {
        self.run_key == Some(self.key())
    }

    /// What to simulate with.
    ///
    /// # Errors
    ///
    /// What in the files beside the document, or in what a command gave, cannot be used.
    pub(super) fn scenario(&self) -> Result<Scenario, String> {
        if let (Some(scenarios), Some(named)) = (&self.fed.companions.scenarios, self.fed.named_scenario()) {
            let machine = self.analysis.machine();
            let built = scenarios.file.scenario(named, machine, &stem(&self.uri), &scenarios.files);
            let scenario = built.map_err(|error| format!("Scenario \"{}\": {error}", named.name))?;
            return Ok(Scenario {
                is_express: self.is_express() || scenario.is_express,
                is_database_remote: self.fed.is_remote,
                ..scenario
            });
        }
        let database = self.analysis.database(self.fed.tables());
        Ok(Scenario {
            input: Arc::new(self.fed.input()),
            database: database.map_err(|error| format!("The tables cannot be made: {error}"))?,
            names: self.names(),
            is_express: self.is_express(),
            is_database_remote: self.fed.is_remote,
            ..Scenario::default()
        })
    }

    /// The address of the tables that are simulated with, where they are elsewhere.
    pub(super) fn tables_at(&self) -> Option<Arc<str>> {
        self.remote.as_ref().filter(|_| self.fed.is_remote).map(|remote| remote.url())
    }

    /// What is known of what the tables elsewhere would answer. Asks nobody.
    pub(super) fn recall(&self, request: &RemoteRequest) -> RemoteAnswer {
        match &self.remote {
            Some(remote) => remote.recall(request),
            None => RemoteAnswer::Unavailable("There are no tables elsewhere".to_owned()),
        }
    }

    /// The names of the state machine and its execution.
    pub(super) fn names(&self) -> Names {
        Names::new(&stem(&self.uri))
    }

    fn is_express(&self) -> bool {
        self.analysis.config().workflow_type == WorkflowType::Express
    }
}
