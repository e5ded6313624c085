//! Everything that is wrong with a file of scenarios, each where it stands.
//!
//! What the reader finds comes first; then what only shows beside the definition and the files that are named. At last
//! each scenario is built as for a run, so that nothing that a run would be refused for is missed.

use std::sync::Arc;

use serde_json::Value;

use super::{ScenarioDocument, Surroundings};
use crate::dynamodb::{Database, Seeds, attribute_problem};
use crate::model::StateMachine;
use crate::scenarios::{
    BuildError, Owner, PLACEHOLDERS, Problem, Role, StateName, ValueForm, role, state_names,
};
use crate::simulator::Mocks;
use crate::spec::Field;
use crate::syntax::{Node, NodeKind};
use crate::text::TextRange;

pub(super) fn problems(document: &ScenarioDocument, surroundings: &Surroundings) -> Vec<Problem> {
    let (file, read) = document.read();
    let syntax = document.parse().errors().iter();
    let mut found: Vec<Problem> =
        syntax.map(|error| Problem { range: error.range, message: error.message() }).collect();
    found.extend(read.iter().cloned());
    found.extend(surroundings.problems.iter().cloned());
    let Some(root) = document.parse().root().filter(|root| root.is_object()) else { return found };
    let mut checker = Checker { surroundings, found };
    for node in document.parse().nodes() {
        checker.node(node);
    }
    match &surroundings.definition {
        Some(Ok(definition)) => {
            let machine = definition.machine();
            state_names(root).iter().for_each(|name| checker.state_name(name, machine));
            for scenario in &file.scenarios {
                let built = file.scenario(scenario, machine, &surroundings.machine_name, &surroundings.files);
                checker.built(document, built.err());
            }
            let cases = file.test_cases(&surroundings.machine_name, &surroundings.files);
            checker.built(document, cases.err());
        }
        // Where the definition is named, that is said there already.
        Some(Err(message)) if file.definition().is_none() => {
            let start = root.range().start();
            checker.add(TextRange::new(start, start + 1), message.clone());
        }
        Some(Err(_)) | None => {}
    }
    let mut found = checker.found;
    found.sort_by_key(|problem| problem.range);
    found.dedup();
    found
}

struct Checker<'a> {
    surroundings: &'a Surroundings,
    found: Vec<Problem>,
}

impl Checker<'_> {
    fn add(&mut self, range: TextRange, message: impl Into<String>) {
        self.found.push(Problem { range, message: message.into() });
    }

    /// What is wrong with a value by itself.
    fn node(&mut self, node: Node<'_>) {
        if node.is_object() {
            self.keys(node);
        }
        let is_value = node.is_object() || node.is_string();
        let Some(parent) = node.parent().filter(|_| is_value) else { return };
        if parent.kind() == NodeKind::Member && parent.children().next() == Some(node) {
            return;
        }
        let is_item = || match parent.parent().map(|it| it.kind()) {
            Some(NodeKind::Member) => {
                matches!(role(parent), Role::Part(spec) if spec.form == ValueForm::Items)
            }
            _ => false,
        };
        match role(node) {
            Role::Part(spec) if spec.form == ValueForm::Tables => self.table(node),
            Role::Within(spec) if spec.form == ValueForm::Items && is_item() => self.expected_item(node),
            _ => {}
        }
    }

    /// Keys that come again: only the last of them counts.
    fn keys(&mut self, object: Node<'_>) {
        let mut keys = std::collections::BTreeSet::new();
        for member in object.members() {
            if !keys.insert(member.key()) {
                let key = member.key();
                self.add(member.key_node().range(), format!("\"{key}\" is there twice"));
            }
        }
    }

    /// A CreateTable request, or a file of such.
    fn table(&mut self, node: Node<'_>) {
        if let Some(path) = node.text() {
            // A file that cannot be read is said to be so already.
            let Some(text) = self.surroundings.files.texts.get(&*path) else { return };
            let mut seeds = Seeds::default();
            let tables = seeds.add(&path, text, None).and_then(|()| seeds.tables());
            let message = match tables {
                Ok(tables) => Database::from_tables(&tables).err().map(|error| error.to_string()),
                Err(message) => Some(message),
            };
            message.into_iter().for_each(|message| self.add(node.range(), message));
            return;
        }
        let Err(error) = Database::from_tables(&Value::Array(vec![node.to_value()])) else { return };
        let item = error.item_idx.and_then(|idx| node.value_of(Field::Items.name())?.element(idx));
        self.add(item.unwrap_or(node).range(), error.reason);
    }

    /// An item that has to be in a table. Where something may be anything, nothing can be wrong.
    fn expected_item(&mut self, item: Node<'_>) {
        for member in item.members() {
            let Some(value) = member.value() else { continue };
            let json = value.to_value();
            if has_placeholder(value) {
                continue;
            }
            if let Some(reason) = attribute_problem(&member.key(), &json) {
                self.add(value.range(), reason);
            }
        }
    }

    /// A name of a state, with the mock that may stand under it.
    fn state_name(&mut self, name: &StateName<'_>, machine: &Arc<StateMachine>) {
        let Some(text) = name.node.text() else { return };
        let by_name = machine.all_states().find(|(_, state)| *state.name == *text);
        let state = by_name.or_else(|| {
            let mut all = machine.all_states();
            let is_path_of = |id| machine.path_of(id).join("/") == *text;
            all.find(|(id, _)| matches!(name.spec.form, ValueForm::Named(Owner::State)) && is_path_of(*id))
        });
        let Some((id, state)) = state else {
            return self.add(name.node.range(), format!("No state is called \"{text}\""));
        };
        match name.spec.form {
            ValueForm::Names if machine.path_of(id).len() > 1 => {
                let message =
                    "The path has the states of the machine itself, not those in branches and iterations";
                self.add(name.node.range(), message);
            }
            ValueForm::Calls(_) => {
                let value = name.value.filter(|value| !self.has_problem_within(value.range()));
                let Some(value) = value else { return };
                if let Err(error) = Mocks::default().with_calls(state, &value.to_value()) {
                    self.add(value.range(), error.to_string());
                }
            }
            _ => {}
        }
    }

    /// Why a scenario cannot be built, unless something in that place is known to be wrong.
    fn built(&mut self, document: &ScenarioDocument, error: Option<BuildError>) {
        let Some(error) = error else { return };
        let Some(node) = document.parse().resolve(&error.pointer) else { return };
        if !self.has_problem_within(node.range()) {
            self.add(node.range(), error.message);
        }
    }

    fn has_problem_within(&self, range: TextRange) -> bool {
        self.found.iter().any(|it| range.start() <= it.range.start() && it.range.end() <= range.end())
    }
}

/// Whether a placeholder stands somewhere in a value.
fn has_placeholder(value: Node<'_>) -> bool {
    let mut todo = vec![value];
    while let Some(node) = todo.pop() {
        let is_one = |text: &str| PLACEHOLDERS.iter().any(|(placeholder, _)| *placeholder == text);
        if node.text().is_some_and(|text| is_one(&text)) {
            return true;
        }
        todo.extend(node.members().filter_map(|member| member.value()));
        todo.extend(node.elements());
    }
    false
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::{Expect, expect};

    use super::super::Surroundings;
    use super::super::testing::{document, surroundings};

    #[track_caller]
    fn check_with(surroundings: &Surroundings, text: &str, expected: Expect) {
        let document = document(text);
        let found = document.problems(surroundings);
        let shown: Vec<String> =
            found.iter().map(|it| format!("{}: {}", document.source().slice(it.range), it.message)).collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        check_with(&surroundings(), text, expected);
    }

    #[test]
    fn what_is_right() {
        check(
            r#"{"mocks": {"Pay": [{"Return": {"Payload": 1}}, {"Throw": {"Error": "E"}}]}, "scenarios": {"a": {"expect": {
"status": "SUCCEEDED", "states": {"Both/In": {"visits": 1}, "In": {"visits": 1}}, "path": ["Load", "Pay", "Both"],
"tables": {"Orders": [{"id": {"S": "<string>"}, "n": {"N": "1"}, "all": "<any>"}]}}}}}"#,
            expect![""],
        );
    }

    #[test]
    fn states_that_are_not_there() {
        check(
            r#"{"mocks": {"Gone": {"Return": 1}}, "scenarios": {"a": {"expect": {"states": {"No": {}}, "path": ["Load", "In", "Pey"]}}}}"#,
            expect![[r#"
                "Gone": No state is called "Gone"
                "No": No state is called "No"
                "In": The path has the states of the machine itself, not those in branches and iterations
                "Pey": No state is called "Pey""#]],
        );
    }

    #[test]
    fn mocks_that_cannot_be() {
        check(
            r#"{"mocks": {"Both": {"Return": 1}, "Pay": {"Throw": 1}}, "scenarios": {"a": {}, "a": {}}}"#,
            expect![[r#"
                {"Return": 1}: 'Both' is not a Task state
                1: Expected an object
                "a": "a" is there twice"#]],
        );
    }

    #[test]
    fn tables_and_items_have_the_text_of_dynamodb() {
        check(
            r#"{"tables": [{"TableName": "T"}, {"TableName": "Orders", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST",
"Items": [{"id": {"S": "1"}}, {"id": {"N": "1"}}]}], "scenarios": {"a": {"expect": {"tables": {"Orders": [{"id": {"S": 1}, "n": {"N": "x"}}]}}}}}"#,
            expect![[r#"
                {"TableName": "T"}: 1 validation error detected: Value 'T' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3
                {"id": {"N": "1"}}: One or more parameter values were invalid: Type mismatch for key id expected: S actual: N
                {"S": 1}: NUMBER_VALUE cannot be converted to String (attribute values are objects such as {"N": "5"}, numbers are strings)
                {"N": "x"}: The parameter cannot be converted to a numeric value: x"#]],
        );
    }

    #[test]
    fn tables_in_files() {
        let mut surroundings = surroundings();
        surroundings.files.texts.insert("t.json".to_owned(), Arc::from("[5]"));
        check_with(
            &surroundings,
            r#"{"tables": ["t.json"], "scenarios": {"a": {}}}"#,
            expect![[r#""t.json": table 0: expected an object"#]],
        );
    }

    #[test]
    fn without_a_definition() {
        let definition = Some(Err("There is no definition beside this file".to_owned()));
        let surroundings = Surroundings { definition, ..Surroundings::default() };
        check_with(
            &surroundings,
            r#"{"scenarios": {"a": {"mocks": {"X": {"Return": 1}}}}}"#,
            expect!["{: There is no definition beside this file"],
        );
    }

    #[test]
    fn half_typed() {
        check(
            r#"{"scenarios": {"a": {"mocks": {"Pa"#,
            expect![[r#"
            {: This bracket is never closed
            "Pa: This string has no closing quote
            "Pa: No state is called "Pa""#]],
        );
    }
}
