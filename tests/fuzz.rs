//! The inputs that are kept for the fuzzer's checks: those it begins with, and those that failed once.

// Some of the client is there for other tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, unreachable_pub, dead_code)]

#[path = "../fuzz/src/lib.rs"]
mod checks;

use std::fs;
use std::path::{Path, PathBuf};

/// The files of a folder in the order of their names; none where there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// Feeds an input to a check, and says which it was if it fails.
fn feed(name: &str, check: fn(&[u8]), file: &Path) {
    let data = fs::read(file).unwrap();
    let outcome = std::panic::catch_unwind(|| check(&data));
    assert!(outcome.is_ok(), "{name} fails with {}", file.display());
}

fn check_folder(folder: &str) {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
    for (name, check) in checks::CHECKS {
        for file in files(&fuzz.join(name)) {
            feed(name, *check, &file);
        }
    }
}

#[test]
fn seeds() {
    check_folder("seeds");
}

#[test]
fn regressions() {
    check_folder("regressions");
}

#[test]
fn examples() {
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")) {
        for (name, check) in checks::CHECKS {
            if matches!(*name, "analysis" | "scenarios" | "simulation" | "syntax") {
                feed(name, *check, &file);
            }
        }
    }
}

/// Changes of a definition's tree leave it JSON, and what follows the definition as it is.
#[test]
fn mutations_of_definitions_are_json() {
    let text = include_str!("../examples/order.asl.json");
    for seed in 0..200 {
        let mut data = format!("{text}\0{{}}").into_bytes();
        let len = data.len();
        data.resize(len * 16, 0);
        let n_bytes = checks::mutate(&mut data, len, len * 16, seed * 2, |_, _, _| panic!("it is JSON"));
        let mutated = String::from_utf8(data[..n_bytes].to_vec()).unwrap();
        let (definition, rest) = mutated.split_once('\0').unwrap();
        assert_eq!(rest, "{}");
        assert!(serde_json::from_str::<serde_json::Value>(definition).unwrap().is_object(), "{definition}");
        assert!(checks::mutate_json(definition, seed).is_some());
    }
}

/// Every check has a target of its own, and every folder of inputs a check.
#[test]
fn targets_are_complete() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let names: Vec<&str> = checks::CHECKS.iter().map(|(name, _)| *name).collect();
    let stems = |folder: &str| -> Vec<String> {
        files(&fuzz.join(folder))
            .iter()
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(stems("fuzz_targets"), names);
    for folder in ["seeds", "regressions"] {
        for entry in fs::read_dir(fuzz.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            assert!(names.contains(&name.as_str()), "fuzz/{folder}/{name} belongs to no check");
        }
    }
}
