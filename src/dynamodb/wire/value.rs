//! Attribute values as requests have them.

use std::collections::BTreeMap;

use base64::Engine as _;
use smol_str::SmolStr;
use triomphe::Arc;

use super::{ATTRIBUTE_VALUE, BASE64, attribute_map, binary, boolean, list, object, string};
use crate::dynamodb::attribute::{AttributeType, AttributeValue};
use crate::dynamodb::error::Error;
use crate::dynamodb::item::GivenItem;
use crate::dynamodb::json::{Array, Json, Object};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::number::{Number, NumberError};
use crate::dynamodb::text::Text;
use crate::spec::quota;

/// Reads attribute values and remembers the first rule one of them breaks.
#[derive(Default)]
pub(in crate::dynamodb) struct ValueReader {
    problem: Option<Message>,
    /// Whether the problem is a map with an empty name in it, which gives way to values nested too deep.
    gives_way: bool,
    /// Whether the values are parameters of a statement, whose numbers are read in another way.
    of_statement: bool,
}

impl ValueReader {
    /// A reader of the parameters of a statement.
    pub(in crate::dynamodb) fn of_statement() -> ValueReader {
        ValueReader { of_statement: true, ..ValueReader::default() }
    }

    /// The first broken rule, in the order of reading.
    pub(in crate::dynamodb) fn into_problem(self) -> Option<Message> {
        self.problem
    }

    /// Reads attributes by name.
    ///
    /// # Errors
    ///
    /// `SerializationException` when a part has the wrong JSON type.
    pub(in crate::dynamodb) fn item(&mut self, object: Object<'_>) -> Result<GivenItem, Error> {
        // AWS: what is wrong with a name is noticed before what is with a value.
        object.iter().filter(|(_, value)| !value.is_null()).for_each(|(name, _)| self.name(name));
        self.attributes(object, 0)
    }

    /// Notes what is wrong with the name of an attribute.
    pub(in crate::dynamodb) fn name(&mut self, name: &str) {
        if let Err(problem) = message::check_attribute_name(name) {
            self.note(problem);
        }
    }

    /// Reads one value.
    ///
    /// # Errors
    ///
    /// `SerializationException` when a part has the wrong JSON type.
    pub(in crate::dynamodb) fn value(&mut self, value: Json<'_>) -> Result<AttributeValue, Error> {
        self.nested(value, 0)
    }

    fn attributes(&mut self, object: Object<'_>, levels: usize) -> Result<GivenItem, Error> {
        // Room for a key, and for most maps.
        let mut attributes = Vec::with_capacity(8);
        for (name, value) in object.iter().filter(|(_, value)| !value.is_null()) {
            if name.is_empty() {
                self.gives_way |= self.problem.is_none();
            }
            self.name(name);
            attributes.push((SmolStr::new(name), self.nested(value, levels)?));
        }
        Ok(GivenItem::of_distinct(attributes))
    }

    /// `levels` counts the lists and maps around the value; the recursion ends at [`quota::ATTRIBUTE_NESTING_MAX`].
    fn nested(&mut self, value: Json<'_>, levels: usize) -> Result<AttributeValue, Error> {
        if levels >= quota::ATTRIBUTE_NESTING_MAX {
            // AWS: how deep values are is known before the names in maps are looked at.
            if std::mem::take(&mut self.gives_way) {
                self.problem = None;
            }
            self.note(message::nesting_too_deep());
            return Ok(AttributeValue::Null);
        }
        match self.text_or_number(value) {
            Some(value) => Ok(value),
            None => self.any(value, levels),
        }
    }

    /// What most values are, before all that a value can be is looked at.
    fn text_or_number(&mut self, value: Json<'_>) -> Option<AttributeValue> {
        let Json::Object(object) = value else { return None };
        let mut members = object.iter();
        match (members.next()?, members.next()) {
            (("S", Json::Text(text)), None) => Some(AttributeValue::S(text.into())),
            (("N", Json::Text(text)), None) => Some(AttributeValue::N(self.number(text))),
            _ => None,
        }
    }

    fn any(&mut self, value: Json<'_>, levels: usize) -> Result<AttributeValue, Error> {
        let members = object(value, || ATTRIBUTE_VALUE)?;
        let mut found = None;
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let Some(kind) = AttributeType::from_name(name) else { continue };
            let value = self.typed(kind, value, levels)?;
            if found.is_some() {
                self.note(message::value_has_two_types());
            }
            found = Some(value);
        }
        Ok(found.unwrap_or_else(|| {
            self.note(message::value_empty());
            AttributeValue::Null
        }))
    }

    fn typed(
        &mut self,
        kind: AttributeType,
        value: Json<'_>,
        levels: usize,
    ) -> Result<AttributeValue, Error> {
        Ok(match kind {
            AttributeType::S => AttributeValue::S(string(value)?.into()),
            AttributeType::N => AttributeValue::N(self.number(string(value)?)),
            AttributeType::B => AttributeValue::B(binary(value)?),
            AttributeType::Bool => AttributeValue::Bool(boolean(value)?),
            AttributeType::Null => {
                if !boolean(value)? {
                    self.note(message::null_is_false());
                }
                AttributeValue::Null
            }
            AttributeType::Ss => self.string_set(list(value)?)?,
            AttributeType::Ns => self.number_set(list(value)?)?,
            AttributeType::Bs => self.binary_set(list(value)?)?,
            AttributeType::L => {
                let values = list(value)?.iter().map(|value| self.nested(value, levels + 1));
                AttributeValue::L(values.collect::<Result<Vec<_>, _>>()?.into())
            }
            AttributeType::M => AttributeValue::M(self.attributes(attribute_map(value)?, levels + 1)?.into()),
        })
    }

    fn number(&mut self, text: &str) -> Number {
        let number = match self.of_statement {
            true => Number::parse_in_statement(text),
            false => Number::parse(text),
        };
        number.unwrap_or_else(|error| {
            // AWS: the older layer has numbers of fewer bits, as statements do.
            // Of larger exponents no text of the older layer is known.
            let older = Number::parse_in_statement(text).err();
            let older = older.filter(|older| *older == NumberError::Underflow).unwrap_or(error);
            self.note(message::bad_number(error, older, text));
            Number::ZERO
        })
    }

    fn string_set(&mut self, values: Array<'_>) -> Result<AttributeValue, Error> {
        let mut set: Vec<Text> =
            values.iter().map(|value| string(value).map(Text::from)).collect::<Result<_, _>>()?;
        self.sort_set(AttributeType::Ss, &mut set, values, |text| text.into());
        Ok(AttributeValue::Ss(set.into()))
    }

    fn number_set(&mut self, values: Array<'_>) -> Result<AttributeValue, Error> {
        let mut set: Vec<Number> =
            values.iter().map(|value| Ok(self.number(string(value)?))).collect::<Result<_, Error>>()?;
        self.sort_set(AttributeType::Ns, &mut set, values, |text| {
            Number::parse(text).unwrap_or(Number::ZERO)
        });
        Ok(AttributeValue::Ns(set.into()))
    }

    fn binary_set(&mut self, values: Array<'_>) -> Result<AttributeValue, Error> {
        let mut set: Vec<Arc<[u8]>> = values.iter().map(binary).collect::<Result<_, _>>()?;
        self.sort_set(AttributeType::Bs, &mut set, values, |text| {
            BASE64.decode(text).unwrap_or_default().into()
        });
        Ok(AttributeValue::Bs(set.into()))
    }

    /// `values` are the members as sent; `read` makes a member of its text once more, where what is wrong has to be
    /// told.
    fn sort_set<T: Ord>(
        &mut self,
        kind: AttributeType,
        set: &mut Vec<T>,
        values: Array<'_>,
        read: impl Fn(&str) -> T,
    ) {
        if set.is_empty() {
            self.note(message::set_empty(kind));
        }
        set.sort();
        let count = set.len();
        set.dedup();
        if set.len() < count {
            let texts: Vec<&str> = values.iter().filter_map(|value| string(value).ok()).collect();
            let arranged = up_to_repetition_in_order(&texts, read);
            self.note(message::set_has_duplicates(kind, &texts, &arranged));
        }
    }

    fn note(&mut self, problem: Message) {
        self.problem.get_or_insert(problem);
    }
}

/// The members of a set, those before the first repeated one in their order.
fn up_to_repetition_in_order<'t, T: Ord>(texts: &[&'t str], read: impl Fn(&str) -> T) -> Vec<&'t str> {
    let mut before = BTreeMap::new();
    let mut rest = texts.iter().copied();
    for text in rest.by_ref() {
        let member = read(text);
        if before.contains_key(&member) {
            return before.into_values().chain([text]).chain(rest).collect();
        }
        before.insert(member, text);
    }
    before.into_values().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::dynamodb::TextGeneration;
    use crate::dynamodb::message::Layer;
    use crate::dynamodb::wire::value_to_json;

    #[track_caller]
    fn check(value: Value, expected: &str) {
        let mut reader = ValueReader::default();
        let actual = match reader.value(Json::from(&value)) {
            Err(error) => format!("{}: {error}", error.code()),
            Ok(read) => match reader.into_problem() {
                Some(problem) => problem.render(TextGeneration::Before2026, Layer::Enveloped),
                None => value_to_json(&read).to_string(),
            },
        };
        assert_eq!(actual, expected);
    }

    #[test]
    fn values_round_trip() {
        check(json!({"S": ""}), r#"{"S":""}"#);
        check(json!({"N": "01.50"}), r#"{"N":"1.5"}"#);
        check(json!({"B": "AAEC"}), r#"{"B":"AAEC"}"#);
        check(json!({"BOOL": "true"}), r#"{"BOOL":true}"#);
        check(json!({"NULL": true, "S": null}), r#"{"NULL":true}"#);
        check(json!({"NS": ["10", "9"]}), r#"{"NS":["9","10"]}"#);
        check(
            json!({"L": [{"M": {"b": {"S": "x"}, "a": {"SS": ["y"]}}}]}),
            r#"{"L":[{"M":{"a":{"SS":["y"]},"b":{"S":"x"}}}]}"#,
        );
    }

    #[test]
    fn wrong_json_types() {
        check(json!({"N": 5}), "SerializationException: NUMBER_VALUE cannot be converted to String");
        check(json!({"N": 5.5}), "SerializationException: DECIMAL_VALUE cannot be converted to String");
        check(json!({"S": true}), "SerializationException: TRUE_VALUE cannot be converted to String");
        check(
            json!({"S": ["x"]}),
            "SerializationException: Unrecognized collection type class java.lang.String",
        );
        check(json!("x"), "SerializationException: Unexpected value type in payload");
        check(json!({"L": "x"}), "SerializationException: Unexpected field type");
        check(json!({"BOOL": "maybe"}), "SerializationException: Unexpected token received from parser");
        check(
            json!({"B": "abcde"}),
            "SerializationException: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
        );
    }

    #[test]
    fn broken_rules() {
        check(
            json!({}),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        );
        check(
            json!({"S": "a", "N": "1"}),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        );
        check(
            json!({"NULL": false}),
            "One or more parameter values were invalid: Null attribute value types must have the value of true",
        );
        check(
            json!({"SS": []}),
            "One or more parameter values were invalid: An string set  may not be empty",
        );
        check(
            json!({"SS": ["a", "a"]}),
            "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
        );
        check(json!({"NS": ["1", "1.0"]}), "Input collection contains duplicates");
        check(
            json!({"BS": ["Yg==", "Yg=="]}),
            "One or more parameter values were invalid: Input collection [Yg==, Yg==]of type BS contains duplicates.",
        );
        check(json!({"N": "dog"}), "The parameter cannot be converted to a numeric value: dog");
        check(json!({"N": ""}), "The parameter cannot be converted to a numeric value");
    }

    #[test]
    fn deep_values_are_refused_not_followed() {
        let nested = |levels: usize| (0..levels).fold(json!({"S": "x"}), |inner, _| json!({"L": [inner]}));
        let mut reader = ValueReader::default();
        assert_eq!(reader.value(Json::from(&nested(31))).unwrap().nesting_levels(), 32);
        assert_eq!(reader.into_problem(), None);
        let text = "Nesting Levels have exceeded supported limits: \
                    Attributes in the item have nested levels beyond supported limit";
        check(nested(32), text);
        check(nested(300), text);
    }
}
