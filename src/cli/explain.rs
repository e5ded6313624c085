//! `asl-lsp explain`: what findings mean.

use anyhow::{Result, bail};
use clap::Args;

use super::{Io, SUCCESS};
use crate::diagnostics::{RULES, Rule, explain, rules_of};

#[derive(Args)]
pub(super) struct Arguments {
    /// The code of a finding, or the name of a rule; without one all are listed
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let Some(code) = &arguments.code else {
        list(io)?;
        return Ok(SUCCESS);
    };
    let rules: Vec<&Rule> = match rules_of(code).collect::<Vec<_>>() {
        found if found.is_empty() => {
            let is_same =
                |rule: &&Rule| rule.code.eq_ignore_ascii_case(code) || rule.name.eq_ignore_ascii_case(code);
            RULES.iter().filter(is_same).collect()
        }
        found => found,
    };
    if rules.is_empty() {
        bail!("there is no finding {code}; `asl-lsp explain` lists all");
    }
    let texts: Vec<String> = rules.into_iter().map(explain).collect();
    write!(io.output, "{}", texts.join("\n"))?;
    Ok(SUCCESS)
}

/// A line for each rule, by code.
fn list(io: &mut Io<'_>) -> Result<()> {
    let mut rules: Vec<&Rule> = RULES.iter().collect();
    rules.sort_by_key(|rule| (rule.code, rule.name));
    let width = rules.iter().map(|rule| rule.code.len()).max().unwrap_or_default();
    for rule in rules {
        writeln!(io.output, "{:width$}  {:11}  {}", rule.code, rule.severity.name(), rule.summary)?;
    }
    Ok(())
}
