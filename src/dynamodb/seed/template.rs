//! Tables in a CloudFormation or SAM template, as the CreateTable requests they come to.
//!
//! Parameters have their defaults. What cannot be known without a deployment, such as an import of another stack, is an
//! error where a table needs it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html>

use crate::spec::quota;
use serde_json::{Map, Value, json};

/// The CreateTable requests of a template, in its order.
///
/// # Errors
///
/// The path of what cannot be understood, and why: `Resources.Orders.Properties.TableName: …`.
pub(super) fn tables(template: &Value) -> Result<Vec<Value>, String> {
    let resources = template.get("Resources").and_then(Value::as_object);
    let template = Template { template };
    let mut tables = Vec::new();
    for (id, resource) in resources.into_iter().flatten() {
        let kind = resource.get("Type").and_then(Value::as_str).unwrap_or_default();
        let table: fn(&str, &Map<String, Value>) -> Result<Value, String> = match kind {
            "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => table,
            "AWS::Serverless::SimpleTable" => simple_table,
            _ => continue,
        };
        let nothing = json!({});
        let properties = resource.get("Properties").unwrap_or(&nothing);
        let path = format!("Resources.{id}.Properties");
        let properties = properties.as_object().ok_or_else(|| format!("{path}: expected an object"))?;
        let mut resolved = Map::new();
        for (name, value) in properties.iter().filter(|(name, _)| NEEDED.contains(&name.as_str())) {
            let value = template.resolve(value, &format!("{path}.{name}"), 0)?;
            resolved.extend(value.map(|value| (name.clone(), value)));
        }
        tables.push(table(id, &resolved).map_err(|what| format!("{path}{what}"))?);
    }
    Ok(tables)
}

/// Properties that decide what tasks see of a table. Others, such as backups, keys of encryption and tags, are not
/// even worked out: they often name what only a deployment knows.
const NEEDED: &[&str] = &[
    "TableName",
    "KeySchema",
    "AttributeDefinitions",
    "BillingMode",
    "ProvisionedThroughput",
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
    "StreamSpecification",
    "TableClass",
    "DeletionProtectionEnabled",
    "TimeToLiveSpecification",
    "PrimaryKey",
    "ImportSourceSpecification",
];

/// Properties that a table and a CreateTable request have in common.
const SHARED: &[&str] = &[
    "KeySchema",
    "AttributeDefinitions",
    "BillingMode",
    "ProvisionedThroughput",
    "LocalSecondaryIndexes",
    "TableClass",
    "DeletionProtectionEnabled",
    "TimeToLiveSpecification",
];

fn table(id: &str, properties: &Map<String, Value>) -> Result<Value, String> {
    if properties.contains_key("ImportSourceSpecification") {
        return Err(".ImportSourceSpecification: an import is not simulated".to_owned());
    }
    let mut request = Map::new();
    // A table without a name gets one of CloudFormation's making; the simulation calls it by its logical id.
    let name = properties.get("TableName").cloned().unwrap_or_else(|| id.into());
    request.insert("TableName".to_owned(), name);
    for name in SHARED {
        if let Some(value) = properties.get(*name) {
            request.insert((*name).to_owned(), typed(value));
        }
    }
    if let Some(indexes) = properties.get("GlobalSecondaryIndexes").and_then(Value::as_array) {
        let members = ["IndexName", "KeySchema", "Projection", "ProvisionedThroughput"];
        let indexes = indexes.iter().map(|index| {
            let index =
                members.iter().filter_map(|name| Some(((*name).to_owned(), typed(index.get(*name)?))));
            Value::Object(index.collect())
        });
        request.insert("GlobalSecondaryIndexes".to_owned(), indexes.collect());
    }
    if let Some(view) = properties.get("StreamSpecification").and_then(|stream| stream.get("StreamViewType"))
    {
        request
            .insert("StreamSpecification".to_owned(), json!({"StreamEnabled": true, "StreamViewType": view}));
    }
    Ok(Value::Object(request))
}

fn simple_table(id: &str, properties: &Map<String, Value>) -> Result<Value, String> {
    let key = properties.get("PrimaryKey");
    let member = |name: &str| key.and_then(|key| key.get(name)).and_then(Value::as_str);
    let name = member("Name").unwrap_or("id");
    let kind = match member("Type").unwrap_or("String") {
        "String" => "S",
        "Number" => "N",
        "Binary" => "B",
        other => return Err(format!(".PrimaryKey.Type: `{other}` is none of String, Number and Binary")),
    };
    let mut properties = properties.clone();
    properties.insert("KeySchema".to_owned(), json!([{"AttributeName": name, "KeyType": "HASH"}]));
    properties
        .insert("AttributeDefinitions".to_owned(), json!([{"AttributeName": name, "AttributeType": kind}]));
    table(id, &properties)
}

/// Templates may write numbers and truth values as texts; requests may not.
fn typed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let units = ["ReadCapacityUnits", "WriteCapacityUnits"].contains(&name.as_str());
                let number = value.as_str().filter(|_| units).and_then(|text| text.parse::<i64>().ok());
                (name.clone(), number.map_or_else(|| typed(value), Value::from))
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(values) => values.iter().map(typed).collect(),
        other => other.clone(),
    }
}

/// A template whose functions are to be worked out.
struct Template<'t> {
    template: &'t Value,
}

impl Template<'_> {
    /// A value with its functions worked out; `None` for `AWS::NoValue`.
    fn resolve(&self, value: &Value, path: &str, level: usize) -> Result<Option<Value>, String> {
        if level > quota::TEMPLATE_FUNCTIONS_MAX {
            return Err(format!("{path}: more than {} levels", quota::TEMPLATE_FUNCTIONS_MAX));
        }
        match value {
            Value::Array(values) => {
                let mut resolved = Vec::new();
                for (index, value) in values.iter().enumerate() {
                    resolved.extend(self.resolve(value, &format!("{path}.{index}"), level + 1)?);
                }
                Ok(Some(Value::Array(resolved)))
            }
            Value::Object(members) => {
                if let (1, Some((name, argument))) = (members.len(), members.iter().next())
                    && (name == "Ref" || name.starts_with("Fn::"))
                {
                    return self.function(name, argument, path, level);
                }
                let mut resolved = Map::new();
                for (name, value) in members {
                    let value = self.resolve(value, &format!("{path}.{name}"), level + 1)?;
                    resolved.extend(value.map(|value| (name.clone(), value)));
                }
                Ok(Some(Value::Object(resolved)))
            }
            other => Ok(Some(other.clone())),
        }
    }

    fn function(
        &self,
        name: &str,
        argument: &Value,
        path: &str,
        level: usize,
    ) -> Result<Option<Value>, String> {
        let unknown = || format!("{path}: {name} cannot be worked out without a deployment");
        match name {
            "Ref" => match argument.as_str() {
                Some("AWS::NoValue") => Ok(None),
                Some(reference) => self.reference(reference, path).map(Some),
                None => Err(unknown()),
            },
            "Fn::Sub" => self.substitute(argument, path, level).map(Value::from).map(Some),
            "Fn::Join" => {
                let parts = self.resolve(argument, path, level + 1)?.unwrap_or_default();
                let list = parts.get(1).and_then(Value::as_array).ok_or_else(unknown)?;
                let texts: Option<Vec<String>> = list.iter().map(text).collect();
                let separator = parts.get(0).and_then(Value::as_str).unwrap_or_default();
                Ok(Some(texts.ok_or_else(unknown)?.join(separator).into()))
            }
            "Fn::If" => {
                let condition = argument.get(0).and_then(Value::as_str).ok_or_else(unknown)?;
                let chosen = if self.named_condition(condition, path, level + 1)? { 1 } else { 2 };
                self.resolve(argument.get(chosen).ok_or_else(unknown)?, path, level + 1)
            }
            "Fn::FindInMap" => {
                let keys = self.resolve(argument, path, level + 1)?.unwrap_or_default();
                let keys = keys.as_array().into_iter().flatten().filter_map(text);
                let found = keys.fold(self.template.get("Mappings"), |value, key| value?.get(&key));
                found.cloned().map(Some).ok_or_else(unknown)
            }
            _ => Err(unknown()),
        }
    }

    /// What a name stands for: a parameter's default, a pseudo parameter, or the id of a resource.
    fn reference(&self, name: &str, path: &str) -> Result<Value, String> {
        let pseudo = match name {
            "AWS::Region" => Some("us-east-1"),
            "AWS::AccountId" => Some("000000000000"),
            "AWS::Partition" => Some("aws"),
            "AWS::StackName" => Some("stack"),
            "AWS::URLSuffix" => Some("amazonaws.com"),
            _ => None,
        };
        if let Some(value) = pseudo {
            return Ok(value.into());
        }
        if let Some(parameter) = self.template.get("Parameters").and_then(|parameters| parameters.get(name)) {
            let default = parameter.get("Default").cloned();
            return default.ok_or_else(|| format!("{path}: the parameter `{name}` has no Default"));
        }
        if self.template.get("Resources").is_some_and(|resources| resources.get(name).is_some()) {
            return Ok(name.into());
        }
        Err(format!("{path}: there is no parameter or resource `{name}`"))
    }

    fn substitute(&self, argument: &Value, path: &str, level: usize) -> Result<String, String> {
        let (pattern, variables) = match argument {
            Value::Array(pair) => (pair.first(), pair.get(1)),
            other => (Some(other), None),
        };
        let pattern =
            pattern.and_then(Value::as_str).ok_or_else(|| format!("{path}: Fn::Sub needs a text"))?;
        let mut result = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| format!("{path}: `${{` without `}}`"))?;
            result.push_str(before);
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                result.push_str(&format!("${{{literal}}}"));
                continue;
            }
            let value = match variables.and_then(|variables| variables.get(name)) {
                Some(value) => self.resolve(value, path, level + 1)?.unwrap_or_default(),
                None => self.reference(name, path)?,
            };
            result.push_str(&text(&value).ok_or_else(|| format!("{path}: `{name}` is no text"))?);
        }
        result.push_str(rest);
        Ok(result)
    }

    fn named_condition(&self, name: &str, path: &str, level: usize) -> Result<bool, String> {
        let condition = self.template.get("Conditions").and_then(|conditions| conditions.get(name));
        let condition = condition.ok_or_else(|| format!("{path}: there is no condition `{name}`"))?;
        self.condition(condition, path, level + 1)
    }

    fn condition(&self, condition: &Value, path: &str, level: usize) -> Result<bool, String> {
        if level > quota::TEMPLATE_FUNCTIONS_MAX {
            return Err(format!("{path}: more than {} levels", quota::TEMPLATE_FUNCTIONS_MAX));
        }
        let unknown = || format!("{path}: a condition that cannot be worked out");
        let (name, argument) =
            condition.as_object().and_then(|members| members.iter().next()).ok_or_else(unknown)?;
        let list = || argument.as_array().ok_or_else(unknown);
        let each = || {
            list()?.iter().map(|inner| self.condition(inner, path, level + 1)).collect::<Result<Vec<_>, _>>()
        };
        match name.as_str() {
            "Fn::Equals" => {
                let pair = self.resolve(argument, path, level + 1)?.unwrap_or_default();
                Ok(pair.get(0).and_then(text) == pair.get(1).and_then(text))
            }
            "Fn::And" => Ok(each()?.into_iter().all(|holds| holds)),
            "Fn::Or" => Ok(each()?.into_iter().any(|holds| holds)),
            "Fn::Not" => Ok(!each()?.into_iter().any(|holds| holds)),
            "Condition" => self.named_condition(argument.as_str().ok_or_else(unknown)?, path, level + 1),
            _ => Err(unknown()),
        }
    }
}

/// A scalar as the text it is in a template.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::yaml;
    use super::*;

    /// The requests of a template in YAML, one a line.
    #[track_caller]
    fn check(template: &str, expected: Expect) {
        let tables = tables(&yaml::parse(template).unwrap());
        let lines = |tables: Vec<Value>| tables.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        expected.assert_eq(&tables.map_or_else(|error| error, lines));
    }

    const ORDERS: &str = "
Parameters:
  Stage: {Type: String, Default: dev}
  Secret: {Type: String}
Mappings:
  Units: {dev: {read: 2}}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsBig: !Not [!Condition IsDev]
Resources:
  Queue: {Type: 'AWS::SQS::Queue'}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
";

    #[test]
    fn functions() {
        check(
            &format!(
                "{ORDERS}      TableName: !Sub '${{Stage}}-orders-${{AWS::Region}}-${{!x}}'
      BillingMode: !If [IsBig, PROVISIONED, PAY_PER_REQUEST]
      StreamSpecification: {{StreamViewType: NEW_IMAGE}}
      PointInTimeRecoverySpecification: {{PointInTimeRecoveryEnabled: true}}
      TableClass: !If [IsBig, STANDARD, !Ref 'AWS::NoValue']
      Tags: [{{Key: name, Value: !ImportValue other}}]
      TimeToLiveSpecification: {{AttributeName: !Join ['-', [!Ref Stage, !Ref Queue, 5]], Enabled: true}}
"
            ),
            expect![[
                r#"{"TableName":"dev-orders-us-east-1-${x}","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST","TimeToLiveSpecification":{"AttributeName":"dev-Queue-5","Enabled":true},"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}}"#
            ]],
        );
        check(
            &format!(
                "{ORDERS}      ProvisionedThroughput:
        ReadCapacityUnits: !FindInMap [Units, !Ref Stage, read]
        WriteCapacityUnits: '5'
"
            ),
            expect![[
                r#"{"TableName":"Orders","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"ProvisionedThroughput":{"ReadCapacityUnits":2,"WriteCapacityUnits":5}}"#
            ]],
        );
    }

    #[test]
    fn simple_tables() {
        check(
            "
Resources:
  Plain: {Type: 'AWS::Serverless::SimpleTable'}
  Keyed:
    Type: AWS::Serverless::SimpleTable
    Properties: {TableName: keyed, PrimaryKey: {Name: n, Type: Number}}
",
            expect![[r#"
                {"TableName":"Plain","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}
                {"TableName":"keyed","KeySchema":[{"AttributeName":"n","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"n","AttributeType":"N"}]}"#]],
        );
    }

    #[test]
    fn mistakes() {
        let named = |name: &str| format!("{ORDERS}      TableName: {name}\n");
        check(
            &named("!Ref Secret"),
            expect!["Resources.Orders.Properties.TableName: the parameter `Secret` has no Default"],
        );
        check(
            &named("!Ref Nothing"),
            expect!["Resources.Orders.Properties.TableName: there is no parameter or resource `Nothing`"],
        );
        check(
            &named("!ImportValue other"),
            expect![
                "Resources.Orders.Properties.TableName: Fn::ImportValue cannot be worked out without a deployment"
            ],
        );
        check(
            &named("!Sub '${Nothing}'"),
            expect!["Resources.Orders.Properties.TableName: there is no parameter or resource `Nothing`"],
        );
        check(&named("!Sub '${Stage'"), expect!["Resources.Orders.Properties.TableName: `${` without `}`"]);
        check(
            &named("!If [None, a, b]"),
            expect!["Resources.Orders.Properties.TableName: there is no condition `None`"],
        );
        check(
            &named("x\n      ImportSourceSpecification: {}"),
            expect!["Resources.Orders.Properties.ImportSourceSpecification: an import is not simulated"],
        );
    }
}
