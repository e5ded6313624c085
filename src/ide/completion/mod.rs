//! What could be put at a place: which sources are asked, and how what they offer becomes an edit.
//!
//! A source offers keys or values as drafts and knows nothing of quotes, commas and indentation. Here they are
//! fitted to the place, so that a document that was valid but for what is being typed is valid afterwards.

mod attribute_value;
mod data;
mod dynamodb_expression;
mod error_name;
mod field;
mod jsonata;
mod parameter;
mod path;
mod resource;
mod snippet;
mod state_name;
mod table;
mod text;
mod value;

pub(super) use self::error_name::names_of_errors;

use self::data::Data;
use self::text::StringText;
use super::context::{Context, Role, context};
use super::{Analysis, Run};
use crate::expr::jsonata::OPEN;
use crate::spec::{FieldSpec, QueryLanguage, ValueKind};
use crate::syntax::edit::{Draft, Piece, Style, dash_indentation, indentation, plain, quoted};
use crate::syntax::{Cursor, Format, Member, Node, NodeId, Place, cursor};
use crate::text::{TextEdit, TextRange, TextSize};

/// Something that could be put at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What the list shows.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// What follows the label directly: the parameters of a function.
    pub signature: Option<String>,
    /// More of it, in a few words.
    pub detail: Option<String>,
    /// What it means.
    pub documentation: Documentation,
    /// What the text that is replaced is compared with, while it is typed further.
    pub filter_text: String,
    /// The edit, indented as its place is.
    pub edit: TextEdit,
    /// The edit's text with places to fill in, in the syntax of snippets; its lines are indented relative to the
    /// first. None where there is nothing to fill in.
    pub snippet: Option<String>,
    /// Edits elsewhere that go with it: a comma behind what precedes.
    pub additional_edits: Vec<TextEdit>,
}

/// What a completion means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Documentation {
    /// In Markdown.
    Text(String),
    /// What the state is that is this object: a list may have thousands of states, of which a few are looked at.
    State(NodeId),
}

impl Documentation {
    /// The text, where it is there already.
    pub fn text(&self) -> Option<&str> {
        match self {
            Documentation::Text(text) => Some(text),
            Documentation::State(_) => None,
        }
    }
}

impl From<String> for Documentation {
    fn from(text: String) -> Self {
        Documentation::Text(text)
    }
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field or operator of the language.
    Field,
    /// A state.
    State,
    /// A type of state, or another of a few values.
    Value,
    /// A resource.
    Resource,
    /// A parameter of a DynamoDB action, or an attribute of an item.
    Parameter,
    /// A type of attribute values.
    AttributeType,
    /// The name of an error.
    ErrorName,
    /// A whole state or object.
    Snippet,
    /// A member of data, or an index of it.
    Member,
    /// A variable, or another beginning of a path.
    Variable,
    /// A function.
    Function,
    /// A keyword of an expression.
    Keyword,
    /// A placeholder of an expression of DynamoDB.
    Placeholder,
}

impl CompletionKind {
    /// Whether such completions stand within expressions.
    pub fn is_of_expression(self) -> bool {
        use CompletionKind::{Function, Keyword, Member, Parameter, Placeholder, Variable};
        matches!(self, Member | Variable | Function | Keyword | Placeholder | Parameter)
    }
}

/// What a source offers.
pub(super) struct Item {
    pub(super) label: String,
    pub(super) kind: CompletionKind,
    pub(super) detail: Option<String>,
    pub(super) documentation: Documentation,
    pub(super) insert: Insert,
}

/// How it is put there.
pub(super) enum Insert {
    /// A member, or its key alone where there is a value already.
    Member(Key, Draft),
    /// A value.
    Value(Draft),
}

/// The key of a member.
pub(super) enum Key {
    /// As it is.
    Fixed(String),
    /// To be replaced.
    Hole(String),
}

/// Where something is wanted.
struct Scene<'a> {
    analysis: &'a Analysis,
    /// Of the object or array that it is put into.
    ctx: Context<'a>,
    /// The member that is being typed.
    current: Option<Member<'a>>,
    /// The last simulation.
    run: Option<&'a Run>,
}

pub(super) fn completion(analysis: &Analysis, offset: TextSize, run: Option<&Run>) -> Vec<Completion> {
    let parse = analysis.parse();
    let cursor = cursor(parse, offset);
    if let Some(found) = within_string(analysis, offset, cursor.as_ref(), run) {
        return found;
    }
    let Some(cursor) = cursor else { return Vec::new() };
    let items = match cursor.place.container() {
        Some(container) => {
            let current = match cursor.place {
                Place::Key { member, .. } => member,
                Place::Value { member, .. } => Some(member),
                Place::Element { .. } | Place::Root => None,
            };
            items(&Scene { analysis, ctx: context(container), current, run }, cursor.place)
        }
        None => snippet::machines(),
    };
    fitted(analysis, cursor, items)
}

/// What a completion of this very text means, in Markdown.
pub(super) fn documentation(analysis: &Analysis, completion: &Completion) -> String {
    match &completion.documentation {
        Documentation::Text(text) => text.clone(),
        Documentation::State(node) => state_name::documentation(analysis.parse().node(*node)),
    }
}

/// What sources offer, fitted to the place.
pub(super) fn fitted(analysis: &Analysis, cursor: Cursor<'_>, items: Vec<Item>) -> Vec<Completion> {
    let is_flow = cursor.place.container().is_some_and(|node| node.raw().starts_with(['{', '[']));
    let fitting = Fitting::new(analysis, cursor, Style { is_flow, ..Style::of(analysis.parse()) });
    items.into_iter().map(|item| fitting.fit(item)).collect()
}

/// What could be put into the expression that a string is; none where it is none.
fn within_string(
    analysis: &Analysis,
    offset: TextSize,
    cursor: Option<&Cursor<'_>>,
    run: Option<&Run>,
) -> Option<Vec<Completion>> {
    let text = StringText::at(analysis, offset, cursor)?;
    let scene = Scene { analysis, ctx: context(text.node), current: None, run };
    let suggestions = match expression_kind(&scene, &text)? {
        ExpressionKind::JsonPath(takes) => path::suggestions(&text, &Data::of(&scene, text.node)?, takes),
        ExpressionKind::Jsonata => jsonata::suggestions(&text, &Data::of(&scene, text.node)?),
        ExpressionKind::DynamoDb => {
            dynamodb_expression::Expression::of(text.node)?.suggestions(&scene, &text)
        }
    };
    Some(suggestions.into_iter().filter_map(|suggestion| text.completion(suggestion)).collect())
}

/// The languages of expressions.
enum ExpressionKind {
    JsonPath(path::Takes),
    Jsonata,
    DynamoDb,
}

/// The language of the expression that a string is; none where it is none.
fn expression_kind(scene: &Scene<'_>, text: &StringText<'_>) -> Option<ExpressionKind> {
    let ctx = &scene.ctx;
    if ctx.language == QueryLanguage::Jsonata && text.before().starts_with(OPEN) {
        let is_expression = match ctx.role {
            Role::Template => true,
            Role::Field(spec) => matches!(
                spec.value,
                ValueKind::TextOrExpression
                    | ValueKind::Integer(..)
                    | ValueKind::Number(..)
                    | ValueKind::Items
                    | ValueKind::Payload
                    | ValueKind::Timestamp
                    | ValueKind::Condition
            ),
            _ => false,
        };
        return is_expression.then_some(ExpressionKind::Jsonata);
    }
    if matches!(ctx.role, Role::Template) && dynamodb_expression::Expression::of(text.node).is_some() {
        return Some(ExpressionKind::DynamoDb);
    }
    if ctx.language == QueryLanguage::Jsonata {
        return None;
    }
    let is_computed =
        || text.node.parent().and_then(super::context::member_of).is_some_and(|it| it.key_ends_with(".$"));
    match ctx.role {
        Role::Field(spec) => match spec.value {
            ValueKind::Path
            | ValueKind::NullablePath
            | ValueKind::ReferencePath
            | ValueKind::NullableReferencePath => Some(ExpressionKind::JsonPath(path::Takes::Path)),
            ValueKind::PathOrFunction => Some(ExpressionKind::JsonPath(path::Takes::PathOrFunction)),
            _ => None,
        },
        Role::Operand(operator) if operator.is_path => Some(ExpressionKind::JsonPath(path::Takes::Path)),
        Role::Template => {
            let is_literal = ctx.field.is_some_and(|spec| spec.value == ValueKind::Literal);
            (is_computed() && !is_literal).then_some(ExpressionKind::JsonPath(path::Takes::PathOrFunction))
        }
        _ => None,
    }
}

/// Asks the sources for a place.
fn items(scene: &Scene<'_>, place: Place<'_>) -> Vec<Item> {
    match place {
        Place::Key { object, has_colon, .. } => match scene.ctx.role {
            Role::Object(_) | Role::UntypedState => field::fields(scene, object),
            // A name that has a state already is being changed: only its author knows into what.
            Role::States if has_colon => Vec::new(),
            Role::States => snippet::states(scene, object),
            Role::Template => parameter::keys(scene, object),
            _ => Vec::new(),
        },
        Place::Value { member, .. } => values(scene, member),
        Place::Element { array, element } => match scene.ctx.role {
            Role::List(owner) => {
                // Behind a dash in YAML, the first field of an object can be typed without a bracket.
                let bare = element.filter(|_| scene.analysis.parse().format() == Format::Yaml);
                let fields = bare.map(|element| {
                    let inner = Scene { ctx: context(element), ..*scene };
                    field::fields(&inner, element)
                });
                let mut items = field::objects(scene, owner);
                items.extend(fields.unwrap_or_default());
                items
            }
            Role::Field(spec) if spec.value == ValueKind::ErrorNames => error_name::names(scene, Some(array)),
            Role::Template => {
                let mut items = parameter::elements(scene, array);
                if takes_expression(scene, Role::Template, scene.ctx.field, false) {
                    items.push(value::expression());
                }
                items
            }
            _ => Vec::new(),
        },
        Place::Root => Vec::new(),
    }
}

fn values(scene: &Scene<'_>, member: Member<'_>) -> Vec<Item> {
    let (role, spec) = scene.ctx.value_role(&member.key());
    let mut items = match (role, spec) {
        (Role::Field(spec), _) => match spec.value {
            ValueKind::StateName => state_name::names(scene),
            ValueKind::Resource => resource::resources(scene),
            ValueKind::ErrorNames => error_name::lists(scene),
            _ => value::values(spec),
        },
        (Role::Operand(operator), _) => value::operands(operator),
        (Role::Template, _) if scene.ctx.template.is_some() => parameter::values(scene, member),
        (_, Some(spec)) => field::drafts(scene, spec),
        _ => Vec::new(),
    };
    let is_field = scene.ctx.template.is_none();
    if items.iter().all(|item| item.label != value::EXPRESSION_LABEL)
        && takes_expression(scene, role, spec, is_field)
    {
        items.push(value::expression());
        let typed = member.value().and_then(Node::text);
        items.extend(typed.as_deref().and_then(value::typed_expression));
    }
    items
}

/// Whether a value may be an expression of JSONata: that of a field, or one within a payload template.
fn takes_expression(scene: &Scene<'_>, role: Role, spec: Option<&'static FieldSpec>, is_field: bool) -> bool {
    let Some(kind) = spec.map(|spec| spec.value).filter(|_| scene.ctx.language == QueryLanguage::Jsonata)
    else {
        return false;
    };
    match role {
        Role::Field(_) => kind.admits_expression(),
        Role::Template => kind != ValueKind::Literal && !(is_field && kind == ValueKind::Variables),
        _ => false,
    }
}

/// Turns what is offered into edits at the place.
struct Fitting<'a> {
    analysis: &'a Analysis,
    cursor: Cursor<'a>,
    style: Style,
    /// What stands before the place on its line, as blanks.
    base: String,
    /// The part of it that dashes take in YAML, behind which a block begins.
    dashes: String,
}

impl<'a> Fitting<'a> {
    fn new(analysis: &'a Analysis, cursor: Cursor<'a>, style: Style) -> Self {
        let (parse, start) = (analysis.parse(), cursor.replace.start());
        let dashes = dash_indentation(parse, start);
        Self { analysis, cursor, style, base: indentation(parse, start) + &dashes, dashes }
    }

    fn fit(&self, item: Item) -> Completion {
        let parse = self.analysis.parse();
        let replace = self.cursor.replace;
        let pieces = self.pieces(&item.insert, &self.base);
        let has_holes = pieces.iter().any(|piece| matches!(piece, Piece::Hole(_)));
        let comma_before = self.cursor.comma_before.filter(|&at| at != replace.start());
        let comma = comma_before.map(|at| TextEdit::new(TextRange::empty(at), ","));
        let additional_edits = comma.into_iter().chain(self.blanks_before_block(&item.insert)).collect();
        let quote = parse.source().slice(replace).chars().next();
        Completion {
            filter_text: match quote {
                Some('"') => quoted(&item.label),
                Some('\'') => format!("'{}'", item.label),
                _ => item.label.clone(),
            },
            label: item.label,
            kind: item.kind,
            signature: None,
            detail: item.detail,
            documentation: item.documentation,
            edit: TextEdit::new(replace, plain(&pieces)),
            snippet: has_holes.then(|| snippet_text(&self.pieces(&item.insert, &self.dashes))),
            additional_edits,
        }
    }

    fn pieces(&self, insert: &Insert, base: &str) -> Vec<Piece> {
        let mut pieces = vec![Piece::Text(self.lead())];
        match insert {
            Insert::Member(key, draft) => {
                match key {
                    Key::Fixed(key) => pieces.push(Piece::Text(self.style.scalar(key))),
                    Key::Hole(key) => pieces.extend(Draft::Text(key.clone()).render(&self.style, base)),
                }
                if !matches!(self.cursor.place, Place::Key { has_colon: true, .. }) {
                    pieces.push(Piece::Text(":".to_owned()));
                    pieces.extend(draft.render_after_colon(&self.style, base));
                }
            }
            // The value of a member goes below its key where it is a block.
            Insert::Value(draft) if self.is_block(draft) => {
                pieces = draft.render_after_colon(&self.style, base);
            }
            Insert::Value(draft) => pieces.extend(draft.render(&self.style, base)),
        }
        if self.cursor.needs_comma_after {
            pieces.push(Piece::Text(",".to_owned()));
        }
        pieces
    }

    /// Takes away the blanks behind a colon that nothing follows on its line.
    fn blanks_before_block(&self, insert: &Insert) -> Option<TextEdit> {
        let Insert::Value(draft) = insert else { return None };
        let end = self.cursor.replace.start();
        let before = self.analysis.source().slice(TextRange::new(0, end));
        let n_blanks = before.len() - before.trim_end_matches(' ').len();
        let start = end - TextSize::try_from(n_blanks).unwrap_or(0);
        (self.is_block(draft) && n_blanks > 0).then(|| TextEdit::new(TextRange::new(start, end), ""))
    }

    /// Whether a draft is written on lines below the key that it is the value of.
    fn is_block(&self, draft: &Draft) -> bool {
        let is_filled = match draft {
            Draft::Object(members) => !members.is_empty(),
            Draft::Array(elements) => !elements.is_empty(),
            _ => false,
        };
        let is_value = matches!(self.cursor.place, Place::Value { .. });
        is_filled && is_value && self.style.format == Format::Yaml && !self.style.is_flow
    }

    /// What is missing before the thing itself, on the same line: a comma, a colon, a blank.
    fn lead(&self) -> String {
        let start = self.cursor.replace.start();
        if self.cursor.comma_before == Some(start) {
            return ", ".to_owned();
        }
        let before = self.analysis.source().slice(TextRange::new(0, start)).chars().next_back();
        match self.cursor.place {
            Place::Value { needs_colon: true, .. } => ": ".to_owned(),
            _ if matches!(before, Some(':' | ',')) => " ".to_owned(),
            _ => String::new(),
        }
    }
}

/// Pieces in the syntax of snippets.
fn snippet_text(pieces: &[Piece]) -> String {
    let mut text = String::new();
    let mut n_holes = 0;
    for piece in pieces {
        match piece {
            Piece::Text(plain) => text += &plain.replace('\\', "\\\\").replace('$', "\\$"),
            Piece::Hole(default) => {
                n_holes += 1;
                let default = default.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}");
                text += &if default.is_empty() {
                    format!("${n_holes}")
                } else {
                    format!("${{{n_holes}:{default}}}")
                };
            }
        }
    }
    text
}

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::testing::{apply_all, check, check_edit, check_yaml, check_yaml_edit, state};
    use crate::ide::testing::{CURSOR, fixture};

    #[test]
    fn commas_and_colons_are_supplied() {
        check_edit(
            &state(r#""Type": "Pass" <|>"#),
            "End",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
        check_edit(
            &state(r#""Type": "Pass" "E<|>""#),
            "End",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
        check_edit(
            &state(r#""Type": "Pass", "E<|>" "Comment": "x""#),
            "End",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Comment": "x"}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
        check_edit(
            &state(r#""Type": "Pass", "E<|>": true"#),
            "End",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
        check_edit(
            &state("\"Type\": \"Pass\"\n<|>\n\"Comment\": \"x\""),
            "Next",
            expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass",
        "Next": "B",
        "Comment": "x"}, "B": {"Type": "Succeed"}}}"#]],
        );
        check_edit(
            &state(r#""Type": "Pass", "Next" <|>"#),
            "B",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next" : "B"}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
        check_edit(
            &state("\"Type\": \"Pass\", \"Next\": \"<|>,\n\"Comment\": \"x\""),
            "B",
            expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B",
        "Comment": "x"}, "B": {"Type": "Succeed"}}}"#]],
        );
        check_edit(
            &state(r#""Type": "Pass",En<|>"#),
            "End",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
        check_edit(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": <|>"#,
            "A",
            expect![[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A""#]],
        );
    }

    #[test]
    fn lines_end_as_in_the_document() {
        let (analysis, offset) = fixture("{\r\n    \"States\": {<|>}\r\n}");
        let completions = analysis.completion(offset, None);
        let pass = completions.iter().find(|it| it.label == "Pass").unwrap();
        assert_eq!(
            pass.edit.new_text,
            "\"Pass\": {\r\n        \"Type\": \"Pass\",\r\n        \"End\": true\r\n    }"
        );
        assert_eq!(
            pass.snippet.as_deref(),
            Some("\"${1:Pass}\": {\r\n    \"Type\": \"Pass\",\r\n    \"End\": ${2:true}\r\n}")
        );
    }

    /// Wherever the cursor is in a valid document, in whatever prefix of it, each edit leaves it no worse.
    #[test]
    fn edits_leave_documents_valid_everywhere() {
        let order = include_str!("../../../examples/order.asl.json");
        let one_line: String = order.split_whitespace().collect();
        let inventory = include_str!("../../../examples/inventory.asl.json");
        for (text, n_bytes) in [(order, 2), (&*one_line, 2), (inventory, 9)] {
            for (at, _) in text.char_indices().step_by(n_bytes) {
                let (head, tail) = text.split_at(at);
                let (analysis, offset) = fixture(&format!("{head}{CURSOR}{tail}"));
                apply_all(text, &analysis, &analysis.completion(offset, None));
                let (analysis, offset) = fixture(&format!("{head}{CURSOR}"));
                apply_all(head, &analysis, &analysis.completion(offset, None));
            }
        }
    }

    #[test]
    fn yaml_blocks_go_below_their_key() {
        check_yaml_edit(
            "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: arn:aws:states:::dynamodb:getItem\n    <|>\n",
            "Parameters",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Resource: arn:aws:states:::dynamodb:getItem
                Parameters:
                  TableName: ''
                  Key:
                    id: { S: '' }
        "#]],
        );
        check_yaml_edit(
            "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: arn:aws:states:::dynamodb:getItem\n    Catch: <|>\n",
            "[ … ]",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Resource: arn:aws:states:::dynamodb:getItem
                Catch:
                  - ErrorEquals: [States.ALL]
                    Next: ''
        "#]],
        );
    }

    #[test]
    fn yaml_objects_begin_behind_a_dash() {
        check_yaml_edit(
            "StartAt: A\nStates:\n  A:\n    Type: Task\n    Retry:\n      - <|>\n",
            "retrier",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Retry:
                  - ErrorEquals: [States.ALL]
        "#]],
        );
        check_yaml_edit(
            "StartAt: A\nStates:\n  A:\n    Type: Task\n    Retry:\n      - ErrorEquals: [X]\n        <|>\n",
            "MaxAttempts",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Retry:
                  - ErrorEquals: [X]
                    MaxAttempts: 1
        "#]],
        );
        check_yaml_edit(
            "StartAt: A\nStates:\n  A:\n    Type: Task\n    Retry:\n      - Err<|>\n",
            "ErrorEquals",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Retry:
                  - ErrorEquals: [States.ALL]
        "#]],
        );
    }

    #[test]
    fn yaml_in_brackets() {
        check_yaml("StartAt: A\nStates:\n  A: {Type: Pass, <|>}\n", 3, expect!["Next, End, QueryLanguage"]);
        check_yaml_edit(
            "StartAt: A\nStates:\n  A: {Type: Pass, <|>}\n",
            "End",
            expect![[r#"
        StartAt: A
        States:
          A: {Type: Pass, End: true}
    "#]],
        );
    }

    #[test]
    fn expressions_in_the_place_of_values() {
        let machine = |body: &str| {
            format!(r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{"A": {{{body}}}}}}}"#)
        };
        check(&machine(r#""Type": "Pass", "Output": "<|>""#), 9, expect!["{ … }, {% … %}"]);
        check(&machine(r#""Type": "Pass", "Output": {"a": "<|>"}"#), 9, expect!["{% … %}"]);
        check(&machine(r#""Type": "Pass", "Output": {"a": ["<|>"]}"#), 9, expect!["{% … %}"]);
        check(&machine(r#""Type": "Pass", "Output": {"a": "$sta<|>"}"#), 9, expect!["{% … %}, {% $sta %}"]);
        check_edit(
            &machine(r#""Type": "Pass", "Output": "$states.<|>""#),
            "{% $states. %}",
            expect![[
                r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% $states. %}"}}}"#
            ]],
        );
        check(&machine(r#""Type": "Pass", "Assign": {"a": <|>}"#), 9, expect!["{% … %}"]);
        check(&machine(r#""Type": "Pass", "Assign": <|>"#), 9, expect!["{ … }"]);
        check(&machine(r#""Type": "Wait", "Seconds": <|>"#), 9, expect!["{% … %}"]);
        check(&machine(r#""Type": "Pass", "Comment": "<|>""#), 9, expect![""]);
        check(&machine(r#""Type": "Pass", "Next": "<|>""#), 9, expect!["A"]);
        check_edit(
            &machine(r#""Type": "Pass", "Output": {"a": "<|>"}"#),
            "{% … %}",
            expect![[
                r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {"a": "{%  %}"}}}}"#
            ]],
        );
        check_yaml_edit(
            "QueryLanguage: JSONata\nStartAt: A\nStates:\n  A:\n    Type: Pass\n    Output:\n      a: <|>\n    End: true\n",
            "{% … %}",
            expect![[r#"
                QueryLanguage: JSONata
                StartAt: A
                States:
                  A:
                    Type: Pass
                    Output:
                      a: '{%  %}'
                    End: true
            "#]],
        );
    }
}
