//! Fields of a reader, batcher or writer that do not go together.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::resource::{ITEM_READER_ARNS, RESULT_WRITER_ARNS};
use crate::spec::{Field, Owner, field_value};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "item-reader",
    code: "item-reader",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds settings of `ItemReader`, `ItemBatcher` and `ResultWriter` that lack something or have no effect.",
    doc: "`CSVHeaders` go with `\"CSVHeaderLocation\": \"GIVEN\"`, all `CSV…` fields with `\"InputType\": \"CSV\"`, `ItemsPointer` with `JSON`. An object is read by `arn:aws:states:::s3:getObject`, a list by `arn:aws:states:::s3:listObjectsV2`; results are written by `arn:aws:states:::s3:putObject`. A batcher needs a limit.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for object in facts.lowered.source_map.objects() {
        let node = facts.parse.node(object.node);
        match object.owner {
            Some(Owner::ReaderConfig) => check_config(ctx, node),
            Some(Owner::ItemReader) => check_resource(ctx, node, ITEM_READER_ARNS),
            Some(Owner::ResultWriter) => {
                check_resource(ctx, node, RESULT_WRITER_ARNS);
                if node.members().next().is_none() {
                    ctx.report(Some(node), node.range(), "The writer is empty");
                }
                let parameters = [Field::Parameters, Field::Arguments];
                let parameters = parameters.iter().find_map(|field| node.get(field.name()));
                if let Some(parameters) = parameters.filter(|_| node.get(Field::Resource.name()).is_none()) {
                    let message = format!("The writer needs '{}' as well", Field::Resource.name());
                    ctx.report(Some(node), parameters.key_node().range(), message);
                }
            }
            Some(Owner::ItemBatcher) => {
                let limits = [
                    Field::MaxItemsPerBatch,
                    Field::MaxItemsPerBatchPath,
                    Field::MaxInputBytesPerBatch,
                    Field::MaxInputBytesPerBatchPath,
                ];
                if !limits.iter().any(|field| node.get(field.name()).is_some()) {
                    let message = format!(
                        "The batcher needs '{}' or '{}'",
                        Field::MaxItemsPerBatch.name(),
                        Field::MaxInputBytesPerBatch.name()
                    );
                    ctx.report(Some(node), key_or(node).range(), message);
                }
            }
            _ => {}
        }
    }
}

fn check_config(ctx: &mut Reporter<'_>, node: Node<'_>) {
    let text = |field: Field| node.value_of(field.name()).and_then(Node::text);
    let headers = node.get(Field::CSVHeaders.name());
    let location = node.get(Field::CSVHeaderLocation.name());
    let is_given = text(Field::CSVHeaderLocation).is_some_and(|location| location == field_value::GIVEN);
    if let (Some(location), None, true) = (location, headers, is_given) {
        let message = format!("'{}' is needed too", Field::CSVHeaders.name());
        ctx.report(location.value(), location.node().range(), message);
    }
    if let (Some(headers), false) = (headers, is_given) {
        let message =
            format!("Headers need \"{}\": \"{}\"", Field::CSVHeaderLocation.name(), field_value::GIVEN);
        ctx.report(headers.value(), headers.key_node().range(), message);
    }
    let Some(input_type) = text(Field::InputType).filter(|kind| !kind.contains("${")) else { return };
    // `ManifestType` is not among them: beside it, the type is that of the objects that the manifest names.
    let groups: [(&[Field], &[&str]); 2] = [
        (
            &[Field::CSVDelimiter, Field::CSVHeaderLocation, Field::CSVHeaders],
            &[field_value::CSV, field_value::MANIFEST],
        ),
        (&[Field::ItemsPointer], &[field_value::JSON]),
    ];
    for (fields, kinds) in groups {
        for member in fields.iter().filter_map(|field| node.get(field.name())) {
            if !kinds.contains(&&*input_type) {
                let key = member.key_node();
                let message = format!(
                    "'{}' has an effect only with \"{}\": \"{}\"",
                    member.key(),
                    Field::InputType.name(),
                    kinds[0]
                );
                ctx.report(Some(key), key.range(), message);
            }
        }
    }
}

fn check_resource(ctx: &mut Reporter<'_>, node: Node<'_>, known: &[&str]) {
    let Some(resource) = node.value_of(Field::Resource.name()) else { return };
    let Some(text) = resource.text().filter(|text| !text.contains("${")) else { return };
    // The partition is any.
    let action = |arn: &str| arn.split_once(":states:").map(|(_, rest)| rest.to_owned());
    if !known.iter().any(|known| action(known) == action(&text)) {
        ctx.report(Some(resource), resource.range(), format!("The resource is {}", known.join(" or ")));
    }
}

/// The key of an object, or where it begins.
fn key_or(node: Node<'_>) -> Node<'_> {
    node.parent().and_then(|member| member.children().next()).unwrap_or(node)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn of_all_three() {
        check_states(
            r#""A": {"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:putObject", "ReaderConfig": {"InputType": "JSON", "CSVHeaders": ["a"], "ManifestType": "ATHENA_DATA"}},
"ItemBatcher": {"BatchInput": 1}, "ResultWriter": {},
"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}"#,
            expect![[r#"
                "A": {"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:putObject", "ReaderConfig": {"InputType": "JSON", "CSVHeaders": ["a"], "ManifestType": "ATHENA_DATA"}},
                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning item-reader: The resource is arn:aws:states:::s3:getObject or arn:aws:states:::s3:listObjectsV2
                "A": {"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:putObject", "ReaderConfig": {"InputType": "JSON", "CSVHeaders": ["a"], "ManifestType": "ATHENA_DATA"}},
                                                                                                                                                    ^^^^^^^^^^^^
                warning item-reader: Headers need "CSVHeaderLocation": "GIVEN"
                "A": {"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:putObject", "ReaderConfig": {"InputType": "JSON", "CSVHeaders": ["a"], "ManifestType": "ATHENA_DATA"}},
                                                                                                                                                    ^^^^^^^^^^^^
                warning item-reader: 'CSVHeaders' has an effect only with "InputType": "CSV"
                "ItemBatcher": {"BatchInput": 1}, "ResultWriter": {},
                ^^^^^^^^^^^^^
                warning item-reader: The batcher needs 'MaxItemsPerBatch' or 'MaxInputBytesPerBatch'
                "ItemBatcher": {"BatchInput": 1}, "ResultWriter": {},
                                                                  ^^
                warning item-reader: The writer is empty
            "#]],
        );
    }

    #[test]
    fn a_manifest_says_the_type_of_what_it_names() {
        check_states(
            r#""A": {"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"ManifestType": "ATHENA_DATA", "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}},
"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}"#,
            expect![""],
        );
    }

    #[test]
    fn a_place_to_write_to_needs_a_resource() {
        check_states(
            r#""A": {"Type": "Map", "End": true, "ResultWriter": {"Parameters": {"Bucket": "b"}},
"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}"#,
            expect![[r#"
                "A": {"Type": "Map", "End": true, "ResultWriter": {"Parameters": {"Bucket": "b"}},
                                                                   ^^^^^^^^^^^^
                warning item-reader: The writer needs 'Resource' as well
            "#]],
        );
    }
}
