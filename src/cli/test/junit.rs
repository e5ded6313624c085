//! Results in the XML that JUnit writes and CI servers read.

use anyhow::Result;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::Value;

use super::text::place;
use super::{CaseResult, SuiteResult, Verdict};
use crate::cli::Io;
use crate::scenarios::Mismatch;

/// Writes a `testsuite` for each file and a `testcase` for each scenario.
pub(super) fn write(results: &[SuiteResult], io: &mut Io<'_>) -> Result<()> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("testsuites")))?;
    for suite in results {
        let path = suite.suite.path.display().to_string();
        let count = |is_counted: fn(&Verdict) -> bool| {
            suite.results.iter().filter(|result| is_counted(&result.verdict)).count().to_string()
        };
        let n_failed = count(|verdict| matches!(verdict, Verdict::Failed(_)));
        let n_broken = count(|verdict| matches!(verdict, Verdict::Broken(_)));
        let n_all = suite.results.len().to_string();
        let attributes = [
            ("name", path.as_str()),
            ("tests", n_all.as_str()),
            ("failures", n_failed.as_str()),
            ("errors", n_broken.as_str()),
        ];
        writer.write_event(Event::Start(BytesStart::new("testsuite").with_attributes(attributes)))?;
        for result in &suite.results {
            write_case(&path, result, &mut writer)?;
        }
        writer.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    io.output.write_all(&writer.into_inner())?;
    writeln!(io.output)?;
    Ok(())
}

fn write_case(path: &str, result: &CaseResult, writer: &mut Writer<Vec<u8>>) -> Result<()> {
    let case = BytesStart::new("testcase")
        .with_attributes([("classname", path), ("name", &printable(&result.name))]);
    let (element, message, body) = match &result.verdict {
        Verdict::Passed => {
            writer.write_event(Event::Empty(case))?;
            return Ok(());
        }
        Verdict::Failed(mismatches) => {
            let lines: Vec<String> = mismatches.iter().map(line).collect();
            ("failure", lines.first().cloned().unwrap_or_default(), lines.join("\n"))
        }
        Verdict::Broken(reason) => ("error", reason.clone(), String::new()),
    };
    writer.write_event(Event::Start(case))?;
    let start = BytesStart::new(element).with_attributes([("message", printable(&message).as_str())]);
    writer.write_event(Event::Start(start))?;
    writer.write_event(Event::Text(BytesText::new(&printable(&body))))?;
    writer.write_event(Event::End(BytesEnd::new(element)))?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))?;
    Ok(())
}

fn line(mismatch: &Mismatch) -> String {
    let value = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
    format!(
        "{}: expected {}, actual {}",
        place(&mismatch.pointer),
        value(&mismatch.expected),
        value(&mismatch.actual)
    )
}

/// A text without the characters that XML cannot hold at all.
fn printable(text: &str) -> String {
    let is_char =
        |c: char| matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    text.chars().map(|c| if is_char(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}
