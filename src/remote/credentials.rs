//! Whose requests they are: credentials and region of the environment, or of a profile in the user's files.
//!
//! What AWS's tools make only by asking others (single sign-on, roles, web identities, containers) or by running programs is
//! not made here. Where they would, in the order in which they look, nothing else is taken in its place, since that would
//! be somebody else; `aws configure export-credentials` puts what they make into the environment.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>,
//! <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>

use crate::spec::quota;
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
    source: Source,
    pub(super) region: Option<String>,
}

/// Where credentials come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Source {
    /// Nothing is said of any.
    #[default]
    Nowhere,
    /// From the environment or the files.
    Keys(Credentials),
    /// From somebody who is not asked here: what says so, and what it is.
    Others { setting: &'static str, what: &'static str },
}

/// The settings of a profile by which AWS's tools get credentials before they look at its keys.
const BEFORE_KEYS: &[(&str, &str)] = &[
    ("web_identity_token_file", "a web identity"),
    ("role_arn", "a role"),
    ("sso_session", "single sign-on"),
    ("sso_start_url", "single sign-on"),
];
/// The same after the keys of the file of credentials, and before those of the file of configuration.
const AFTER_SHARED_KEYS: &[(&str, &str)] =
    &[("login_session", "a console login"), ("credential_process", "a program")];
/// Variables by which AWS's tools get credentials where no profile says of any.
const IN_ENVIRONMENT: &[(&str, &str)] = &[
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "a container"),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "a container"),
];

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
        let in_shared = |key: &str| setting(shared, &name, key);
        let in_files = |key: &str| in_shared(key).or_else(|| in_config(key));
        let source = keys(&variable, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
            .or_else(|| others(&variable, &[("AWS_WEB_IDENTITY_TOKEN_FILE", "a web identity")]))
            .or_else(|| others(in_files, BEFORE_KEYS))
            .or_else(|| keys(in_shared, PROFILE_KEYS))
            .or_else(|| others(in_files, AFTER_SHARED_KEYS))
            .or_else(|| keys(in_config, PROFILE_KEYS))
            .or_else(|| others(&variable, IN_ENVIRONMENT));
        Profile {
            source: source.unwrap_or_default(),
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
    /// Where they were looked for, or what was found that is not carried out here, and what to do.
    pub(super) fn credentials(&self) -> Result<Credentials, String> {
        let name = &self.name;
        match &self.source {
            Source::Keys(credentials) => Ok(credentials.clone()),
            Source::Others { setting, what } => {
                let (place, profile) = if setting.starts_with("AWS_") {
                    ("the environment".to_owned(), String::new())
                } else {
                    (format!("the profile '{name}'"), format!("--profile {name} "))
                };
                Err(format!(
                    "{place} has them from {what} ({setting}), which is not done here; set what \
                     `aws configure export-credentials {profile}--format env` prints, and start again"
                ))
            }
            Source::Nowhere => Err(format!(
                "neither in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor in the profile '{name}' of AWS's files"
            )),
        }
    }
}

/// Keys of a profile.
const PROFILE_KEYS: [&str; 3] = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];

/// Credentials under these names: id, secret, token.
fn keys(value: impl Fn(&str) -> Option<String>, [id, secret, token]: [&str; 3]) -> Option<Source> {
    let (access_key_id, secret_access_key) = (value(id)?, value(secret)?);
    Some(Source::Keys(Credentials { access_key_id, secret_access_key, session_token: value(token) }))
}

/// The first of these settings that there is.
fn others(
    value: impl Fn(&str) -> Option<String>,
    settings: &[(&'static str, &'static str)],
) -> Option<Source> {
    let found = settings.iter().find(|(setting, _)| value(setting).is_some());
    found.map(|(setting, what)| Source::Others { setting, what })
}

/// A file of settings, which is small.
fn read_file(path: &Path) -> Option<String> {
    let is_small = fs::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= quota::CREDENTIALS_BYTES_MAX);
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
    use expect_test::{Expect, expect};

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
        assert_eq!((profile.credentials().ok(), profile.region.as_deref()), (expected, region));
    }

    /// The reason why there are no credentials, or the id of the key.
    #[track_caller]
    fn check_source(variables: &[(&str, &str)], config: &str, shared: &str, expected: Expect) {
        let variable = |name: &str| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        };
        let credentials = Profile::from_texts(variable, config, shared).credentials();
        expected.assert_eq(&credentials.map_or_else(|reason| reason, |keys| keys.access_key_id));
    }

    const KEYS: &str = "[default]\naws_access_key_id = A\naws_secret_access_key = B\n";

    #[test]
    fn what_others_make_is_refused() {
        check_source(
            &[],
            "",
            "",
            expect![
                "neither in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor in the profile 'default' of AWS's files"
            ],
        );
        check_source(
            &[],
            "[default]\nsso_session = corp\n[sso-session corp]\n",
            "",
            expect![
                "the profile 'default' has them from single sign-on (sso_session), which is not done here; set what `aws configure export-credentials --profile default --format env` prints, and start again"
            ],
        );
        let process = "[profile ci]\ncredential_process = /bin/keys\n";
        check_source(
            &[("AWS_PROFILE", "ci")],
            process,
            "",
            expect![
                "the profile 'ci' has them from a program (credential_process), which is not done here; set what `aws configure export-credentials --profile ci --format env` prints, and start again"
            ],
        );
        check_source(
            &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")],
            "",
            KEYS,
            expect![
                "the environment has them from a web identity (AWS_WEB_IDENTITY_TOKEN_FILE), which is not done here; set what `aws configure export-credentials --format env` prints, and start again"
            ],
        );
        check_source(
            &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://x")],
            "",
            "",
            expect![
                "the environment has them from a container (AWS_CONTAINER_CREDENTIALS_FULL_URI), which is not done here; set what `aws configure export-credentials --format env` prints, and start again"
            ],
        );
    }

    #[test]
    fn nobody_else_is_taken_in_the_place_of_a_role() {
        let role = "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = default\n";
        check_source(
            &[],
            role,
            KEYS,
            expect![
                "the profile 'default' has them from a role (role_arn), which is not done here; set what `aws configure export-credentials --profile default --format env` prints, and start again"
            ],
        );
        // As AWS's tools do: keys in the file of credentials go before a program, those beside it do not.
        check_source(&[], "[default]\ncredential_process = x\n", KEYS, expect!["A"]);
        check_source(
            &[],
            &format!("{KEYS}credential_process = x\n"),
            "",
            expect![
                "the profile 'default' has them from a program (credential_process), which is not done here; set what `aws configure export-credentials --profile default --format env` prints, and start again"
            ],
        );
        let keys = [("AWS_ACCESS_KEY_ID", "X"), ("AWS_SECRET_ACCESS_KEY", "Y")];
        check_source(&keys, role, KEYS, expect!["X"]);
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
    fn files_that_are_too_large_count_as_absent() {
        let path = std::env::temp_dir().join(format!("asl-lsp-credentials-{}", std::process::id()));
        let read = |n_bytes: u64| {
            fs::File::create(&path).unwrap().set_len(n_bytes).unwrap();
            read_file(&path).map(|text| text.len() as u64)
        };
        let limit = quota::CREDENTIALS_BYTES_MAX;
        assert_eq!([read(limit), read(limit + 1)], [Some(limit), None]);
        fs::remove_file(&path).unwrap();
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
