//! The files beside a definition that a simulation is fed with: `order.scenarios.json`, or in YAML, with the files that it
//! names, `order.input.json` and `order.tables.json` beside `order.asl.json`.
//!
//! Nothing else is ever read from the disk but the settings of the project, and nothing outside of the workspace; of files
//! that links lead to only the existence is looked up.

use std::fs;
use std::path::{Path, PathBuf};

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::ls_types::Uri;

use super::scenario_documents::OpenScenarios;
use crate::dynamodb::Seeds;
use crate::ide::ScenarioDocument;
use crate::scenarios::{Files, SCENARIO_SUFFIXES, ScenarioFile};
use crate::session::{lies_within, read_references};
use crate::spec::file_name;
use crate::spec::quota;
use crate::syntax::Format;
use crate::text::SourceText;

/// The files that a client is asked to watch.
pub(super) const WATCHED_GLOBS: [&str; 3] =
    ["**/*.{input,tables}.json", "**/*.scenarios.{json,yaml,yml}", "**/asl-lsp.toml"];

/// What lies beside a definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Companions {
    /// `STEM.input.json`.
    pub(super) input: Option<Value>,
    /// `STEM.tables.json`, in whichever form people have tables.
    pub(super) tables: Option<Value>,
    /// `STEM.scenarios.json`, or in YAML.
    pub(super) scenarios: Option<Arc<Scenarios>>,
    /// Why a file that is there could not be used.
    pub(super) problems: Vec<String>,
}

/// A file of scenarios with what it names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scenarios {
    /// What it says.
    pub(super) file: ScenarioFile,
    /// What it names.
    pub(super) files: Files,
}

impl Companions {
    /// Reads the files beside a document; none where it is not in a file. `workspace` is the folder that nothing
    /// outside of is read; without it, the document's own. `open` are the files of scenarios that are open: what was typed
    /// goes before what was saved.
    pub(super) fn read(uri: &Uri, workspace: Option<&Path>, open: &[OpenScenarios]) -> Self {
        let mut companions = Self::default();
        let Some(path) = file_path(uri) else { return companions };
        let Some(folder) = path.parent() else { return companions };
        let workspace = workspace.unwrap_or(folder);
        let stem = stem(uri);
        companions.input = companions.read_file(&folder.join(format!("{stem}.input.json")), workspace);
        companions.tables = companions.read_tables(&folder.join(format!("{stem}.tables.json")), workspace);
        let names = SCENARIO_SUFFIXES.map(|suffix| folder.join(format!("{stem}{suffix}")));
        let open = |path: &Path| open.iter().find(|it| file_path(&it.uri).as_deref() == Some(path));
        if let Some(path) = names.iter().find(|path| open(path).is_some() || path.is_file()) {
            let document = match open(path) {
                Some(open) => Some(Arc::clone(&open.document)),
                None => companions.read_text(path, workspace).map(|text| {
                    let format = Format::of_name(&path.to_string_lossy());
                    Arc::new(ScenarioDocument::new(SourceText::new(&text), format))
                }),
            };
            companions.scenarios = document.map(|it| companions.read_scenarios(&it, path, folder, workspace));
        }
        companions
    }

    fn read_scenarios(
        &mut self,
        document: &ScenarioDocument,
        path: &Path,
        folder: &Path,
        workspace: &Path,
    ) -> Arc<Scenarios> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let parse = document.parse();
        let (file, problems) = ScenarioFile::read(parse);
        let syntax = parse.errors().iter().map(|error| error.message());
        let all: Vec<String> = syntax.chain(problems.into_iter().map(|problem| problem.message)).collect();
        self.problems.extend(all.first().map(|message| format!("{name}: {message}")));
        let files = match read_references(&file, folder, workspace) {
            Ok(files) => files,
            Err(error) => {
                self.problems.push(format!("{name}: {error:#}"));
                Files::default()
            }
        };
        Arc::new(Scenarios { file, files })
    }

    fn read_tables(&mut self, path: &Path, workspace: &Path) -> Option<Value> {
        let text = self.read_text(path, workspace)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut seeds = Seeds::default();
        match seeds.add(&name, &text, None).and_then(|()| seeds.tables()) {
            Ok(tables) => Some(tables),
            Err(error) => {
                self.problems.push(format!("{name} cannot be used: {error}"));
                None
            }
        }
    }

    fn read_file(&mut self, path: &Path, workspace: &Path) -> Option<Value> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = self.read_text(path, workspace)?;
        match serde_json::from_str(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problems.push(format!("{name} cannot be read: {error}"));
                None
            }
        }
    }

    /// The text of a file that is there.
    fn read_text(&mut self, path: &Path, workspace: &Path) -> Option<String> {
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !lies_within(path, workspace).unwrap_or_default() {
            self.problems.push(format!("{name} leads out of {} and is not used", workspace.display()));
            return None;
        }
        if metadata.len() > quota::COMPANION_BYTES_MAX {
            let limit = quota::COMPANION_BYTES_MAX;
            self.problems.push(format!("{name} is larger than {limit} bytes and is not used"));
            return None;
        }
        match fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) => {
                self.problems.push(format!("{name} cannot be read: {error}"));
                None
            }
        }
    }
}

/// The name of a state machine after its document: `order` for `order.asl.json`.
pub(super) fn stem(uri: &Uri) -> String {
    let path = uri.path().decode().to_string_lossy();
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = file_name::stem(name);
    if stem.is_empty() { "StateMachine".to_owned() } else { stem.to_owned() }
}

/// The file beside a document that declares its tables, if there is one.
pub(super) fn tables(uri: &Uri) -> Option<Uri> {
    beside(uri, &[format!("{}.tables.json", stem(uri))])
}

/// The file beside a document that defines the state machine of this name, if there is one.
pub(super) fn definition(uri: &Uri, name: &str) -> Option<Uri> {
    let names = file_name::DEFINITION_SUFFIXES.map(|suffix| format!("{name}{suffix}"));
    beside(uri, &names)
}

/// The file of scenarios beside a document, if there is one.
pub(super) fn scenarios(uri: &Uri) -> Option<Uri> {
    let stem = stem(uri);
    beside(uri, &SCENARIO_SUFFIXES.map(|suffix| format!("{stem}{suffix}")))
}

/// The file of scenarios that could be made beside a document; none where it is not in a file, or has one.
pub(super) fn new_scenarios(uri: &Uri) -> Option<Uri> {
    if scenarios(uri).is_some() {
        return None;
    }
    let path = file_path(uri)?.parent()?.join(format!("{}{}", stem(uri), SCENARIO_SUFFIXES[0]));
    Uri::from_file_path(path)
}

fn beside(uri: &Uri, names: &[String]) -> Option<Uri> {
    let folder = file_path(uri)?.parent()?.to_owned();
    let found = names.iter().map(|name| folder.join(name)).find(|path| path.is_file())?;
    Uri::from_file_path(found)
}

/// The file that a document is in; none where it is not in a file.
pub(super) fn file_path(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    is_file.then(|| uri.to_file_path()).flatten().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(uri: &str, expected: &str) {
        assert_eq!(stem(&uri.parse().unwrap()), expected);
    }

    #[test]
    fn stems() {
        check("file:///a/b/order.asl.json", "order");
        check("file:///a/my%20order.asl.yaml", "my order");
        check("untitled:Untitled-1", "Untitled-1");
        check("file:///", "StateMachine");
    }
}
