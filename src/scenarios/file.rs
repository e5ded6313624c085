//! Reading a file of scenarios.

use serde_json::{Map, Value};

use super::format::{MemberSpec, Owner, ValueForm, members_of, name};
use crate::expr::parse_timestamp;
use crate::syntax::{Node, Parse};
use crate::text::TextRange;

/// What a file of scenarios says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScenarioFile {
    /// What holds for all scenarios.
    pub(super) common: Map<String, Value>,
    /// The scenarios, in the order of the text.
    pub scenarios: Vec<NamedScenario>,
    /// The other files it names, in the order of the text.
    references: Vec<FileReference>,
}

/// A scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedScenario {
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub name_range: TextRange,
    /// Where all of it stands.
    pub range: TextRange,
    pub(super) members: Map<String, Value>,
}

/// Another file, or a folder, that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReference {
    /// The path, from the folder of the file of scenarios.
    pub path: String,
    /// What it is.
    pub kind: ReferenceKind,
    /// Where it is named.
    pub range: TextRange,
}

/// What a file is, that is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferenceKind {
    /// A definition.
    Definition,
    /// Tables.
    Tables,
    /// A mock configuration of Step Functions Local.
    MockConfig,
    /// A folder in the place of Amazon S3.
    Objects,
}

/// A mistake in a file of scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub range: TextRange,
    /// What is wrong, a sentence without a full stop.
    pub message: String,
}

impl ScenarioFile {
    /// Reads a tree: what could be understood, and the mistakes in the order of the text. What is no JSON or YAML is
    /// among the tree's own errors.
    pub fn read(parse: &Parse) -> (Self, Vec<Problem>) {
        let mut reader = Reader { file: ScenarioFile::default(), problems: Vec::new() };
        if let Some(root) = parse.root() {
            reader.object(root, Owner::File);
            reader.take(root);
        }
        (reader.file, reader.problems)
    }

    /// The other files that the scenarios need.
    pub fn references(&self) -> &[FileReference] {
        &self.references
    }

    /// The definition that is run, if the file names one.
    pub fn definition(&self) -> Option<&str> {
        self.common.get(name::DEFINITION)?.as_str()
    }

    /// The scenario of this name.
    pub fn find(&self, name: &str) -> Option<&NamedScenario> {
        self.scenarios.iter().find(|scenario| scenario.name == name)
    }
}

impl NamedScenario {
    /// How it has to end, if that is said.
    pub fn expected_status(&self) -> Option<&str> {
        self.expect()?.get(name::STATUS)?.as_str()
    }

    /// What is expected of it.
    pub fn expect(&self) -> Option<&Value> {
        self.members.get(name::EXPECT)
    }
}

struct Reader {
    file: ScenarioFile,
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, node: Node<'_>, message: impl Into<String>) {
        self.problems.push(Problem { range: node.range(), message: message.into() });
    }

    /// Checks an object of the format and everything in it.
    ///
    /// Recursive, but only as deep as the format is.
    fn object(&mut self, node: Node<'_>, owner: Owner) {
        if !node.is_object() {
            return self.problem(node, "Expected an object");
        }
        for member in node.members() {
            let key = member.key();
            let spec = members_of(owner).find(|spec| spec.name == key);
            match (spec, member.value()) {
                (Some(spec), Some(value)) => self.value(value, spec),
                (Some(_), None) => {}
                (None, _) => {
                    let message = unknown(&key, owner);
                    self.problem(member.key_node(), message);
                }
            }
        }
    }

    fn value(&mut self, node: Node<'_>, spec: &MemberSpec) {
        match spec.form {
            ValueForm::Any => {}
            ValueForm::Text | ValueForm::ErrorName if node.is_string() => {}
            ValueForm::Text | ValueForm::ErrorName => self.problem(node, "Expected a string"),
            ValueForm::Boolean if node.boolean().is_some() => {}
            ValueForm::Boolean => self.problem(node, "Expected true or false"),
            ValueForm::Count if node.number().is_some_and(|number| number.is_u64()) => {}
            ValueForm::Count => self.problem(node, "Expected a whole number, 0 or more"),
            ValueForm::Seconds if node.number().and_then(|it| it.as_f64()).is_some_and(|it| it >= 0.0) => {}
            ValueForm::Seconds => self.problem(node, "Expected a number of seconds, 0 or more"),
            ValueForm::Time if node.text().is_some_and(|text| parse_timestamp(&text).is_some()) => {}
            ValueForm::Time => self.problem(node, "Expected a time such as 2026-01-31T09:00:00Z"),
            ValueForm::OneOf(values) if node.text().is_some_and(|text| values.contains(&&*text)) => {}
            ValueForm::OneOf(values) => self.problem(node, format!("Expected one of {}", values.join(", "))),
            ValueForm::Object if node.is_object() => {}
            ValueForm::Object => self.problem(node, "Expected an object"),
            ValueForm::File => self.reference(node, reference_kind(spec)),
            ValueForm::Folder => self.reference(node, ReferenceKind::Objects),
            ValueForm::Files => self.each_member(node, |reader, value| {
                reader.reference(value, ReferenceKind::Definition);
            }),
            ValueForm::Tables => self.each_element(node, |reader, element| match element.text() {
                Some(_) => reader.reference(element, ReferenceKind::Tables),
                None if element.is_object() => {}
                None => reader.problem(element, "Expected a CreateTable request, or the path of a file"),
            }),
            ValueForm::Items => self.each_member(node, |reader, table| {
                reader.each_element(table, |reader, item| {
                    if !item.is_object() {
                        reader.problem(item, "Expected an item: attribute values by name");
                    }
                });
            }),
            ValueForm::Names => self.each_element(node, |reader, element| {
                if !element.is_string() {
                    reader.problem(element, "Expected a string");
                }
            }),
            ValueForm::Named(owner) => self.each_member(node, |reader, value| reader.object(value, owner)),
            ValueForm::One(owner) => self.object(node, owner),
            ValueForm::Calls(_) => self.each_member(node, Self::calls),
        }
    }

    fn calls(&mut self, node: Node<'_>) {
        if node.is_array() {
            for call in node.elements() {
                self.call(call);
            }
        } else {
            self.call(node);
        }
    }

    /// An answer as Step Functions Local's configuration has it, or as TestState has it, which is checked when it is
    /// used.
    fn call(&mut self, node: Node<'_>) {
        const OF_TEST_STATE: [&str; 3] = ["result", "errorOutput", "noReply"];
        let is_of_test_state = node.members().any(|member| OF_TEST_STATE.contains(&&*member.key()));
        if is_of_test_state {
            return;
        }
        self.object(node, Owner::Call);
        let answers = [name::RETURN, name::THROW, name::NO_REPLY];
        let n_answers = answers.iter().filter(|answer| node.get(answer).is_some()).count();
        if node.is_object() && n_answers != 1 {
            self.problem(node, "Expected one of Return, Throw and NoReply");
        }
    }

    fn each_member(&mut self, node: Node<'_>, mut look: impl FnMut(&mut Self, Node<'_>)) {
        if !node.is_object() {
            return self.problem(node, "Expected an object");
        }
        for value in node.members().filter_map(|member| member.value()) {
            look(self, value);
        }
    }

    fn each_element(&mut self, node: Node<'_>, mut look: impl FnMut(&mut Self, Node<'_>)) {
        if !node.is_array() {
            return self.problem(node, "Expected an array");
        }
        for element in node.elements() {
            look(self, element);
        }
    }

    fn reference(&mut self, node: Node<'_>, kind: ReferenceKind) {
        match node.text() {
            Some(path) if is_relative(&path) => {
                self.file.references.push(FileReference {
                    path: path.into_owned(),
                    kind,
                    range: node.range(),
                });
            }
            Some(_) => self.problem(node, "Expected a path from the folder of this file, with /"),
            None => self.problem(node, "Expected the path of a file"),
        }
    }

    /// Takes what is there, right or wrong: what is wrong is refused when it is used.
    fn take(&mut self, root: Node<'_>) {
        let Value::Object(mut common) = root.to_value() else { return };
        common.shift_remove(name::SCENARIOS);
        self.file.common = common;
        let Some(scenarios) = root.value_of(name::SCENARIOS) else { return };
        for member in scenarios.members() {
            let members = match member.value().map(Node::to_value) {
                Some(Value::Object(members)) => members,
                _ => Map::new(),
            };
            self.file.scenarios.push(NamedScenario {
                name: member.key().into_owned(),
                name_range: member.key_node().range(),
                range: member.node().range(),
                members,
            });
        }
    }
}

fn reference_kind(spec: &MemberSpec) -> ReferenceKind {
    if spec.name == name::MOCK_CONFIG { ReferenceKind::MockConfig } else { ReferenceKind::Definition }
}

/// Whether a path begins at the file that names it. That it does not leave the workspace is for those who open it.
fn is_relative(path: &str) -> bool {
    !path.is_empty() && !path.starts_with('/') && !path.contains(['\\', ':', '\0'])
}

fn unknown(key: &str, owner: Owner) -> String {
    let near = members_of(owner).map(|spec| spec.name).find(|name| name.eq_ignore_ascii_case(key));
    match near {
        Some(near) => format!("There is no \"{key}\" here: it is called \"{near}\""),
        None => format!("There is no \"{key}\" here"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    /// The mistakes, each with what it underlines.
    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let parse = parse_json(SourceText::new(text), 64);
        let (_, problems) = ScenarioFile::read(&parse);
        let shown = problems.iter().map(|it| format!("{}: {}", parse.source().slice(it.range), it.message));
        expected.assert_eq(&shown.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn everything_there_is() {
        check(
            r#"{"$schema": "s", "definition": "a.asl.json", "type": "EXPRESS", "comment": "c", "input": 1,
                "tables": ["t.json", {"TableName": "T"}], "mockConfig": "m.json", "s3": "./fixtures", "seed": 1,
                "mocks": {"A": {"Return": 1}, "B": [{"Throw": {"Error": "E"}}, {"NoReply": true}, {"result": "{}"}]},
                "startTime": "2026-01-31T09:00:00Z", "stateMachines": {"M": "m.asl.json"}, "context": {},
                "scenarios": {"one": {"input": {}, "expect": {"status": "SUCCEEDED", "output": 1, "path": ["A"],
                "states": {"A": {"visits": 1, "output": 1}}, "tables": {"T": [{"id": {"S": "1"}}]}, "exactly": true}}}}"#,
            expect![""],
        );
    }

    #[test]
    fn members_that_are_not_there() {
        check(
            r#"{"Tables": [], "scenarios": {"a": {"expect": {"outputs": 1}, "type": "EXPRESS"}}}"#,
            expect![[r#"
                "Tables": There is no "Tables" here: it is called "tables"
                "outputs": There is no "outputs" here
                "type": There is no "type" here"#]],
        );
    }

    #[test]
    fn values_of_another_form() {
        check(
            r#"{"seed": -1, "tables": {}, "startTime": "now", "type": "Express", "scenarios": {"a": 1,
                "b": {"mocks": {"A": {}, "B": [1]}, "expect": {"path": "A", "tables": {"T": {}}, "status": "OK"}}}}"#,
            expect![[r#"
                -1: Expected a whole number, 0 or more
                {}: Expected an array
                "now": Expected a time such as 2026-01-31T09:00:00Z
                "Express": Expected one of STANDARD, EXPRESS
                1: Expected an object
                {}: Expected one of Return, Throw and NoReply
                1: Expected an object
                "A": Expected an array
                {}: Expected an array
                "OK": Expected one of SUCCEEDED, FAILED, TIMED_OUT, ABORTED, BLOCKED"#]],
        );
    }

    #[test]
    fn paths_begin_at_the_folder() {
        let message = "Expected a path from the folder of this file, with /";
        for path in ["/etc/passwd", "C:\\\\t.json", "file://x", ""] {
            let text = format!(r#"{{"tables": ["{path}"]}}"#);
            let (file, problems) = ScenarioFile::read(&parse_json(SourceText::new(&text), 64));
            assert_eq!((problems.len(), file.references().len()), (1, 0), "{path}");
            assert_eq!(problems[0].message, message);
        }
    }
}
