//! What of a definition is filled in at deployment: `${…}` of CloudFormation, SAM, Terraform and others, and the
//! functions of CloudFormation.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>.

/// Whether an object with this key alone is a function of CloudFormation whose argument is a string.
pub fn is_template_reference(key: &str) -> bool {
    key == "Ref"
}

/// Whether an object with this key alone is a function of CloudFormation, whatever its argument.
pub fn is_template_function(key: &str) -> bool {
    key.starts_with("Fn::")
}

/// Whether a text is one `${…}` and nothing else, so that it may become something other than a text.
pub fn is_placeholder(text: &str) -> bool {
    let Some(inner) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else { return false };
    // Substitutions may lie within one another: `${self:custom.${opt:stage}}`.
    let mut depth = 0_usize;
    inner.chars().all(|c| match c {
        '{' => {
            depth += 1;
            true
        }
        '}' => {
            let is_nested = depth > 0;
            depth = depth.saturating_sub(1);
            is_nested
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_substitution_and_nothing_else() {
        assert!(["${x}", "${self:custom.${opt:stage}}"].into_iter().all(is_placeholder));
        assert!(!["x", "${x", "${a}-${b}", "${a} ", "a${b}"].into_iter().any(is_placeholder));
    }
}
