//! Limits of files and folders, as the command line meets them.

use std::fs::{self, File};
use std::path::Path;

use asl_lsp::dynamodb::Seeds;
use asl_lsp::session;
use asl_lsp::spec::quota;

use crate::{command, folder};

/// A file of so many bytes that takes no room: zeros.
fn sparse(path: &Path, n_bytes: u64) {
    File::create(path).unwrap().set_len(n_bytes).unwrap();
}

#[test]
fn file_bytes_max() {
    let path = folder("file_bytes_max").join("f.json");
    let limit = quota::FILE_BYTES_MAX;
    sparse(&path, limit);
    assert_eq!(session::read_text(&path).unwrap().len() as u64, limit);
    sparse(&path, limit + 1);
    let error = session::read_text(&path).unwrap_err().to_string();
    assert!(error.contains("has 67108865 bytes: files of up to 64 MiB are read"), "{error}");
}

#[test]
fn check_files_max() {
    // Links count as files, and take less time to make.
    let folder = folder("check_files_max");
    let first = folder.join("0.asl.json");
    fs::write(&first, "{}").unwrap();
    let limit = quota::CHECK_FILES_MAX;
    for n in 1..=limit {
        fs::hard_link(&first, folder.join(format!("{n}.asl.json")))
            .or_else(|_| fs::write(folder.join(format!("{n}.asl.json")), "{}"))
            .unwrap();
    }
    let errors = command::run(&["check", folder.to_str().unwrap()]).errors;
    fs::remove_dir_all(&folder).unwrap();
    assert!(errors.contains("holds more than 100000 definitions"), "{errors}");
}

#[test]
fn s3_objects_max() {
    let root = folder("s3_objects_max");
    let bucket = root.join("bucket");
    fs::create_dir(&bucket).unwrap();
    // The bucket counts as well.
    let limit = quota::S3_OBJECTS_MAX - 1;
    for n in 0..limit {
        File::create(bucket.join(n.to_string())).unwrap();
    }
    assert_eq!(session::read_objects(&root).unwrap().list("bucket", "").count(), limit);
    File::create(bucket.join("more")).unwrap();
    let error = session::read_objects(&root).unwrap_err().to_string();
    fs::remove_dir_all(&root).unwrap();
    assert!(error.ends_with("holds more than 100000 objects"), "{error}");
}

#[test]
fn s3_bytes_max() {
    let root = folder("s3_bytes_max");
    fs::create_dir(root.join("bucket")).unwrap();
    let path = root.join("bucket/object");
    let limit = quota::S3_BYTES_MAX;
    sparse(&path, limit);
    assert_eq!(session::read_objects(&root).unwrap().get("bucket", "object").unwrap().len() as u64, limit);
    sparse(&path, limit + 1);
    let error = session::read_objects(&root).unwrap_err().to_string();
    fs::remove_file(&path).unwrap();
    assert!(error.ends_with("holds more than 256 MiB"), "{error}");
}

/// Why a file of tables cannot be used.
fn seed_error(text: &str) -> String {
    Seeds::default().add("f.yaml", text, None).err().unwrap_or_default()
}

#[test]
fn seed_levels_max() {
    let nested = |levels: usize| format!("Resources: {}{}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    let limit = quota::SEED_LEVELS_MAX;
    assert!(!seed_error(&nested(limit)).contains("levels"), "{}", seed_error(&nested(limit)));
    assert!(
        seed_error(&nested(limit + 1)).contains("more than 100 levels"),
        "{}",
        seed_error(&nested(limit + 1))
    );
}

#[test]
fn seed_values_max() {
    // The list, its elements and what is around it count.
    let list = |n_values: usize| format!("Resources: [{}]", "1,".repeat(n_values));
    let limit = quota::SEED_VALUES_MAX;
    assert!(!seed_error(&list(limit - 10)).contains("values"));
    assert!(seed_error(&list(limit)).contains("more than 1000000 values"), "{}", seed_error(&list(limit)));
}

#[test]
fn template_functions_max() {
    let template = |levels: usize| {
        let name = (0..levels)
            .fold("\"orders\"".to_owned(), |inner, _| format!("{{\"Fn::Join\": [\"\", [{inner}]]}}"));
        format!(
            r#"{{"Resources": {{"T": {{"Type": "AWS::DynamoDB::Table", "Properties": {{"TableName": {name},
            "KeySchema": [{{"AttributeName": "id", "KeyType": "HASH"}}],
            "AttributeDefinitions": [{{"AttributeName": "id", "AttributeType": "S"}}]}}}}}}}}"#
        )
    };
    let error = |levels: usize| {
        let mut seeds = Seeds::default();
        seeds
            .add("f.json", &template(levels), None)
            .and_then(|()| seeds.tables())
            .err()
            .map(|error| error.to_string())
    };
    let deepest = (1..=quota::TEMPLATE_FUNCTIONS_MAX).rev().find(|levels| error(*levels).is_none()).unwrap();
    assert!(deepest + 3 > quota::TEMPLATE_FUNCTIONS_MAX / 3, "{deepest}");
    let above = error(quota::TEMPLATE_FUNCTIONS_MAX + 1).unwrap_or_default();
    assert!(above.contains("more than 30 levels"), "{above}");
}
