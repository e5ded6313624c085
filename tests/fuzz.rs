//! The fuzzer's checks without the fuzzer: with the inputs that it begins with, those that failed once, and made-up ones.
//!
//! `FUZZ_INPUTS` is how many are made up for each check and `FUZZ_SEED` where chance begins, so that a failure repeats.

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

/// What inputs of a check are made from.
fn pool(name: &str) -> Vec<Vec<u8>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders =
        vec![project.join("fuzz/seeds").join(name), project.join("fuzz/regressions").join(name)];
    if matches!(name, "analysis" | "scenarios" | "simulation" | "syntax") {
        folders.push(project.join("examples"));
    }
    let mut pool: Vec<Vec<u8>> =
        folders.iter().flat_map(|folder| files(folder)).map(|path| fs::read(path).unwrap()).collect();
    // Bytes that nothing is known of, where there is nothing else.
    pool.push((0..=255).collect());
    pool
}

/// A number from the environment, for whoever wants more or other inputs.
fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// Makes up inputs from each other and feeds them to a check. One that fails is kept beside what is built.
fn made_up(name: &str, n_inputs: u32) {
    const BYTES_MAX: usize = 16_384;
    let (_, check) = checks::CHECKS.iter().find(|(other, _)| *other == name).unwrap();
    let (n_inputs, seed) = (number("FUZZ_INPUTS", n_inputs), number("FUZZ_SEED", 1));
    let mut pool = pool(name);
    for n in 0..n_inputs {
        let chance = seed.wrapping_mul(0x9e37_79b9).wrapping_add(n.wrapping_mul(0x85eb_ca6b));
        let pick = |salt: u32| &pool[(chance ^ salt) as usize % pool.len()];
        let mut input = checks::mutate_freely(pick(0), pick(0x2545_f491), chance);
        input.truncate(BYTES_MAX);
        if std::panic::catch_unwind(|| check(&input)).is_err() {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
            fs::create_dir_all(&folder).unwrap();
            let path = folder.join(format!("{name}-{seed}-{n}"));
            fs::write(&path, input).unwrap();
            panic!("{name} fails with {}, the input {n} of FUZZ_SEED={seed}", path.display());
        }
        // One in a few goes on changing, so that inputs come that are far from those kept.
        if n % 8 == 0 {
            let at = chance as usize % 64;
            if at < pool.len() && pool.len() >= 64 {
                pool[at] = input;
            } else {
                pool.push(input);
            }
        }
    }
}

#[test]
fn made_up_analysis() {
    made_up("analysis", 300);
}

#[test]
fn made_up_dynamodb_expression() {
    made_up("dynamodb_expression", 20_000);
}

#[test]
fn made_up_dynamodb_request() {
    made_up("dynamodb_request", 5_000);
}

#[test]
fn made_up_intrinsic() {
    made_up("intrinsic", 30_000);
}

#[test]
fn made_up_json_path() {
    made_up("json_path", 30_000);
}

#[test]
fn made_up_jsonata() {
    made_up("jsonata", 8_000);
}

#[test]
fn made_up_scenarios() {
    made_up("scenarios", 250);
}

#[test]
fn made_up_session() {
    made_up("session", 60);
}

#[test]
fn made_up_simulation() {
    made_up("simulation", 500);
}

#[test]
fn made_up_syntax() {
    made_up("syntax", 250);
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
    let tests = include_str!("fuzz.rs");
    for name in &names {
        assert!(tests.contains(&format!("fn made_up_{name}()")), "{name} is given no made-up inputs");
    }
    for folder in ["seeds", "regressions"] {
        for entry in fs::read_dir(fuzz.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            assert!(names.contains(&name.as_str()), "fuzz/{folder}/{name} belongs to no check");
        }
    }
}
