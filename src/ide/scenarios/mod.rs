//! What editors ask of one version of a file of scenarios: the facade of files beside a definition.
//!
//! As [`Analysis`] it is immutable, takes and gives byte offsets, and reads nothing. The definition that the scenarios
//! are of, and what is known of the files they name, are handed over by whoever asks: both may change while the text
//! stays as it is.

mod completion;
mod hover;
mod names;
mod problems;

use std::sync::{Arc, OnceLock};

use super::{Analysis, Completion, Definition, Hover};
use crate::diagnostics::Config;
use crate::scenarios::{Files, Problem, ScenarioFile};
use crate::syntax::{Format, Parse};
use crate::text::{SourceText, TextEdit, TextRange, TextSize};

/// One version of a file of scenarios.
#[derive(Debug)]
pub struct ScenarioDocument {
    /// The text, its tree and what editors ask of any tree.
    text: Analysis,
    read: OnceLock<(ScenarioFile, Vec<Problem>)>,
}

/// What is known of the files that a file of scenarios names.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The definition that is run, or why it cannot be read.
    pub definition: Option<Result<Arc<Analysis>, String>>,
    /// The name of the state machine.
    pub machine_name: String,
    /// What could be read.
    pub files: Files,
    /// What could not be read, with where it is named.
    pub problems: Vec<Problem>,
}

/// A scenario in the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioSymbol {
    /// Its name.
    pub name: String,
    /// How it has to end, if that is said.
    pub detail: String,
    /// Its name and value.
    pub range: TextRange,
    /// Its name.
    pub selection_range: TextRange,
}

impl ScenarioDocument {
    /// A version of a file of scenarios. Nothing is parsed yet.
    pub fn new(source: SourceText, format: Format) -> Self {
        Self { text: Analysis::new(source, format, Arc::new(Config::default())), read: OnceLock::new() }
    }

    /// The text.
    pub fn source(&self) -> &SourceText {
        self.text.source()
    }

    /// The tree.
    pub fn parse(&self) -> &Parse {
        self.text.parse()
    }

    /// What the file says.
    pub fn file(&self) -> &ScenarioFile {
        &self.read().0
    }

    fn read(&self) -> &(ScenarioFile, Vec<Problem>) {
        self.read.get_or_init(|| ScenarioFile::read(self.parse()))
    }

    /// All mistakes, in the order of the text.
    pub fn problems(&self, surroundings: &Surroundings) -> Vec<Problem> {
        problems::problems(self, surroundings)
    }

    /// What could be put at an offset. `files` are the paths of files that could be named.
    pub fn completion(
        &self,
        offset: TextSize,
        definition: Option<&Analysis>,
        files: &[String],
    ) -> Vec<Completion> {
        completion::completion(self, offset, definition, files)
    }

    /// What the place at an offset means.
    pub fn hover(&self, offset: TextSize, definition: Option<&Analysis>) -> Option<Hover> {
        hover::hover(self, offset, definition)
    }

    /// The scenarios, in the order of the text.
    pub fn symbols(&self) -> Vec<ScenarioSymbol> {
        names::symbols(self)
    }

    /// The name of the state at an offset, with where it stands.
    pub fn state_at(&self, offset: TextSize) -> Option<(String, TextRange)> {
        names::state_at(self, offset)
    }

    /// The places that name a state, in the order of the text.
    pub fn references(&self, state_name: &str) -> Vec<TextRange> {
        names::references(self, state_name)
    }

    /// The edits that give a state another name, in the order of the text.
    ///
    /// # Errors
    ///
    /// The file has something for a state with the new name, too: one of both would be lost.
    pub fn rename(&self, state_name: &str, new_name: &str) -> Result<Vec<TextEdit>, String> {
        names::rename(self, state_name, new_name)
    }

    /// The names of files, without quotes, with the paths they give, in the order of the text.
    pub fn links(&self) -> Vec<(TextRange, String)> {
        names::links(self)
    }

    /// What can be folded, in the order of the text.
    pub fn folding_ranges(&self) -> Vec<TextRange> {
        self.text.folding_ranges()
    }

    /// What a selection at an offset grows to, the innermost range first.
    pub fn selection_ranges(&self, offset: TextSize) -> Vec<TextRange> {
        self.text.selection_ranges(offset)
    }

    /// The edits of white space that format the file, in the order of the text.
    pub fn format(&self, indent: &str) -> Vec<TextEdit> {
        self.text.format(indent)
    }
}

impl Surroundings {
    /// The definition, where it could be read.
    pub fn definition(&self) -> Option<&Arc<Analysis>> {
        self.definition.as_ref()?.as_ref().ok()
    }
}

impl Analysis {
    /// The name of the state that is named at an offset.
    pub fn state_at(&self, offset: TextSize) -> Option<String> {
        names::state_of_definition(self, offset)
    }

    /// Where the state of this name is defined. `origin` is where it was asked about, in another document.
    pub fn definition_of_state(&self, name: &str, origin: TextRange) -> Option<Definition> {
        names::definition_of_state(self, name, origin)
    }
}

#[cfg(test)]
mod testing {
    //! What the tests share.

    use std::sync::Arc;

    use super::{ScenarioDocument, Surroundings};
    use crate::ide::Analysis;
    use crate::ide::testing::{CURSOR, analyse};
    use crate::syntax::Format;
    use crate::text::{SourceText, TextSize};

    /// A definition with a task, a choice and a branch.
    pub(super) fn definition() -> Analysis {
        analyse(
            r#"{"StartAt": "Load", "States": {
"Load": {"Type": "Task", "Comment": "Reads an order.", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "Next": "Pay"},
"Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "pay"}, "Next": "Both"},
"Both": {"Type": "Parallel", "Branches": [{"StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}}], "End": true}}}"#,
        )
    }

    pub(super) fn surroundings() -> Surroundings {
        Surroundings {
            definition: Some(Ok(Arc::new(definition()))),
            machine_name: "order".to_owned(),
            ..Surroundings::default()
        }
    }

    pub(super) fn document(text: &str) -> ScenarioDocument {
        ScenarioDocument::new(SourceText::new(text), Format::Json)
    }

    /// A file and the place of the cursor in it.
    #[track_caller]
    pub(super) fn fixture(format: Format, text: &str) -> (ScenarioDocument, TextSize) {
        let at = text.find(CURSOR).expect("a cursor");
        let source = SourceText::new(&text.replacen(CURSOR, "", 1));
        (ScenarioDocument::new(source, format), TextSize::try_from(at).unwrap())
    }
}
