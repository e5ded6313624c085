//! The settings of a project: `asl-lsp.toml` in the folder of a definition or the nearest one above.
//!
//! ```toml
//! type = "EXPRESS"
//!
//! [diagnostics]
//! NO_DOLLAR = "off"
//! unused-variable = "warning"
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::config::Workflow;
use crate::diagnostics::{Level, WorkflowType, rules_of};
use crate::session::lies_within;
use crate::spec::quota;

/// The file's name.
const FILE_NAME: &str = "asl-lsp.toml";

/// What the file of a project says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// The type of the state machines, if it is said.
    pub workflow_type: Option<WorkflowType>,
    /// How bad findings are, by code or rule.
    pub levels: BTreeMap<String, Level>,
    /// What is wrong with the file, or with a part of it.
    pub problems: Vec<String>,
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    r#type: Option<Workflow>,
    diagnostics: BTreeMap<String, String>,
}

impl Project {
    /// Reads the nearest file from a folder upwards, not above the folder `top`; without one that is around the folder,
    /// only the folder itself.
    pub fn read(folder: &Path, top: Option<&Path>) -> Self {
        let top = top.filter(|top| folder.starts_with(top)).unwrap_or(folder);
        let above = folder.ancestors().take_while(|ancestor| ancestor.starts_with(top));
        let found = above.map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file());
        found.map(|path| Self::read_file(&path, top)).unwrap_or_default()
    }

    fn read_file(path: &Path, top: &Path) -> Self {
        let name = path.display();
        if !lies_within(path, top).unwrap_or_default() {
            return Self::with_problem(format!("{name} leads out of {} and is not used", top.display()));
        }
        if fs::metadata(path).is_ok_and(|metadata| metadata.len() > quota::PROJECT_FILE_BYTES_MAX) {
            return Self::with_problem(format!(
                "{name} is larger than {} bytes and is not used",
                quota::PROJECT_FILE_BYTES_MAX
            ));
        }
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &name.to_string()),
            Err(error) => Self::with_problem(format!("{name} cannot be read: {error}")),
        }
    }

    /// What a file of this text says.
    fn parse(text: &str, name: &str) -> Self {
        let written: Written = match toml::from_str(text) {
            Ok(written) => written,
            Err(error) => return Self::with_problem(format!("{name}: {}", error.to_string().trim_end())),
        };
        let mut project =
            Self { workflow_type: written.r#type.map(Workflow::workflow_type), ..Self::default() };
        for (code, level) in written.diagnostics {
            if rules_of(&code).next().is_none() {
                project.problems.push(format!("{name}: there is no finding {code}"));
            }
            match Level::from_name(&level) {
                Some(level) => {
                    project.levels.insert(code, level);
                }
                None => {
                    let names = Level::NAMES.join(", ");
                    project.problems.push(format!("{name}: {code} is one of {names}, not {level:?}"));
                }
            }
        }
        project
    }

    fn with_problem(problem: String) -> Self {
        Self { problems: vec![problem], ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Severity;

    #[test]
    fn levels_and_type() {
        let text = "type = \"EXPRESS\"\n[diagnostics]\nNO_DOLLAR = \"off\"\nunused-variable = \"error\"\n";
        let project = Project::parse(text, "f");
        assert_eq!(project.workflow_type, Some(WorkflowType::Express));
        let levels = [("NO_DOLLAR", Level::Off), ("unused-variable", Level::On(Severity::Error))];
        assert_eq!(project.levels, levels.map(|(code, level)| (code.to_owned(), level)).into());
        assert!(project.problems.is_empty());
    }

    #[test]
    fn mistakes_are_told_and_the_rest_is_taken() {
        let project =
            Project::parse("[diagnostics]\nNO_DOLLAR = \"loud\"\nfoo = \"off\"\nNO_PATH = \"hint\"\n", "f");
        assert_eq!(
            project.problems,
            [
                "f: NO_DOLLAR is one of off, error, warning, information, hint, not \"loud\"",
                "f: there is no finding foo"
            ]
        );
        assert!(project.levels.contains_key("NO_PATH"));
        assert!(Project::parse("diagnostics = 1", "f").problems[0].starts_with("f: "));
        assert!(Project::parse("[diagnostic]", "f").problems[0].contains("unknown field"));
    }
}
