//! Files of scenarios that are open, and the snapshots that requests about them work on.
//!
//! A snapshot has all open definitions, so that what was typed goes before what was saved; the rest is read from the
//! disk when it is asked for, and nothing outside of the workspace.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::ls_types::Uri;

use super::capabilities::Negotiated;
use super::companion::file_path;
use super::to_proto::Places;
use crate::ide::{Analysis, ScenarioDocument, Surroundings};
use crate::scenarios::scenario_stem;
use crate::session;
use crate::spec::quota;
use crate::syntax::Format;
use crate::text::SourceText;

/// A file of scenarios, open or from the disk.
#[derive(Clone, Debug)]
pub(super) struct OpenScenarios {
    pub(super) uri: Uri,
    /// The client's number for the text; none for a file that is not open.
    pub(super) version: Option<i32>,
    pub(super) document: Arc<ScenarioDocument>,
}

/// A definition, open or from the disk.
#[derive(Clone, Debug)]
pub(super) struct DefinitionRef {
    pub(super) uri: Uri,
    /// The client's number for the text; none for a file that is not open.
    pub(super) version: Option<i32>,
    pub(super) analysis: Arc<Analysis>,
}

/// One version of a file of scenarios with all that a request needs.
#[derive(Clone, Debug)]
pub(super) struct ScenarioSnapshot {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) document: Arc<ScenarioDocument>,
    pub(super) negotiated: Negotiated,
    /// The definitions that are open.
    pub(super) open_definitions: Vec<DefinitionRef>,
    /// The other files of scenarios that are open.
    pub(super) open_scenarios: Vec<OpenScenarios>,
    /// The folder that nothing outside of is read.
    pub(super) workspace: Option<PathBuf>,
}

/// Whether a document is a file of scenarios, by its name.
pub(super) fn is_scenarios(uri: &Uri) -> bool {
    let path = uri.path().decode().to_string_lossy();
    scenario_stem(path.rsplit('/').next().unwrap_or_default()).is_some()
}

/// A text as a file of scenarios, in the format that the name tells; none where it is too large.
pub(super) fn document(uri: &Uri, text: SourceText) -> Option<Arc<ScenarioDocument>> {
    let format = Format::of_name(uri.path().as_str());
    (text.len() <= quota::DOCUMENT_BYTES_MAX).then(|| Arc::new(ScenarioDocument::new(text, format)))
}

/// The files of scenarios of a definition: those in its folder that are for it by name, or that name it.
pub(super) fn scenarios_of(
    definition: &Uri,
    workspace: Option<&Path>,
    open: &[OpenScenarios],
) -> Vec<OpenScenarios> {
    let Some(path) = file_path(definition) else { return Vec::new() };
    let Some(folder) = path.parent() else { return Vec::new() };
    let workspace = workspace.unwrap_or(folder);
    let is_of = |it: &OpenScenarios| {
        let file = file_path(&it.uri);
        let of = file.and_then(|file| session::definition_of(&file, it.document.file(), workspace).ok());
        of.and_then(|of| of.canonicalize().ok()).is_some_and(|of| Some(of) == path.canonicalize().ok())
    };
    let mut found: Vec<OpenScenarios> = open.to_vec();
    for path in files_in(folder, |name| scenario_stem(name).is_some()) {
        let Some(uri) = Uri::from_file_path(&path) else { continue };
        if found.iter().any(|it| file_path(&it.uri).as_deref() == Some(&path)) {
            continue;
        }
        if !session::lies_within(&path, workspace).unwrap_or_default() {
            continue;
        }
        let text = session::read_text(&path).ok().map(|text| SourceText::new(&text));
        let document = text.and_then(|text| document(&uri, text));
        found.extend(document.map(|document| OpenScenarios { uri, version: None, document }));
    }
    found.retain(is_of);
    found.sort_by(|one, other| one.uri.as_str().cmp(other.uri.as_str()));
    found
}

/// The files in a folder whose names are wanted, sorted.
fn files_in(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_wanted = |path: &PathBuf| path.file_name().is_some_and(|name| is_wanted(&name.to_string_lossy()));
    let mut found: Vec<PathBuf> = entries.filter(is_wanted).collect();
    // Which come first does not depend on the order in which the system lists them.
    found.sort();
    found.into_iter().filter(|path| path.is_file()).take(quota::FOLDER_SCENARIOS_MAX).collect()
}

impl OpenScenarios {
    /// The text with what columns count.
    pub(super) fn places(&self, negotiated: Negotiated) -> Places<'_> {
        Places { source: self.document.source(), encoding: negotiated.encoding }
    }
}

impl DefinitionRef {
    /// The text with what columns count.
    pub(super) fn places(&self, negotiated: Negotiated) -> Places<'_> {
        Places { source: self.analysis.source(), encoding: negotiated.encoding }
    }
}

impl ScenarioSnapshot {
    /// The text with what columns count.
    pub(super) fn places(&self) -> Places<'_> {
        Places { source: self.document.source(), encoding: self.negotiated.encoding }
    }

    /// The definition that is run.
    ///
    /// # Errors
    ///
    /// Why there is none, in a sentence for people; nothing to say of a document that is not in a file.
    pub(super) fn definition(&self) -> Option<Result<DefinitionRef, String>> {
        let path = file_path(&self.uri)?;
        let folder = path.parent()?;
        let workspace = self.workspace.as_deref().unwrap_or(folder);
        let found = match session::definition_of(&path, self.document.file(), workspace) {
            Ok(found) => found,
            Err(error) => return Some(Err(format!("{error:#}"))),
        };
        let is_it = |it: &&DefinitionRef| {
            file_path(&it.uri)
                .is_some_and(|open| open == found || open.canonicalize().ok() == found.canonicalize().ok())
        };
        if let Some(open) = self.open_definitions.iter().find(is_it) {
            return Some(Ok(open.clone()));
        }
        let uri = Uri::from_file_path(&found)?;
        Some(match session::open(&found, Arc::default()) {
            Ok(analysis) => Ok(DefinitionRef { uri, version: None, analysis: Arc::new(analysis) }),
            Err(error) => Err(format!("{error:#}")),
        })
    }

    /// The definition, where it can be read.
    pub(super) fn readable_definition(&self) -> Option<DefinitionRef> {
        self.definition()?.ok()
    }

    /// What is known of the files that the file names.
    pub(super) fn surroundings(&self) -> Surroundings {
        let Some(path) = file_path(&self.uri) else { return Surroundings::default() };
        let Some(folder) = path.parent() else { return Surroundings::default() };
        let workspace = self.workspace.as_deref().unwrap_or(folder);
        let (files, problems) = session::look_up_references(self.document.file(), folder, workspace);
        let definition = self.definition();
        let named = definition.as_ref().and_then(|it| file_path(&it.as_ref().ok()?.uri));
        Surroundings {
            machine_name: named.map(|path| session::stem(&path)).unwrap_or_default(),
            definition: definition.map(|it| it.map(|definition| definition.analysis)),
            files,
            problems,
        }
    }

    /// The names of files in the folder that the file could name.
    pub(super) fn files_beside(&self) -> Vec<String> {
        let path = file_path(&self.uri);
        let Some(folder) = path.as_deref().and_then(Path::parent) else { return Vec::new() };
        let is_data = |name: &str| {
            [".json", ".yaml", ".yml", ".asl"].iter().any(|end| name.ends_with(end))
                && scenario_stem(name).is_none()
        };
        let name = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        files_in(folder, is_data).into_iter().filter_map(name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_files_of_a_folder_are_looked_through() {
        let folder = std::env::temp_dir().join(format!("asl-lsp-many-scenarios-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let add = |n: usize| std::fs::write(folder.join(format!("{n:04}.scenarios.json")), "").unwrap();
        let count = || files_in(&folder, |name| scenario_stem(name).is_some()).len();
        let limit = quota::FOLDER_SCENARIOS_MAX;
        (0..limit).for_each(add);
        assert_eq!(count(), limit);
        add(limit);
        let found = files_in(&folder, |name| scenario_stem(name).is_some());
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found.len(), limit);
        assert!(found.last().is_some_and(|last| last.ends_with("0499.scenarios.json")), "{:?}", found.last());
    }
}
