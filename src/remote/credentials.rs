//! Whose requests they are: credentials and region of the environment, or of a profile in the user's files.
//!
//! What AWS's tools make only by asking others (single sign-on, roles, processes) is not made here; `aws configure
//! export-credentials` puts it into the environment.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

use std::fs;
use std::path::{Path, PathBuf};

/// What requests are signed with.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) session_token: Option<String>,
}

impl std::fmt::Debug for Credentials {
    /// Without the secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "access key {}", self.access_key_id)
    }
}

impl Credentials {
    /// For endpoints that want a signature and do not check it.
    pub(super) fn made_up() -> Credentials {
        let text = "local".to_owned();
        Credentials { access_key_id: text.clone(), secret_access_key: text, session_token: None }
    }
}

/// What environment and files say.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    name: String,
    credentials: Option<Credentials>,
    pub(super) region: Option<String>,
}

impl Profile {
    /// Reads the environment's variables and the files that they name. What cannot be read is taken for absent.
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>) -> Profile {
        let home = variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from);
        let read = |name: &str, file: &str| {
            let path = variable(name).map(PathBuf::from);
            let path = path.or_else(|| Some(home.as_ref()?.join(".aws").join(file)))?;
            read_file(&path)
        };
        let config = read("AWS_CONFIG_FILE", "config").unwrap_or_default();
        let shared = read("AWS_SHARED_CREDENTIALS_FILE", "credentials").unwrap_or_default();
        Profile::from_texts(variable, &config, &shared)
    }

    fn from_texts(variable: impl Fn(&str) -> Option<String>, config: &str, shared: &str) -> Profile {
        let name = variable("AWS_PROFILE").unwrap_or_else(|| "default".to_owned());
        let in_config = |key: &str| {
            setting(config, &format!("profile {name}"), key)
                .or_else(|| setting(config, &name, key).filter(|_| name == "default"))
        };
        let in_files = |key: &str| setting(shared, &name, key).or_else(|| in_config(key));
        let of = |id: Option<String>, secret: Option<String>, session_token: Option<String>| {
            Some(Credentials { access_key_id: id?, secret_access_key: secret?, session_token })
        };
        let variables = || {
            of(
                variable("AWS_ACCESS_KEY_ID"),
                variable("AWS_SECRET_ACCESS_KEY"),
                variable("AWS_SESSION_TOKEN"),
            )
        };
        let files = || {
            of(
                in_files("aws_access_key_id"),
                in_files("aws_secret_access_key"),
                in_files("aws_session_token"),
            )
        };
        Profile {
            credentials: variables().or_else(files),
            region: variable("AWS_REGION")
                .or_else(|| variable("AWS_DEFAULT_REGION"))
                .or_else(|| in_files("region")),
            name,
        }
    }

    /// The credentials.
    ///
    /// # Errors
    ///
    /// Where they were looked for.
    pub(super) fn credentials(&self) -> Result<Credentials, String> {
        self.credentials.clone().ok_or_else(|| {
            format!(
                "neither in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor as keys of the profile '{0}'; \
                 `aws configure export-credentials --profile {0} --format env` prints them for single sign-on and roles",
                self.name
            )
        })
    }
}

/// A file of settings, which is small.
fn read_file(path: &Path) -> Option<String> {
    const BYTES_MAX: u64 = 1_048_576;
    let is_small = fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= BYTES_MAX);
    if is_small { fs::read_to_string(path).ok() } else { None }
}

/// The value of a key in a section. Settings within settings, which are indented, are left out.
fn setting(text: &str, section: &str, key: &str) -> Option<String> {
    let mut is_in_section = false;
    let mut found = None;
    for line in text.lines() {
        if let Some(name) = line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            is_in_section = name.split_whitespace().eq(section.split_whitespace());
        } else if let Some((name, value)) = line.split_once('=').filter(|_| is_in_section)
            && !line.starts_with([' ', '\t', '#', ';'])
            && name.trim() == key
        {
            found = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str =
        "[default]\nregion = eu-west-1\n[profile work]\nregion=eu-north-1\ns3 =\n  region = none\n";
    const SHARED: &str = "# mine\n[default]\naws_access_key_id = A\naws_secret_access_key = B=\n\n[work]\n\
                          aws_access_key_id=C\naws_secret_access_key=D\naws_session_token=E\n[empty]\n";

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<(&str, &str, Option<&str>)>, region: Option<&str>) {
        let variable = |name: &str| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        };
        let profile = Profile::from_texts(variable, CONFIG, SHARED);
        let expected = expected.map(|(id, secret, token)| Credentials {
            access_key_id: id.to_owned(),
            secret_access_key: secret.to_owned(),
            session_token: token.map(str::to_owned),
        });
        assert_eq!((profile.credentials, profile.region.as_deref()), (expected, region));
    }

    #[test]
    fn profiles() {
        check(&[], Some(("A", "B=", None)), Some("eu-west-1"));
        check(&[("AWS_PROFILE", "work")], Some(("C", "D", Some("E"))), Some("eu-north-1"));
        check(&[("AWS_PROFILE", "empty")], None, None);
        check(&[("AWS_PROFILE", "none")], None, None);
    }

    #[test]
    fn the_environment_comes_first() {
        let keys =
            [("AWS_ACCESS_KEY_ID", "X"), ("AWS_SECRET_ACCESS_KEY", "Y"), ("AWS_DEFAULT_REGION", "us-west-2")];
        check(&keys, Some(("X", "Y", None)), Some("us-west-2"));
        check(&keys[..1], Some(("A", "B=", None)), Some("eu-west-1"));
    }

    #[test]
    fn secrets_are_not_printed() {
        let credentials = Credentials {
            access_key_id: "id".to_owned(),
            secret_access_key: "hidden".to_owned(),
            session_token: Some("hidden".to_owned()),
        };
        assert_eq!(format!("{credentials:?}"), "access key id");
    }
}
