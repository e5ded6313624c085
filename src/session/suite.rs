//! A file of scenarios with everything it names, read from the disk and nothing outside of its workspace.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};

use super::{open, read_references, read_text, stem, within};
use crate::ide::Analysis;
use crate::model::StateMachine;
use crate::scenarios::{BuildError, Files, NamedScenario, ReferenceKind, ScenarioFile, scenario_stem};
use crate::simulator::Scenario;
use crate::spec::{file_name, quota};
use crate::syntax::{self, Format, Parse};
use crate::text::{ColumnEncoding, SourceText, TextRange, TextSize};

/// A file of scenarios and what belongs to it.
#[derive(Debug)]
pub struct Suite {
    /// Where it lies.
    pub path: PathBuf,
    /// Its tree.
    pub parse: Parse,
    /// What it says.
    pub file: ScenarioFile,
    /// Where the definition lies that is run.
    pub definition: PathBuf,
    /// The definition.
    pub analysis: Analysis,
    /// The name of the state machine.
    pub machine_name: String,
    files: Files,
}

/// One of the scenarios of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Where it is named.
    pub range: TextRange,
    /// Its index among those that the file itself holds; none for one of a mock configuration.
    pub idx: Option<usize>,
}

impl Suite {
    /// Reads a file of scenarios, the definition and the files it names. Those that cannot be read are missed when a
    /// scenario is built.
    ///
    /// # Errors
    ///
    /// A file of scenarios that cannot be read or has mistakes, and a definition that is not there.
    pub fn read(path: &Path) -> Result<Self> {
        let format = Format::of_name(&path.to_string_lossy());
        let source = SourceText::new(&read_text(path)?);
        let parse = syntax::parse(source, format, quota::DOCUMENT_NESTING_MAX);
        let (file, problems) = ScenarioFile::read(&parse);
        let syntax = parse.errors().first().map(|error| (error.range, error.message()));
        let problem = syntax.or_else(|| problems.first().map(|it| (it.range, it.message.clone())));
        if let Some((range, message)) = problem {
            let place = place(parse.source(), range.start());
            bail!("{}:{place}: {message}", path.display());
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let definition = definition_of(path, &file, &workspace(folder))?;
        let analysis = open(&definition, Arc::default())?;
        let machine_name = stem(&definition);
        let files = read_references(&file, folder, &workspace(folder))?;
        Ok(Self { path: path.to_owned(), parse, file, definition, analysis, machine_name, files })
    }

    /// The scenarios, those of the mock configuration last.
    ///
    /// # Errors
    ///
    /// A mock configuration that cannot be read.
    pub fn cases(&self) -> Result<Vec<Case>> {
        let own = self.file.scenarios.iter().enumerate().map(|(idx, scenario)| Case {
            name: scenario.name.clone(),
            range: scenario.name_range,
            idx: Some(idx),
        });
        let test_cases =
            self.file.test_cases(&self.machine_name, &self.files).map_err(|it| self.located(&it))?;
        let config = self.file.references().iter().find(|it| it.kind == ReferenceKind::MockConfig);
        let range = config.map(|it| it.range).unwrap_or_default();
        let configured = test_cases.into_iter().map(|name| Case { name, range, idx: None });
        Ok(own.chain(configured).collect())
    }

    /// The scenario of a case; none for one of a mock configuration.
    pub fn own(&self, case: &Case) -> Option<&NamedScenario> {
        self.file.scenarios.get(case.idx?)
    }

    /// What to simulate a case with.
    ///
    /// # Errors
    ///
    /// The first thing in the file, or in a file that it names, that cannot be used.
    pub fn scenario(&self, case: &Case) -> Result<Scenario, BuildError> {
        let machine: &StateMachine = self.analysis.machine();
        match self.own(case) {
            Some(scenario) => self.file.scenario(scenario, machine, &self.machine_name, &self.files),
            None => self.file.test_case(&case.name, machine, &self.machine_name, &self.files),
        }
    }

    /// An error with its place.
    pub fn located(&self, error: &BuildError) -> anyhow::Error {
        let node = self.parse.resolve(&error.pointer);
        let range = node.map(|node| node.range()).unwrap_or_default();
        let place = place(self.parse.source(), range.start());
        anyhow!("{}:{place}: {}", self.path.display(), error.message)
    }
}

/// A place as people write it: line and column, from 1.
fn place(source: &SourceText, offset: TextSize) -> String {
    let at = source.line_column(offset, ColumnEncoding::Utf32);
    format!("{}:{}", at.line + 1, at.column + 1)
}

/// The definition that a file of scenarios is for: the one it names, else the one beside it.
///
/// # Errors
///
/// A definition that is not there, or lies outside of the workspace.
pub fn definition_of(path: &Path, file: &ScenarioFile, workspace: &Path) -> Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if let Some(named) = file.definition() {
        return within(folder, named, workspace);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = scenario_stem(&name).unwrap_or(&name);
    let beside = file_name::DEFINITION_SUFFIXES.iter().map(|suffix| folder.join(format!("{stem}{suffix}")));
    beside.into_iter().find(|path| path.is_file()).with_context(|| {
        format!("{}: no definition beside it: neither \"definition\" nor {stem}.asl.json", path.display())
    })
}

/// The folder that nothing outside of is read: the one that the command was started in or, for a file elsewhere, the
/// file's own.
fn workspace(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    match (here, folder.canonicalize()) {
        (Ok(here), Ok(folder)) if folder.starts_with(&here) => here,
        (_, Ok(folder)) => folder,
        _ => folder.to_owned(),
    }
}
