//! The rules as a page to read: what `asl-lsp explain` prints, and the reference in `src/spec/docs/diagnostics.md`.

use super::{RULES, Rule};

/// The page of all rules, relative to the repository.
const PAGE: &str = "src/spec/docs/diagnostics.md";

/// What the page begins with.
const HEAD: &str = r#"# Diagnostics

What `asl-lsp check` and the editors find in a definition. Codes in capitals are those of AWS's
`ValidateStateMachineDefinition`, where several rules may have the same one; the others are the rules' names. An error
is refused by AWS or always fails; a warning is most likely a mistake.

`asl-lsp.toml` in the folder of a definition or above sets severities, and a `Comment` suppresses findings:

```toml
[diagnostics]
NO_DOLLAR = "off" # off, error, warning, information or hint
unused-variable = "warning"
```

```json
{ "Type": "Succeed", "Comment": "asl-lsp: ignore NO_DOLLAR, unused-variable" }
```

| Code | Rule | Severity | Finds |
|---|---|---|---|
"#;

/// A rule's text in Markdown: what it finds, why that is wrong, and examples.
pub fn explain(rule: &Rule) -> String {
    let Rule { name, code, severity, since, summary, doc, failing, passing, link, .. } = rule;
    let rule_name = if name == code { String::new() } else { format!(" (`{name}`)") };
    format!(
        "## {code}{rule_name}\n\n\
         {summary} Severity: {}. Since {since}.\n\n\
         {doc}\n\n\
         Found:\n\n```json\n{}\n```\n\n\
         Not found:\n\n```json\n{}\n```\n\n\
         See <{link}>.\n",
        severity.name(),
        example(failing),
        example(passing)
    )
}

/// An example as people indent it, where it can be read and is not very deep.
fn example(text: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(text).ok();
    // What cannot be printed as it was is left as it is: a key given twice.
    let same = value.filter(|value| value.to_string().replace(' ', "").len() == text.replace(' ', "").len());
    match same.map(|value| format!("{value:#}")) {
        Some(pretty) if pretty.len() < 4_000 => pretty,
        _ => text.chars().take(300).collect(),
    }
}

/// The page of all rules, by code and name.
pub fn reference() -> String {
    let mut rules: Vec<&Rule> = RULES.iter().collect();
    rules.sort_by_key(|rule| (rule.code, rule.name));
    let mut page = HEAD.to_owned();
    for rule in &rules {
        let Rule { code, name, severity, summary, .. } = rule;
        let summary = summary.strip_prefix("Finds ").unwrap_or(summary).replace('|', "\\|");
        page += &format!("| `{code}` | {name} | {} | {summary} |\n", severity.name());
    }
    for rule in &rules {
        page += "\n";
        page += &explain(rule);
    }
    page
}

/// Where to read more about a rule: its text in the repository, if that has an address, else the part of the
/// specification.
pub fn code_link(rule: &Rule, repository: &str) -> String {
    if repository.is_empty() {
        return rule.link.to_owned();
    }
    format!("{repository}/blob/main/{PAGE}#{}", rule.code.to_lowercase())
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    /// `UPDATE_EXPECT=1` writes the page.
    #[test]
    fn the_page_is_fresh() {
        expect_file!["../spec/docs/diagnostics.md"].assert_eq(&reference());
    }

    #[test]
    fn every_section_can_be_linked_to() {
        for rule in RULES {
            assert!(explain(rule).starts_with(&format!("## {}", rule.code)));
            assert_eq!(code_link(rule, ""), rule.link);
            let link = code_link(rule, "https://example.org/asl-lsp");
            assert!(link.starts_with("https://example.org/asl-lsp/blob/main/src/spec/docs/diagnostics.md#"));
        }
    }
}
