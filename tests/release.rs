//! What people are given: the archive of the server, and its version.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use serde_json::Value;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_extension_has_the_version_of_the_server() {
    for file in ["package.json", "package-lock.json"] {
        let text = fs::read_to_string(project().join("editors/vscode").join(file)).unwrap();
        let package: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(package["version"], env!("CARGO_PKG_VERSION"), "{file}");
    }
}

/// Packs the server under test as `.ci/release` packs what it builds.
#[cfg(target_os = "linux")]
#[test]
fn the_archive_has_what_is_installed() {
    use std::process::Command;

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("handout");
    let packed = Command::new("bash")
        .args([".ci/release", "archive", "some-machine", env!("CARGO_BIN_EXE_asl-lsp")])
        .current_dir(project())
        .env("HANDOUT", &folder)
        .env("HANDOUT_LEVEL", "1")
        .output()
        .unwrap();
    assert!(packed.status.success(), "{}", String::from_utf8_lossy(&packed.stderr));
    let name = format!("asl-lsp-{}-some-machine", env!("CARGO_PKG_VERSION"));
    let listed = Command::new("tar").arg("tzf").arg(folder.join(format!("{name}.tar.gz"))).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let files: Vec<&str> =
        listed.lines().filter_map(|path| path.strip_prefix(&name)?.strip_prefix('/')).collect();
    fs::remove_dir_all(&folder).unwrap();
    let expected = "
CHANGELOG.md
LICENSE-APACHE
LICENSE-MIT
README.md
asl-lsp
completions/
completions/_asl-lsp
completions/asl-lsp
completions/asl-lsp.elv
completions/asl-lsp.fish
completions/asl-lsp.ps1
man/
man/asl-lsp-check.1
man/asl-lsp-completions.1
man/asl-lsp-dap.1
man/asl-lsp-dynamodb.1
man/asl-lsp-explain.1
man/asl-lsp-fmt.1
man/asl-lsp-graph.1
man/asl-lsp-man.1
man/asl-lsp-server.1
man/asl-lsp-simulate.1
man/asl-lsp-test.1
man/asl-lsp.1";
    assert_eq!(format!("\n{}", files[1..].join("\n")), expected);
}
