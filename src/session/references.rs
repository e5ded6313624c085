//! The files that a file of scenarios names, read without leaving the workspace.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use super::{open, read_objects, read_text};
use crate::scenarios::{FileReference, Files, Problem, ReferenceKind, ScenarioFile};
use crate::simulator::Objects;

/// Reads what a file of scenarios in this folder names. Nothing outside of the workspace is read.
///
/// # Errors
///
/// The first file that cannot be read, or that lies outside of the workspace.
pub fn read_references(file: &ScenarioFile, folder: &Path, workspace: &Path) -> Result<Files> {
    let mut files = Files::default();
    for reference in file.references() {
        read(reference, folder, workspace, &mut files)?;
    }
    Ok(files)
}

/// As [`read_references`], but goes on after what cannot be read, and does not read folders in the place of Amazon S3,
/// which can be large: they are empty. Returns what could not be read, where it is named.
pub fn look_up_references(file: &ScenarioFile, folder: &Path, workspace: &Path) -> (Files, Vec<Problem>) {
    let (mut files, mut problems) = (Files::default(), Vec::new());
    for reference in file.references() {
        let found = match reference.kind {
            ReferenceKind::Objects => within(folder, &reference.path, workspace).and_then(|path| {
                if !path.is_dir() {
                    bail!("{} is no folder", path.display());
                }
                files.objects.insert(reference.path.clone(), Objects::default());
                Ok(())
            }),
            _ => read(reference, folder, workspace, &mut files),
        };
        if let Err(error) = found {
            problems.push(Problem { range: reference.range, message: format!("{error:#}") });
        }
    }
    (files, problems)
}

fn read(reference: &FileReference, folder: &Path, workspace: &Path, files: &mut Files) -> Result<()> {
    let path = within(folder, &reference.path, workspace)?;
    let name = reference.path.clone();
    // A pipe would be waited for.
    if reference.kind != ReferenceKind::Objects && path.exists() && !path.is_file() {
        bail!("{name} is not a file");
    }
    match reference.kind {
        ReferenceKind::Tables | ReferenceKind::MockConfig => {
            files.texts.insert(name, Arc::from(read_text(&path)?));
        }
        ReferenceKind::Definition => {
            files.machines.insert(name, open(&path, Arc::default())?.machine().clone());
        }
        ReferenceKind::Objects => {
            files.objects.insert(name, read_objects(&path)?);
        }
    }
    Ok(())
}

/// Whether what a path leads to, its links followed, lies in a folder.
///
/// # Errors
///
/// A file or folder that is not there.
pub fn lies_within(path: &Path, folder: &Path) -> std::io::Result<bool> {
    Ok(path.canonicalize()?.starts_with(folder.canonicalize()?))
}

/// A path from a folder, which must not lead out of the workspace. Links are followed before it is looked at.
///
/// # Errors
///
/// A file that is not there, or lies outside.
pub fn within(folder: &Path, path: &str, workspace: &Path) -> Result<PathBuf> {
    let found = folder.join(path);
    if !lies_within(&found, workspace).with_context(|| format!("cannot read {}", found.display()))? {
        bail!("{path} leads out of {}", workspace.display());
    }
    Ok(found)
}
