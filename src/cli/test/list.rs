//! `--list`: which scenarios there are, without running any.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::{Arguments, Format, json as places};
use crate::cli::{FAILURE, Io, SUCCESS};
use crate::session::Suite;

/// Lists the scenarios of files. A file that cannot be used is listed with the reason and does not hide the others.
pub(super) fn list(files: &[PathBuf], arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let listed: Vec<Value> = files.iter().map(|path| of_file(path, arguments)).collect();
    let is_whole = listed.iter().all(|file| file.get("reason").is_none());
    if let Format::Json = arguments.format {
        writeln!(io.output, "{:#}", json!({"files": listed}))?;
    } else {
        for (path, file) in files.iter().zip(&listed) {
            writeln!(io.output, "{}", path.display())?;
            if let Some(reason) = file.get("reason").and_then(Value::as_str) {
                writeln!(io.output, "  ERROR   {reason}")?;
            }
            let scenarios = file.get("scenarios").and_then(Value::as_array);
            for name in scenarios.into_iter().flatten().filter_map(|it| it.get("name")?.as_str()) {
                writeln!(io.output, "  {name}")?;
            }
        }
    }
    Ok(if is_whole { SUCCESS } else { FAILURE })
}

fn of_file(path: &Path, arguments: &Arguments) -> Value {
    let shown = path.display().to_string();
    let read = Suite::read(path).and_then(|suite| Ok((suite.cases()?, suite)));
    let (cases, suite) = match read {
        Ok(read) => read,
        Err(error) => return json!({"path": shown, "scenarios": [], "reason": format!("{error:#}")}),
    };
    let cases = cases.iter().filter(|case| arguments.takes(&case.name)).map(|case| {
        let (line, column) = places::place(suite.parse.source(), case.range.start());
        json!({"name": case.name, "line": line, "column": column})
    });
    json!({
        "path": shown,
        "definition": suite.definition.display().to_string(),
        "scenarios": cases.collect::<Vec<_>>(),
    })
}
