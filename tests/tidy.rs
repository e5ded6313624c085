//! The rules of the house that the compiler does not check.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "tidy/source.rs"]
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use asl_lsp::spec::Field;

use self::source::{Token, TokenKind, tokens};

/// What the simulator may know of texts: where in an expression something is.
const TEXT_RANGES: &[&str] = &["TextRange", "TextSize"];

/// Names of fields that also mean something that is not the language: file or folder, names, reason.
const NAMES_THAT_ARE_NOT_FIELDS: &[(&str, &[&str], &str)] = &[
    ("src/dap/view.rs", &["Error"], "a scope of the debugger"),
    ("src/dynamodb/", &["Items", "Error", "Parameters", "Condition"], "names of DynamoDB's own API"),
    (
        "src/dynamodb/seed/template.rs",
        &["Type", "Default"],
        "members of CloudFormation's resources and parameters",
    ),
    ("src/simulator/context.rs", &["RoleArn"], "Execution.RoleArn of the context object"),
    ("src/simulator/error.rs", &["Error", "Cause"], "the error output, which catchers hand on"),
    ("src/simulator/state/distributed_map.rs", &["Items"], "the member of a batch"),
];

// Files

struct File {
    /// From the project's folder, with slashes.
    path: String,
    text: String,
}

impl File {
    /// The layer that a file of `src` is in; none for `lib.rs` and `main.rs`.
    fn layer(&self) -> Option<&str> {
        self.path.strip_prefix("src/")?.split_once('/').map(|(layer, _)| layer)
    }

    /// The pieces that are not tests.
    fn code(&self) -> Vec<Token> {
        let tokens = tokens(&self.text);
        tokens.into_iter().filter(|token| !token.is_test).collect()
    }
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of the project, by path. What tools have made or installed is left out.
fn files() -> Vec<File> {
    const NOT_OURS: [&str; 4] = ["target", "node_modules", ".git", ".tools"];
    const BUILT: [&str; 2] = ["editors/vscode/dist", "editors/vscode/server"];
    const TEXTS: [&str; 17] = [
        "rs", "md", "toml", "json", "py", "ts", "js", "cjs", "mjs", "lua", "sh", "txt", "asl", "yml", "yaml",
        "svg", "npmrc",
    ];
    let mut files = Vec::new();
    let mut folders = vec![project().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            let is_folder = entry.file_type().unwrap().is_dir();
            if is_folder && !NOT_OURS.contains(&name.as_str()) && !BUILT.contains(&&*relative(&path)) {
                folders.push(path);
            } else if !is_folder
                && (TEXTS.contains(&extension) || name == "run")
                && name != "package-lock.json"
            {
                files.push(File { path: relative(&path), text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn relative(path: &Path) -> String {
    let parts = path.strip_prefix(project()).unwrap().components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The files of `src`, without those that are modules for tests only.
fn sources() -> Vec<File> {
    let mut sources: Vec<File> = files();
    sources.retain(|file| file.path.starts_with("src/") && file.path.ends_with(".rs"));
    let test_modules: BTreeSet<String> = sources.iter().flat_map(test_modules).collect();
    sources.retain(|file| !test_modules.contains(&file.path));
    sources
}

/// The files of `#[cfg(test)] mod name;`.
fn test_modules(file: &File) -> Vec<String> {
    let folder = Path::new(&file.path).parent().map(PathBuf::from).unwrap_or_default();
    let tokens = tokens(&file.text);
    let declarations = tokens.windows(3).filter(|tokens| {
        tokens[0].is_test
            && tokens[0].text == "mod"
            && tokens[2].text == ";"
            && file.path.ends_with("/mod.rs")
    });
    declarations.map(|tokens| format!("{}/{}.rs", folder.display(), tokens[1].text)).collect()
}

/// Fails with all problems at once.
#[track_caller]
fn check(rule: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{rule}:\n{}", problems.join("\n"));
}

// Layers

/// The layers in the order of ARCHITECTURE.md, each with those that its row there lets it import.
fn layers() -> Vec<(String, BTreeSet<String>)> {
    let text = fs::read_to_string(project().join("ARCHITECTURE.md")).unwrap();
    let rows: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| line.starts_with("| `") && line.matches('|').count() == 5)
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            (cells[1].trim_matches('`'), cells[2])
        })
        .collect();
    let mut layers: Vec<(String, BTreeSet<String>)> = Vec::new();
    for (name, cell) in &rows {
        let mut allowed = BTreeSet::new();
        for part in cell.split(", ").filter(|part| !part.is_empty()) {
            match part {
                "all above" => allowed.extend(layers.iter().map(|(above, _)| above.clone())),
                "all but the insides of lsp and dap" => {
                    allowed.extend(rows.iter().map(|(other, _)| (*other).to_owned()));
                }
                // Not the layer, but some of its names.
                "text ranges" => {}
                _ => {
                    let other = part.strip_suffix(" and below").unwrap_or(part);
                    assert!(
                        rows.iter().any(|(name, _)| *name == other),
                        "{name} may import {other}, which is no layer"
                    );
                    allowed.insert(other.to_owned());
                    if other != part {
                        let Some((_, below)) = layers.iter().find(|(name, _)| name == other) else {
                            panic!("{other} stands below {name}");
                        };
                        allowed.extend(below.clone());
                    }
                }
            }
        }
        layers.push(((*name).to_owned(), allowed));
    }
    layers
}

#[test]
fn the_architecture_says_what_may_be_imported() {
    let layers = layers();
    let of = |name: &str| {
        let (_, allowed) = layers.iter().find(|(layer, _)| layer == name).unwrap();
        allowed.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of("text"), "");
    assert_eq!(of("simulator"), "dynamodb expr model spec");
    assert_eq!(of("diagnostics"), "dynamodb expr model semantic spec syntax text");
    assert_eq!(of("scenarios"), "dynamodb expr model semantic simulator spec syntax text");
}

#[test]
fn layers_import_only_what_lies_below() {
    let layers = layers();
    let mut problems = Vec::new();
    for file in sources() {
        let Some(layer) = file.layer() else { continue };
        let Some((_, allowed)) = layers.iter().find(|(name, _)| name == layer) else {
            problems.push(format!("{}: {layer} is no layer of ARCHITECTURE.md", file.path));
            continue;
        };
        for (line, path) in crate_paths(&file.code()) {
            let target = path.first().map_or("", String::as_str);
            let is_range = layer == "simulator"
                && target == "text"
                && path.get(1).is_some_and(|name| TEXT_RANGES.contains(&name.as_str()));
            // The table of limits depends on nothing.
            let is_limit = target == "spec" && path.get(1).is_some_and(|name| name == "quota");
            if target != layer && !allowed.contains(target) && !is_range && !is_limit {
                problems.push(format!("{}:{line}: {layer} imports {}", file.path, path.join("::")));
            }
        }
    }
    check("A layer imports only what ARCHITECTURE.md lets it", &problems);
}

/// The paths that begin with `crate::`, each with its line. Groups are taken apart.
fn crate_paths(tokens: &[Token]) -> Vec<(usize, Vec<String>)> {
    let code: Vec<&Token> = tokens.iter().filter(|token| token.kind == TokenKind::Code).collect();
    let mut paths = Vec::new();
    for (at, token) in code.iter().enumerate() {
        if token.text == "crate" {
            let mut found = Vec::new();
            expand(&code, &mut (at + 1), Vec::new(), &mut found);
            paths.extend(found.into_iter().map(|path| (token.line, path)));
        }
    }
    paths
}

/// Reads what follows the beginning of a path: `::name`, `::{a, b::c}`, `::*`, or nothing of the kind.
fn expand(code: &[&Token], at: &mut usize, path: Vec<String>, paths: &mut Vec<Vec<String>>) {
    let text = |at: usize| code.get(at).map_or("", |token| token.text.as_str());
    if text(*at) != ":" || text(*at + 1) != ":" {
        // Not a path: `pub(crate)`.
        if !path.is_empty() {
            paths.push(path);
        }
        return;
    }
    *at += 3;
    let with = |name: &str| path.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>();
    match text(*at - 1) {
        "{" => {
            while !matches!(text(*at), "}" | "") {
                let name = text(*at);
                *at += 1;
                if name != "," {
                    expand(code, at, with(name), paths);
                }
            }
            *at += 1;
        }
        name => expand(code, at, with(name), paths),
    }
}

#[test]
fn paths_are_found() {
    let source =
        "use crate::a::{self, b::{C, D as E}}; use crate::{f, g::*}; pub(crate) fn h(_: crate::i::J) {}";
    let paths: Vec<String> = crate_paths(&tokens(source)).iter().map(|(_, path)| path.join("::")).collect();
    assert_eq!(paths, ["a::self", "a::b::C", "a::b::D", "a::b::as", "a::b::E", "f", "g::*", "i::J"]);
}

/// Only `lsp` names the types of the protocol, so that another server library touches one folder.
#[test]
fn the_protocol_stays_in_its_layer() {
    let problems = mentions(&["tower_lsp", "ls_types", "lsp_types"], &["src/lsp/"]);
    check("Only src/lsp names the types of the protocol", &problems);
}

/// Below `session`, `dap`, `lsp`, `endpoint`, `remote` and `cli` everything is a function of its arguments.
#[test]
fn the_core_has_no_outside() {
    let outside = ["fs", "env", "net", "process", "thread", "tokio", "SystemTime"];
    // What the endpoint answers is a function of its arguments, too; only how requests reach it is not.
    let server = ["src/endpoint/server.rs", "src/endpoint/patient.rs"];
    let edges = ["src/lsp/", "src/remote/", "src/cli/", "src/session/", "src/dap/", "src/main.rs"];
    let edges = edges.into_iter().chain(server).collect::<Vec<_>>();
    let problems = mentions(&outside, &edges);
    check(
        "Only src/lsp, src/cli, src/session, src/dap, src/endpoint and src/remote read, write and wait",
        &problems,
    );
}

/// Where these names stand in the code of other files.
fn mentions(names: &[&str], except: &[&str]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in sources() {
        if except.iter().any(|prefix| file.path.starts_with(prefix)) {
            continue;
        }
        let code = file.code();
        let found =
            code.iter().filter(|token| token.kind == TokenKind::Code && names.contains(&token.text.as_str()));
        problems.extend(found.map(|token| format!("{}:{}: {}", file.path, token.line, token.text)));
    }
    problems
}

// One table of the language

#[test]
fn fields_are_named_in_one_table() {
    let names: BTreeSet<&str> = Field::ALL.iter().map(|field| field.name()).collect();
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for file in sources() {
        if file.layer() == Some("spec") {
            continue;
        }
        for token in file.code() {
            if token.kind != TokenKind::Text || !names.contains(token.text.as_str()) {
                continue;
            }
            let allowed = NAMES_THAT_ARE_NOT_FIELDS.iter().position(|(place, names, _)| {
                file.path.starts_with(place) && names.contains(&token.text.as_str())
            });
            match allowed {
                Some(row) => {
                    used.insert((row, token.text.clone()));
                }
                None => problems.push(format!("{}:{}: \"{}\"", file.path, token.line, token.text)),
            }
        }
    }
    for (row, (place, names, reason)) in NAMES_THAT_ARE_NOT_FIELDS.iter().enumerate() {
        let unused = names.iter().filter(|name| !used.contains(&(row, (**name).to_owned())));
        problems.extend(unused.map(|name| format!("{place} has no \"{name}\" any more ({reason})")));
    }
    check("Fields of the language are named in src/spec alone", &problems);
}

// Systems

#[test]
fn one_module_knows_systems_apart() {
    const MODULE: &str = "src/cli/signals.rs";
    let of = |file: &File| {
        let code: Vec<Token> =
            file.code().into_iter().filter(|token| token.kind == TokenKind::Code).collect();
        let named = code.windows(2).filter(|tokens| match tokens[1].text.as_str() {
            "unix" | "target_os" | "target_family" => true,
            // Not the method of slices.
            "windows" => tokens[0].text != ".",
            _ => false,
        });
        named
            .map(|tokens| format!("{}:{}: {}", file.path, tokens[1].line, tokens[1].text))
            .collect::<Vec<_>>()
    };
    let (module, others): (Vec<File>, Vec<File>) =
        sources().into_iter().partition(|file| file.path == MODULE);
    assert!(module.iter().any(|file| !of(file).is_empty()), "{MODULE} knows no system any more");
    check(&format!("Only {MODULE} knows systems apart"), &others.iter().flat_map(of).collect::<Vec<_>>());
}

// Form

#[test]
fn no_line_ends_in_white_space() {
    let mut problems = Vec::new();
    for file in files() {
        let texts = if file.path.ends_with(".rs") { lines_of_test_texts(&file) } else { BTreeSet::new() };
        for (line, text) in (1..).zip(file.text.lines()) {
            if text.ends_with([' ', '\t', '\r']) && !texts.contains(&line) {
                problems.push(format!("{}:{line}", file.path));
            }
        }
    }
    check("No line ends in white space", &problems);
}

#[test]
fn lines_fit_on_a_screen() {
    const COLUMNS_MAX: usize = 130;
    // The tables of the language and of the rules have a text in a line.
    let is_row = |file: &File, line: &str| {
        let members = ["summary: ", "doc: ", "failing: ", "passing: "];
        file.layer() == Some("spec")
            || (file.path.starts_with("src/diagnostics/rules/")
                && members.iter().any(|member| line.trim_start().starts_with(member)))
    };
    let mut problems = Vec::new();
    for file in sources() {
        let texts = lines_of_test_texts(&file);
        for (line, text) in (1..).zip(file.text.lines()) {
            let is_long = text.chars().count() > COLUMNS_MAX;
            if is_long && !texts.contains(&line) && !is_row(&file, text) {
                problems.push(format!("{}:{line}", file.path));
            }
        }
    }
    check("No line is longer than 130 columns", &problems);
}

/// The lines that texts of tests reach to: they are documents as people type them, and messages as they are.
fn lines_of_test_texts(file: &File) -> BTreeSet<usize> {
    let tokens = tokens(&file.text);
    let texts = tokens.iter().filter(|token| token.is_test && token.kind == TokenKind::Text);
    texts.flat_map(|token| token.line..=token.line + token.text.matches('\n').count()).collect()
}

#[test]
fn every_source_says_what_it_is_for() {
    let sources =
        files().into_iter().filter(|file| file.path.starts_with("src/") && file.path.ends_with(".rs"));
    let problems: Vec<String> =
        sources.filter(|file| !file.text.starts_with("//! ")).map(|file| file.path).collect();
    check("Every source file begins with //!", &problems);
}

#[test]
fn nothing_points_outside_the_project() {
    let outside = files().into_iter().filter(|file| !file.path.starts_with("tests/"));
    let problems: Vec<String> =
        outside.filter(|file| file.text.contains("../shared")).map(|file| file.path).collect();
    check("Only tests look for the recordings beside the project", &problems);
}

#[test]
fn the_changelog_has_a_place_for_changes() {
    let text = fs::read_to_string(project().join("CHANGELOG.md")).unwrap();
    let first = text.lines().find(|line| line.starts_with("## "));
    assert_eq!(first, Some("## Unreleased"), "the first section of CHANGELOG.md");
}
