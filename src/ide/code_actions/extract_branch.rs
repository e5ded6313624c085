//! States that follow one another become the one branch of a Parallel state.
//!
//! Offered where an execution goes on as before: it comes to the states by one of them only, leaves them for one place
//! only, and nothing outside has to do with the variables that they assign. A branch keeps its variables to itself, and
//! neither a Choice nor a catcher in it can lead out. Whether a branch within an iteration still sees `$$.Map.Item` is
//! neither documented nor recorded, so states that read it stay where they are.

use std::collections::BTreeSet;

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::ide::context::{Role, context};
use crate::model::{ScopeId, State, StateId, StateNameUse};
use crate::semantic::{Facts, Presence};
use crate::spec::context::MAP_CONTEXT;
use crate::spec::{Field, QueryLanguage, StateKind};
use crate::syntax::edit::{Draft, Style, indentation, plain, replace_text};
use crate::syntax::{Format, Member, Node};
use crate::text::{ColumnEncoding, TextEdit, TextRange, TextSize, apply_edits};

/// What is taken out.
struct Part<'a> {
    /// `States` around it.
    states: Node<'a>,
    /// The states, in the order of the text.
    members: Vec<Member<'a>>,
    scope: ScopeId,
    ids: BTreeSet<StateId>,
    /// Where an execution comes in.
    entry: StateId,
    /// Where it goes on; nowhere when its scope ends.
    exit: Option<StateId>,
}

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let Some(part) = Part::of(scene) else { return };
    let Some(edits) = part.edits(scene) else { return };
    let n_states = part.members.len();
    acc.push(CodeAction {
        title: format!(
            "Extract {n_states} state{} into a Parallel state",
            if n_states == 1 { "" } else { "s" }
        ),
        kind: CodeActionKind::Extract,
        fixes: &[],
        range: scene.range,
        is_preferred: false,
        edits,
        disabled: None,
    });
}

/// The states that a selection is about: all that it touches, if it holds at least one of them. Blanks and comments
/// around them may be selected, too.
fn selected<'a>(scene: &Scene<'a>) -> Option<(Node<'a>, Vec<Member<'a>>)> {
    let source = scene.analysis.source();
    let text = source.slice(scene.range);
    let blanks = TextSize::try_from(text.len() - text.trim_start().len()).ok()?;
    let start = scene.parse().node_at(scene.range.start() + blanks)?;
    let states = std::iter::successors(Some(start), |node| node.parent())
        .find(|node| node.is_object() && matches!(context(*node).role, Role::States))?;
    let end = states.range().end();
    let behind = source.slice(TextRange::new(end.min(scene.range.end()), scene.range.end()));
    if !behind.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#')) {
        return None;
    }
    let range = |member: &Member<'a>| member.node().range();
    let is_touched = |member: &Member<'a>| {
        range(member).start() < scene.range.end() && scene.range.start() < range(member).end()
    };
    let members: Vec<Member<'a>> = states.members().filter(is_touched).collect();
    let is_held = members.len() > 1 || scene.range.contains_range(members.first()?.node().range());
    (is_held && !states.is_copy() && members.iter().all(|it| !it.node().is_copy()))
        .then_some((states, members))
}

impl<'a> Part<'a> {
    fn of(scene: &Scene<'a>) -> Option<Self> {
        if scene.range.is_empty() {
            return None;
        }
        let (states, members) = selected(scene)?;
        let lowered = scene.analysis.lowered();
        let is_selected = |id: &StateId| {
            let node = lowered.source_map.state_member(*id);
            members.iter().any(|member| Some(member.node().id()) == node)
        };
        let ids: BTreeSet<StateId> =
            lowered.machine.all_states().map(|(id, _)| id).filter(is_selected).collect();
        let scope = lowered.machine.state(*ids.first()?)?.scope;
        let is_flow_in_yaml = scene.parse().format() == Format::Yaml && states.raw().starts_with('{');
        let reads_item =
            members.iter().any(|member| MAP_CONTEXT.iter().any(|it| member.node().raw().contains(it)));
        // Where a name is given twice, one of the states has no number.
        if ids.len() != members.len() || is_flow_in_yaml || reads_item {
            return None;
        }
        let entry = entry(scene, scope, &ids)?;
        let exit = exit(scene, &ids)?;
        let part = Self { states, members, scope, ids, entry, exit };
        part.keeps_variables(scene).then_some(part)
    }

    /// Whether a state is one of them or within one of them.
    fn holds(&self, scene: &Scene<'_>, id: StateId) -> bool {
        let machine = &scene.analysis.lowered().machine;
        let around = |id: &StateId| machine.scope(machine.state(*id)?.scope)?.owner;
        std::iter::successors(Some(id), around).any(|id| self.ids.contains(&id))
    }

    /// Whether nothing outside has to do with the variables that the states assign, and these do not keep them from one
    /// time to the next.
    fn keeps_variables(&self, scene: &Scene<'_>) -> bool {
        let facts =
            Facts::with_shapes(scene.parse(), scene.analysis.lowered(), scene.analysis.shapes().clone());
        let (inside, outside): (Vec<_>, Vec<_>) =
            facts.variables.assignments.iter().partition(|it| self.holds(scene, it.state));
        let is_own = |name: &str| inside.iter().any(|it| &*it.name == name);
        let is_read_well = |read: &crate::semantic::VariableRead<'_>| {
            !is_own(&read.name) || (self.holds(scene, read.state) && read.presence == Presence::Always)
        };
        !outside.iter().any(|it| is_own(&it.name)) && facts.variables.reads.iter().all(is_read_well)
    }

    fn edits(&self, scene: &Scene<'a>) -> Option<Vec<TextEdit>> {
        let (parse, machine) = (scene.parse(), &scene.analysis.lowered().machine);
        let range = self.range(scene)?;
        let name = new_name(scene)?;
        let style = Style::of(parse);
        let (mut inner, mut outer) = (Vec::new(), Vec::new());
        for used in self.uses(scene) {
            let node = parse.node(used.node);
            let is_inside = range.contains_range(node.range());
            if node.is_copy() {
                return None;
            }
            if is_inside && self.exit.is_some() && used.target == self.exit {
                let end = format!("{}: true", style.scalar(Field::End.name()));
                inner.push(TextEdit::new(node.parent()?.range(), end));
            } else if !is_inside && used.target == Some(self.entry) {
                outer.push(replace_text(node, TextRange::from_usize(0..node.text()?.len()), &name)?);
            }
        }
        let moved = self.moved(scene, &style, range, &inner)?;
        let field = |field: Field, draft: Draft| (field.name().to_owned(), draft);
        let fixed = |text: &str| Draft::Fixed(text.to_owned());
        let branch = Draft::Object(vec![
            field(Field::StartAt, fixed(&machine.state(self.entry)?.name)),
            field(Field::States, moved),
        ]);
        let mut members = vec![
            field(Field::Type, fixed(StateKind::Parallel.name())),
            field(Field::Branches, Draft::Array(vec![branch])),
            // The result is an array of what the branches output.
            match machine.query_language {
                QueryLanguage::JsonPath => field(Field::OutputPath, fixed("$[0]")),
                QueryLanguage::Jsonata => field(Field::Output, fixed("{% $states.result[0] %}")),
            },
        ];
        members.push(match self.exit {
            Some(exit) => field(Field::Next, fixed(&machine.state(exit)?.name)),
            None => field(Field::End, Draft::Raw(true.to_string())),
        });
        let base = indentation(parse, range.start());
        let state = plain(&Draft::Object(members).render_after_colon(&style, &base));
        outer.push(TextEdit::new(range, format!("{}:{state}", style.scalar(&name))));
        Some(outer)
    }

    /// The places that name a state of the scope.
    fn uses(&self, scene: &Scene<'a>) -> impl Iterator<Item = &'a StateNameUse> {
        let scope = self.scope;
        scene.analysis.lowered().source_map.state_name_uses().iter().filter(move |used| used.scope == scope)
    }

    /// From the first state to the end of the last one, in YAML with the comment behind it.
    fn range(&self, scene: &Scene<'_>) -> Option<TextRange> {
        let (first, last) = (self.members.first()?.node().range(), self.members.last()?.node().range());
        let source = scene.analysis.source();
        let mut end = last.end();
        if scene.parse().format() == Format::Yaml {
            let written = source.slice(TextRange::new(first.start(), end)).trim_end().len();
            end = first.start() + TextSize::try_from(written).ok()?;
            end = source.line_range(source.line_column(end, ColumnEncoding::Utf8).line).end().max(end);
        }
        Some(TextRange::new(first.start(), end))
    }

    /// The states as they are written, with what changes in them, as an object of their own.
    fn moved(&self, scene: &Scene<'_>, style: &Style, range: TextRange, inner: &[TextEdit]) -> Option<Draft> {
        let by = range.start();
        let shifted = |edit: &TextEdit| {
            let range = TextRange::new(edit.range.start() - by, edit.range.end() - by);
            TextEdit::new(range, edit.new_text.clone())
        };
        let inner: Vec<TextEdit> = inner.iter().map(shifted).collect();
        let text = apply_edits(scene.analysis.source().slice(range), &inner);
        let base = indentation(scene.parse(), self.states.members().next()?.node().range().start());
        if style.format == Format::Yaml {
            return Some(Draft::Moved { text, base });
        }
        let line = format!("\n{base}");
        let text = text.replace(&line, &format!("{line}{}", style.indent));
        Some(Draft::Moved { text: format!("{{{line}{}{text}{line}}}", style.indent), base })
    }
}

/// The one state by which an execution comes to these from outside.
fn entry(scene: &Scene<'_>, scope: ScopeId, ids: &BTreeSet<StateId>) -> Option<StateId> {
    let machine = &scene.analysis.lowered().machine;
    let others = machine.states_of(scope).filter(|(id, _)| !ids.contains(id));
    let start = machine.scope(scope)?.start_at.as_ref();
    let into = start.into_iter().chain(others.flat_map(|(_, state)| state.transitions()));
    let entries: BTreeSet<StateId> =
        into.filter_map(|it| it.target).filter(|target| ids.contains(target)).collect();
    entries.first().copied().filter(|_| entries.len() == 1)
}

/// Where an execution goes on behind these states, or that its scope ends; none where there are several ways out, or
/// one that a branch does not have.
fn exit(scene: &Scene<'_>, ids: &BTreeSet<StateId>) -> Option<Option<StateId>> {
    let machine = &scene.analysis.lowered().machine;
    let mut exits: BTreeSet<Option<StateId>> = BTreeSet::new();
    for state in ids.iter().map(|id| machine.state(*id)) {
        let state = state.filter(|state| state.problems.is_empty())?;
        let targets: Option<Vec<StateId>> = state.transitions().map(|it| it.target).collect();
        let next = state.next.as_ref().and_then(|it| it.target);
        if targets?.iter().any(|target| !ids.contains(target) && next != Some(*target))
            || leads_out(state, ids)
        {
            return None;
        }
        match state.kind()? {
            StateKind::Fail => return None,
            StateKind::Succeed => _ = exits.insert(None),
            StateKind::Choice => {}
            _ if state.is_end => _ = exits.insert(None),
            _ => exits.extend(next.filter(|next| !ids.contains(next)).map(Some)),
        }
    }
    exits.first().copied().filter(|_| exits.len() == 1)
}

/// Whether a catcher leads to where `Next` does, outside of these states: only a state's own end can lead there.
fn leads_out(state: &State, ids: &BTreeSet<StateId>) -> bool {
    let catchers = state.catch.iter().filter_map(|it| it.next.as_ref()?.target);
    catchers.into_iter().any(|target| !ids.contains(&target))
}

/// A name that no state has.
fn new_name(scene: &Scene<'_>) -> Option<String> {
    let states = &scene.analysis.lowered().machine.states;
    let first = StateKind::Parallel.name().to_owned();
    let names = std::iter::once(first.clone()).chain((2..states.len() + 3).map(|n| format!("{first} {n}")));
    let is_free = |name: &String| states.iter().all(|state| *state.name != **name);
    names.into_iter().find(is_free)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use crate::ide::code_actions::testing::check;
    use crate::ide::testing::{analyse_as, run};
    use crate::simulator::Outcome;
    use crate::syntax::Format;
    use crate::text::{TextRange, apply_edits};

    const TITLE: &str = "Extract";

    /// The document after the action for what stands between two texts; it outputs the same as before.
    #[track_caller]
    fn same(format: Format, text: &str, from: &str, to: &str, input: &Value, expected: Expect) {
        let output = |text: &str| {
            let analysis = analyse_as(format, text);
            let found: Vec<_> = analysis.diagnostics().iter().map(|it| it.message.clone()).collect();
            match run(&analysis, input.clone()).trace.outcome {
                Outcome::Succeeded { output } => (*output).clone(),
                other => panic!("{other:?} {found:?}\n{text}"),
            }
        };
        let range = TextRange::from_usize(text.find(from).unwrap()..text.find(to).unwrap());
        let actions = analyse_as(format, text).code_actions(range);
        let action = actions.iter().find(|action| action.title.starts_with(TITLE)).expect("an action");
        let after = apply_edits(text, &action.edits);
        assert_eq!(output(&after), output(text), "{after}");
        expected.assert_eq(&after);
    }

    const JSON: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "B" },
    "B": {
      "Type": "Pass",
      "Parameters": { "x.$": "$.x" },
      "Next": "C"
    },
    "C": { "Type": "Wait", "Seconds": 1, "Next": "D" },
    "D": { "Type": "Succeed" }
  }
}
"#;

    #[test]
    fn the_middle_of_a_machine() {
        same(
            Format::Json,
            JSON,
            "\"B\": {",
            "    \"D\": {",
            &json!({"x": [[1]], "y": 2}),
            expect![[r#"
            {
              "StartAt": "A",
              "States": {
                "A": { "Type": "Pass", "Next": "Parallel" },
                "Parallel": {
                  "Type": "Parallel",
                  "Branches": [
                    {
                      "StartAt": "B",
                      "States": {
                        "B": {
                          "Type": "Pass",
                          "Parameters": { "x.$": "$.x" },
                          "Next": "C"
                        },
                        "C": { "Type": "Wait", "Seconds": 1, "End": true }
                      }
                    }
                  ],
                  "OutputPath": "$[0]",
                  "Next": "D"
                },
                "D": { "Type": "Succeed" }
              }
            }
        "#]],
        );
    }

    #[test]
    fn a_whole_machine_in_yaml_with_its_comments() {
        let text = "QueryLanguage: JSONata\nStartAt: A\nStates:\n  # first\n  A: # a\n    Type: Pass\n    Assign: {v: 1}\n    Next: B b\n  # second\n  \"B b\":\n    Type: Pass\n    Output: '{% [$states.input.x, $v] %}'\n    End: true # end\n";
        same(
            Format::Yaml,
            text,
            "A: #",
            "# end",
            &json!({"x": [[1]]}),
            expect![[r#"
            QueryLanguage: JSONata
            StartAt: Parallel
            States:
              # first
              Parallel:
                Type: Parallel
                Branches:
                  - StartAt: A
                    States:
                      A: # a
                        Type: Pass
                        Assign: {v: 1}
                        Next: B b
                      # second
                      "B b":
                        Type: Pass
                        Output: '{% [$states.input.x, $v] %}'
                        End: true # end
                Output: '{% $states.result[0] %}'
                End: true
        "#]],
        );
    }

    #[test]
    fn outputs_stay_what_they_are() {
        let text = r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Z"}, "Z": {"Type": "Succeed"}}}"#;
        for input in [json!([]), json!([1]), json!([[1]]), json!([[]]), json!(null), json!({"a": [1, 2]})] {
            for text in [text.to_owned(), text.replace("\"QueryLanguage\": \"JSONata\", ", "")] {
                let analysis = analyse_as(Format::Json, &text);
                let range =
                    TextRange::from_usize(text.find("\"A\": {").unwrap()..text.find("\"Z\": {").unwrap());
                let actions = analysis.code_actions(range);
                let action = actions.iter().find(|action| action.title.starts_with(TITLE)).unwrap();
                let after = analyse_as(Format::Json, &apply_edits(&text, &action.edits));
                let outcome = run(&after, input.clone()).trace.outcome;
                assert_eq!(
                    outcome,
                    run(&analysis, input.clone()).trace.outcome,
                    "{}",
                    after.source().as_str()
                );
            }
        }
    }

    #[test]
    fn within_the_processor_of_a_map() {
        same(
            Format::Json,
            r#"{
  "StartAt": "M",
  "States": {
    "M": {
      "Type": "Map",
      "ItemsPath": "$.list",
      "ItemSelector": { "i.$": "$$.Map.Item.Index" },
      "ItemProcessor": {
        "StartAt": "A",
        "States": {
          "A": { "Type": "Pass", "Next": "B" },
          "B": { "Type": "Pass", "Parameters": { "n.$": "$.i" }, "End": true }
        }
      },
      "End": true
    }
  }
}
"#,
            "\"B\": {",
            "\n        }\n      },\n      \"End\"",
            &json!({"list": ["x", "y"]}),
            expect![[r#"
                {
                  "StartAt": "M",
                  "States": {
                    "M": {
                      "Type": "Map",
                      "ItemsPath": "$.list",
                      "ItemSelector": { "i.$": "$$.Map.Item.Index" },
                      "ItemProcessor": {
                        "StartAt": "A",
                        "States": {
                          "A": { "Type": "Pass", "Next": "Parallel" },
                          "Parallel": {
                            "Type": "Parallel",
                            "Branches": [
                              {
                                "StartAt": "B",
                                "States": {
                                  "B": { "Type": "Pass", "Parameters": { "n.$": "$.i" }, "End": true }
                                }
                              }
                            ],
                            "OutputPath": "$[0]",
                            "End": true
                          }
                        }
                      },
                      "End": true
                    }
                  }
                }
            "#]],
        );
    }

    #[test]
    fn not_where_the_meaning_would_change() {
        let cases = [
            // Into the middle, and out of it to two places.
            r#"{"StartAt": "A", "States": {<|>"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}<|>, "C": {"Type": "Pass", "Next": "B"}}}"#,
            r#"{"StartAt": "A", "States": {<|>"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "C"}], "Default": "B"}, "B": {"Type": "Pass", "Next": "C"}<|>, "C": {"Type": "Succeed"}}}"#,
            r#"{"StartAt": "A", "States": {<|>"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}<|>, "C": {"Type": "Pass", "Next": "A", "Assign": {"v": 1}}, "D": {"Type": "Pass", "Next": "B"}}}"#,
            // A variable that is read outside, or assigned there, too.
            r#"{"StartAt": "A", "States": {<|>"A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"}<|>, "B": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "End": true}}}"#,
            r#"{"StartAt": "A", "States": {<|>"A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"}<|>, "B": {"Type": "Pass", "Assign": {"v": 2}, "End": true}}}"#,
            // The item of an iteration.
            r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "A", "States": {<|>"A": {"Type": "Pass", "Parameters": {"i.$": "$$.Map.Item.Index"}, "End": true}<|>}}}}}"#,
            // A failure, and less than a state.
            r#"{"StartAt": "A", "States": {<|>"A": {"Type": "Fail"}<|>}}"#,
            r#"{"StartAt": "A", "States": {"A": {<|>"Type": "Succeed"<|>}}}"#,
        ];
        for text in cases {
            check(text, TITLE, expect!["not offered"]);
        }
    }
}
