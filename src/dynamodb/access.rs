//! Which requests only read.
//!
//! Says "writes" of whatever is not known to read, so that who trusts the answer loses nothing.

use serde_json::Value;

/// The operations that change nothing, of all that DynamoDB has.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>
const READS: &[&str] = &[
    "BatchGetItem",
    "DescribeBackup",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeEndpoints",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeLimits",
    "DescribeTable",
    "DescribeTableReplicaAutoScaling",
    "DescribeTimeToLive",
    "GetItem",
    "GetResourcePolicy",
    "ListBackups",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "ListTables",
    "ListTagsOfResource",
    "Query",
    "Scan",
    "TransactGetItems",
];

/// Whether a request changes nothing, whatever its service: a reading operation, or PartiQL whose statements are all
/// `SELECT`.
pub fn only_reads(operation: &str, body: &Value) -> bool {
    match operation {
        "ExecuteStatement" => is_select(body),
        "BatchExecuteStatement" => are_selects(body, "Statements"),
        "ExecuteTransaction" => are_selects(body, "TransactStatements"),
        operation => READS.contains(&operation),
    }
}

fn are_selects(body: &Value, member: &str) -> bool {
    body.get(member).and_then(Value::as_array).is_some_and(|statements| statements.iter().all(is_select))
}

/// Whether the statement of a member `Statement` begins with `SELECT`. DynamoDB takes one statement at a time.
fn is_select(holder: &Value) -> bool {
    let statement = holder.get("Statement").and_then(Value::as_str).unwrap_or_default();
    let word = statement.split_ascii_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("SELECT")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations() {
        let reads = |operation| only_reads(operation, &json!({}));
        for operation in ["GetItem", "Query", "Scan", "TransactGetItems", "DescribeTable"] {
            assert!(reads(operation), "{operation}");
        }
        for operation in
            ["PutItem", "TransactWriteItems", "DeleteTable", "ExportTableToPointInTime", "Frobnicate", ""]
        {
            assert!(!reads(operation), "{operation}");
        }
    }

    #[test]
    fn statements() {
        let one = |text: &str| only_reads("ExecuteStatement", &json!({"Statement": text}));
        assert!(one("SELECT * FROM t"));
        assert!(one("\n select\t* from t"));
        assert!(!one("SELECTED"));
        assert!(!one("DELETE FROM t WHERE id = 'SELECT'"));
        assert!(!one("-- SELECT\nDELETE FROM t"));
        assert!(!one(""));
        assert!(!only_reads("ExecuteStatement", &json!({"Statement": 5})));
        let batch = |texts: &[&str]| {
            let statements: Vec<Value> = texts.iter().map(|text| json!({"Statement": text})).collect();
            [
                only_reads("BatchExecuteStatement", &json!({"Statements": statements})),
                only_reads("ExecuteTransaction", &json!({"TransactStatements": statements})),
            ]
        };
        assert_eq!(batch(&["SELECT * FROM t", "SELECT * FROM u"]), [true, true]);
        assert_eq!(batch(&["SELECT * FROM t", "DELETE FROM t WHERE id = '1'"]), [false, false]);
        assert!(!only_reads("BatchExecuteStatement", &json!({})));
    }
}
