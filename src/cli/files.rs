//! The files that a command is given, by themselves or in folders.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::scenarios::{SCENARIO_SUFFIXES, scenario_stem};
use crate::spec::{file_name, quota};

/// What is looked for in a folder.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// Definitions.
    Definitions,
    /// Files of scenarios.
    Scenarios,
}

impl Wanted {
    fn is(self, name: &str) -> bool {
        match self {
            Wanted::Definitions => file_name::is_definition(name),
            Wanted::Scenarios => scenario_stem(name).is_some(),
        }
    }

    /// Whether a folder of this name is left out: hidden ones, what is installed, and for tests what they leave behind.
    fn leaves_out(self, folder: &str) -> bool {
        let is_left_behind = matches!(self, Wanted::Scenarios) && folder == "target";
        folder.starts_with('.') || folder == "node_modules" || is_left_behind
    }

    fn noun(self) -> &'static str {
        match self {
            Wanted::Definitions => "definitions",
            Wanted::Scenarios => "files of scenarios",
        }
    }

    /// `*.a, *.b or *.c`.
    fn patterns(self) -> String {
        let suffixes = match self {
            Wanted::Definitions => file_name::DEFINITION_SUFFIXES.as_slice(),
            Wanted::Scenarios => SCENARIO_SUFFIXES.as_slice(),
        };
        let patterns: Vec<String> = suffixes.iter().map(|suffix| format!("*{suffix}")).collect();
        match patterns.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
            _ => patterns.concat(),
        }
    }
}

/// The files a path names: the file itself, or all in a folder, by name. Links to folders are not followed.
pub(super) fn collect(path: &Path, wanted: Wanted, files: &mut Vec<PathBuf>) -> Result<()> {
    let metadata = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !metadata.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut folders = vec![path.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind =
                entry.file_type().with_context(|| format!("cannot read {}", entry.path().display()))?;
            if kind.is_dir() && !wanted.leaves_out(&name) {
                folders.push(entry.path());
            } else if !kind.is_dir() && wanted.is(&name) {
                found.push(entry.path());
            }
            if found.len() > quota::CHECK_FILES_MAX {
                bail!("{} holds more than {} {}", path.display(), quota::CHECK_FILES_MAX, wanted.noun());
            }
        }
    }
    if found.is_empty() {
        bail!("{} holds no {}", path.display(), wanted.patterns());
    }
    found.sort();
    files.append(&mut found);
    Ok(())
}
