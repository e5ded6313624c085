//! The JSON Schema of files of scenarios, made from the table of the format.

use serde_json::{Map, Value, json};

use super::format::{MemberSpec, Owner, ValueForm, members_of};

/// The schema, in draft 07, which editors know.
pub fn schema_json() -> Value {
    let owners = [Owner::Scenario, Owner::Expect, Owner::State, Owner::Call];
    let definitions: Map<String, Value> =
        owners.iter().map(|owner| (definition_name(*owner).to_owned(), object(*owner))).collect();
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!("Scenarios of a state machine"));
    if let Value::Object(file) = object(Owner::File) {
        schema.extend(file);
    }
    schema.insert("definitions".to_owned(), Value::Object(definitions));
    Value::Object(schema)
}

fn object(owner: Owner) -> Value {
    let property = |spec: &MemberSpec| {
        let mut schema = form(spec.form);
        if let Value::Object(members) = &mut schema {
            members.insert("description".to_owned(), json!(spec.doc));
        }
        (spec.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = members_of(owner).map(property).collect();
    // An answer may also be in the shape of TestState.
    let is_open = owner == Owner::Call;
    json!({"type": "object", "properties": properties, "additionalProperties": is_open})
}

fn form(form: ValueForm) -> Value {
    match form {
        ValueForm::Any => json!({}),
        ValueForm::Text | ValueForm::ErrorName | ValueForm::File | ValueForm::Folder => {
            json!({"type": "string"})
        }
        ValueForm::Time => json!({"type": "string", "format": "date-time"}),
        ValueForm::Boolean => json!({"type": "boolean"}),
        ValueForm::Count => json!({"type": "integer", "minimum": 0}),
        ValueForm::Seconds => json!({"type": "number", "minimum": 0}),
        ValueForm::OneOf(values) => json!({"enum": values}),
        ValueForm::Object => json!({"type": "object"}),
        ValueForm::Files => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        ValueForm::Tables => json!({"type": "array", "items": {"type": ["object", "string"]}}),
        ValueForm::Items => {
            let items = json!({"type": "array", "items": {"type": "object"}});
            json!({"type": "object", "additionalProperties": items})
        }
        ValueForm::Names => json!({"type": "array", "items": {"type": "string"}}),
        ValueForm::Named(owner) => json!({"type": "object", "additionalProperties": reference(owner)}),
        // Beside a reference, draft 07 ignores a description.
        ValueForm::One(owner) => json!({"allOf": [reference(owner)]}),
        ValueForm::Calls(owner) => {
            let calls = json!({"type": "array", "items": reference(owner)});
            json!({"type": "object", "additionalProperties": {"anyOf": [reference(owner), calls]}})
        }
    }
}

fn reference(owner: Owner) -> Value {
    json!({"$ref": format!("#/definitions/{}", definition_name(owner))})
}

fn definition_name(owner: Owner) -> &'static str {
    match owner {
        Owner::File => "file",
        Owner::Scenario => "scenario",
        Owner::Expect => "expect",
        Owner::State => "state",
        Owner::Call => "call",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    #[test]
    fn the_published_schema_is_fresh() {
        let text = format!("{:#}\n", schema_json());
        expect_file!["../../editors/schemas/scenarios.schema.json"].assert_eq(&text);
    }
}
