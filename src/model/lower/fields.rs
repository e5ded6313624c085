//! The fields of an object of the language, checked against their rows in `spec`.

use super::filled_in::{FILLED_IN, has_substitution, is_filled_in};
use super::*;
use crate::spec::{
    ChoiceOperator, FieldSet, FieldSpec, OneOf, ValueKind, field_spec_of, fields_of, one_of_groups, quota,
    required_fields,
};
use crate::syntax::NodeKind;

/// The fields of one object whose values have the right form.
pub(super) struct Fields<'a> {
    pub(super) language: QueryLanguage,
    pub(super) scope: ScopeId,
    values: Vec<(Field, Node<'a>)>,
    /// Comparison operators of a rule of a Choice state, right or wrong.
    pub(super) operators: Vec<(&'static ChoiceOperator, Node<'a>)>,
}

impl<'a> Fields<'a> {
    pub(super) fn get(&self, field: Field) -> Option<Node<'a>> {
        self.values.iter().find(|(name, _)| *name == field).map(|(_, node)| *node)
    }
}

impl<'a> Ctx<'a> {
    /// Reads the fields of an object: notes what the object is, and what is wrong with its fields.
    pub(super) fn fields(&mut self, node: Node<'a>, place: Place) -> Fields<'a> {
        let Place { owner, language, scope } = place;
        let nothing = Fields { language, scope, values: Vec::new(), operators: Vec::new() };
        if is_filled_in(node) {
            self.problem(node, FILLED_IN);
            return nothing;
        }
        // An element of another type has its error already.
        if !node.is_object() {
            return nothing;
        }
        let state = self.state.map(|(id, _)| id);
        let info = ObjectInfo { node: node.id(), owner: Some(owner), query_language: language, scope, state };
        self.source_map.objects.push(info);
        // As many fields as most objects have.
        let mut fields = Fields { language, scope, values: Vec::with_capacity(8), operators: Vec::new() };
        let mut present = FieldSet::default();
        for member in node.members() {
            let key = member.key();
            if matches!(owner, Owner::ChoiceRule | Owner::NestedRule)
                && let Some(operator) = ChoiceOperator::from_name(&key)
            {
                self.operator(operator, member, &mut fields);
                continue;
            }
            let Some(spec) = field_spec_of(owner, &key) else {
                let kind = LowerErrorKind::Unsupported(key.into_owned());
                self.error(node, member.key_node().range(), kind);
                continue;
            };
            if !spec.language.admits(language) {
                let kind = LowerErrorKind::WrongLanguage { field: key.into_owned(), language };
                self.error(node, member.key_node().range(), kind);
                continue;
            }
            // A half-typed member is an error of syntax; here it only keeps the state from being run.
            let Some(value) = member.value() else {
                present.insert(spec.field);
                self.problem(member.key_node(), "The field has no value");
                continue;
            };
            if !is_absent(spec, value) {
                present.insert(spec.field);
            }
            fields.values.retain(|(field, _)| *field != spec.field);
            if self.check_value(value, spec, language) {
                fields.values.push((spec.field, value));
            }
        }
        self.check_presence(node, owner, language, present);
        fields
    }

    fn check_presence(&mut self, node: Node<'a>, owner: Owner, language: QueryLanguage, present: FieldSet) {
        let required = required_fields(owner, language);
        if !required.is_subset_of(present) {
            let is_missing = |field: &Field| required.contains(*field) && !present.contains(*field);
            let missing = fields_of(owner).map(|spec| spec.field).filter(is_missing).collect();
            self.error(node, name_range(node), LowerErrorKind::MissingFields(missing));
        }
        for OneOf { is_needed, fields: group, set } in one_of_groups(owner, language) {
            match set.n_common(present) {
                0 if *is_needed => {
                    self.error(node, name_range(node), LowerErrorKind::NoneOf(group.clone()));
                }
                0 | 1 => {}
                _ => {
                    let given: Vec<Field> =
                        group.iter().copied().filter(|field| present.contains(*field)).collect();
                    let second = given.get(1).and_then(|second| node.get(second.name()));
                    let range = second.map_or(name_range(node), |member| member.key_node().range());
                    self.error(node, range, LowerErrorKind::OnlyOneOf(given));
                }
            }
        }
    }

    fn operator(&mut self, operator: &'static ChoiceOperator, member: Member<'a>, fields: &mut Fields<'a>) {
        let language = fields.language;
        if language == QueryLanguage::Jsonata {
            let kind = LowerErrorKind::WrongLanguage { field: operator.name.to_owned(), language };
            self.error(member.node(), member.key_node().range(), kind);
        } else if let Some(value) = member.value() {
            fields.operators.push((operator, value));
        } else {
            self.problem(member.key_node(), "The field has no value");
        }
    }

    /// Whether a value has the form its field asks for; says what is wrong if not.
    fn check_value(&mut self, node: Node<'a>, spec: &FieldSpec, language: QueryLanguage) -> bool {
        let is_filled_in = match spec.value {
            // A template may well make such an object, and a text of it is a text.
            ValueKind::Payload | ValueKind::Literal => node.kind() == NodeKind::Substitution,
            // `{"Ref": "x"}` gives a variable a value.
            ValueKind::Variables => is_filled_in(node) && !node.is_object(),
            kind => is_filled_in(node) || (kind.is_scalar() && has_substitution(node)),
        };
        if is_filled_in {
            return self.substitution(node, spec.value);
        }
        if spec.value.admits_expression() && language == QueryLanguage::Jsonata && is_jsonata(node) {
            return true;
        }
        let wrong = match spec.value {
            ValueKind::Text
            | ValueKind::TextOrExpression
            | ValueKind::Path
            | ValueKind::ReferencePath
            | ValueKind::PathOrFunction
            | ValueKind::Resource => unless(node.is_string(), "a string"),
            ValueKind::Label => wrong_label(node),
            ValueKind::StateName => unless(node.is_string(), "the name of a state"),
            ValueKind::StateType | ValueKind::Literal | ValueKind::Payload => None,
            ValueKind::QueryLanguage => {
                not_one_of(node, spec.field, &QueryLanguage::ALL.map(QueryLanguage::name))
            }
            ValueKind::Enum(values) => not_one_of(node, spec.field, values),
            ValueKind::Boolean => unless(node.boolean().is_some(), "true or false"),
            ValueKind::Integer(least, greatest) => wrong_integer(node, least, greatest),
            ValueKind::Number(least, greatest) => wrong_number(node, least, greatest),
            ValueKind::NullablePath | ValueKind::NullableReferencePath => {
                unless(node.is_string() || node.kind() == NodeKind::Null, "a path or null")
            }
            ValueKind::Items => {
                unless(node.is_array() || node.is_object(), "an array or an expression that gives one")
            }
            ValueKind::Timestamp => {
                let is_right = node.text().is_some_and(|text| crate::expr::parse_timestamp(&text).is_some());
                (!is_right).then_some(LowerErrorKind::BadTimestamp)
            }
            ValueKind::Condition => node.boolean().is_none().then_some(LowerErrorKind::NotJsonata),
            ValueKind::Object(_) => unless(node.is_object(), "an object"),
            ValueKind::States => {
                if node.is_object() && node.members().next().is_none() {
                    self.error(node, node.range(), LowerErrorKind::Empty);
                }
                unless(node.is_object(), "an object of states")
            }
            ValueKind::Variables => return self.check_variables(node),
            ValueKind::ErrorNames => return self.check_elements(node, true, Node::is_string, "a string"),
            ValueKind::Texts => return self.check_elements(node, false, Node::is_string, "a string"),
            ValueKind::List(_) => return self.check_elements(node, false, Node::is_object, "an object"),
            ValueKind::NonEmptyList(_) => {
                return self.check_elements(node, true, Node::is_object, "an object");
            }
        };
        match wrong {
            // What the parser could not read has its error already.
            Some(_) if node.kind() == NodeKind::Error => self.problem(node, "The value cannot be read"),
            Some(kind) => self.error(node, node.range(), kind),
            None => return true,
        }
        false
    }

    /// `${…}` is filled in when the definition is deployed; only some fields can do without its value.
    fn substitution(&mut self, node: Node<'a>, kind: ValueKind) -> bool {
        let is_text = matches!(kind, ValueKind::Text | ValueKind::TextOrExpression | ValueKind::Resource);
        if kind == ValueKind::StateName {
            return true;
        }
        if !is_text || !node.is_string() {
            self.problem(node, FILLED_IN);
        }
        is_text && node.is_string()
    }

    fn check_variables(&mut self, node: Node<'a>) -> bool {
        if !node.is_object() {
            self.error(node, node.range(), LowerErrorKind::WrongType("an object of variables"));
            return false;
        }
        for member in node.members() {
            let key = member.key();
            let name = key.strip_suffix(".$").unwrap_or(&key);
            if !is_variable_name(name) {
                let kind = LowerErrorKind::BadVariableName(name.to_owned());
                self.error(node, member.key_node().range(), kind);
            }
        }
        true
    }

    fn check_elements(
        &mut self,
        node: Node<'a>,
        is_needed: bool,
        is_right: fn(Node<'a>) -> bool,
        expected: &'static str,
    ) -> bool {
        if !node.is_array() {
            self.error(node, node.range(), LowerErrorKind::WrongType("an array"));
            return false;
        }
        if is_needed && node.elements().next().is_none() {
            self.error(node, node.range(), LowerErrorKind::Empty);
        }
        let is_given = |element: &Node<'a>| !is_filled_in(*element);
        for element in node.elements().filter(|element| is_given(element) && !is_right(*element)) {
            self.error(element, element.range(), LowerErrorKind::WrongType(expected));
        }
        true
    }
}

impl ValueKind {
    /// Whether the field holds one value that a substitution may stand for.
    fn is_scalar(self) -> bool {
        !matches!(
            self,
            ValueKind::Literal
                | ValueKind::Payload
                | ValueKind::Variables
                | ValueKind::States
                | ValueKind::StateName
                | ValueKind::ErrorNames
                | ValueKind::Texts
                | ValueKind::Object(_)
                | ValueKind::List(_)
                | ValueKind::NonEmptyList(_)
        )
    }

    /// Whether, under JSONata, the value may be an expression.
    pub(crate) fn admits_expression(self) -> bool {
        matches!(
            self,
            ValueKind::TextOrExpression
                | ValueKind::Integer(..)
                | ValueKind::Number(..)
                | ValueKind::Items
                | ValueKind::Timestamp
                | ValueKind::Condition
        )
    }
}

fn unless(is_right: bool, expected: &'static str) -> Option<LowerErrorKind> {
    (!is_right).then_some(LowerErrorKind::WrongType(expected))
}

fn not_one_of(node: Node<'_>, field: Field, values: &[&'static str]) -> Option<LowerErrorKind> {
    let is_one = node.text().is_some_and(|text| values.contains(&&*text));
    (!is_one).then(|| LowerErrorKind::NotOneOf(field, values.to_vec()))
}

fn wrong_integer(node: Node<'_>, least: i64, greatest: i64) -> Option<LowerErrorKind> {
    let value = node.number().and_then(|number| number.as_f64()).filter(|value| value.fract() == 0.0);
    let Some(value) = value else { return Some(LowerErrorKind::WrongType("a whole number")) };
    // The bounds are far below 2^53, or none at all.
    if value < least as f64 {
        Some(LowerErrorKind::TooSmall(least.to_string()))
    } else if value > greatest as f64 {
        Some(LowerErrorKind::TooLarge(greatest.to_string()))
    } else {
        None
    }
}

fn wrong_number(node: Node<'_>, least: f64, greatest: f64) -> Option<LowerErrorKind> {
    let value = node.number().and_then(|number| number.as_f64());
    let Some(value) = value else { return Some(LowerErrorKind::WrongType("a number")) };
    // AWS writes these bounds as floating point numbers: 100.0.
    if value < least {
        Some(LowerErrorKind::TooSmall(format!("{least:?}")))
    } else if value > greatest {
        Some(LowerErrorKind::TooLarge(format!("{greatest:?}")))
    } else {
        None
    }
}

fn wrong_label(node: Node<'_>) -> Option<LowerErrorKind> {
    let Some(label) = node.text() else { return Some(LowerErrorKind::WrongType("a string")) };
    let is_wrong =
        |c: &char| c.is_control() || c.is_whitespace() || quota::LABEL_CHARS_FORBIDDEN.contains(*c);
    let why = if label.is_empty() {
        "A label cannot be empty".to_owned()
    } else if label.chars().count() > quota::LABEL_CHARS_MAX {
        format!("A label has at most {} characters", quota::LABEL_CHARS_MAX)
    } else {
        format!("A label cannot hold the character {:?}", label.chars().find(is_wrong)?)
    };
    Some(LowerErrorKind::BadLabel(why))
}

/// `"End": false` counts as no `End`.
fn is_absent(spec: &FieldSpec, value: Node<'_>) -> bool {
    spec.field == Field::End && value.boolean() == Some(false)
}

pub(super) fn is_jsonata(node: Node<'_>) -> bool {
    node.is_string() && node.text().is_some_and(|text| crate::expr::jsonata::delimited(&text).is_some())
}

fn is_variable_name(name: &str) -> bool {
    crate::expr::is_identifier(name)
        && name != "states"
        && name.chars().count() <= quota::VARIABLE_NAME_CHARS_MAX
}
