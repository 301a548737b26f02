//! The stock commands by which anyone checks a disclosure, run where nothing else is.

use std::path::Path;
use std::process::Command;

/// What the instructions say they need, and what runs them.
pub const TOOLS: [&str; 24] = [
    "sh",
    "awk",
    "base64",
    "cat",
    "cut",
    "diff",
    "find",
    "grep",
    "head",
    "ls",
    "mktemp",
    "openssl",
    "printf",
    "rm",
    "sed",
    "sha256sum",
    "sort",
    "ssh-keygen",
    "tail",
    "test",
    "tr",
    "uniq",
    "wc",
    "xxd",
];

/// What `sh` is, here or there. They differ in what they make of a number that is none.
pub const SHELLS: [&str; 2] = ["dash", "bash"];

/// Runs the commands in this folder, with these tools and no others, and an authority's root certificate if there is one;
/// `Err` with what was said where they ended early. Every shell must come to the same end.
pub fn follow(dir: &Path, script: &str, root: Option<&Path>) -> Result<String, String> {
    let [one, other] = SHELLS.map(|shell| follow_in(&TOOLS, shell, dir, script, root));
    assert_eq!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
    one
}

/// A folder with these tools and nothing else, as links; what is `sh` there is this shell.
pub fn linked(tools: &[&str], shell: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for tool in tools {
        let program = if *tool == "sh" { shell } else { tool };
        let mut places = ["/usr/bin", "/bin"].iter().map(|place| Path::new(place).join(program));
        let found = places.find(|path| path.exists()).unwrap_or_else(|| panic!("{program}"));
        std::os::unix::fs::symlink(found, folder.path().join(tool)).unwrap();
    }
    folder
}

/// As [`follow`], in this shell alone and with these tools.
pub fn follow_in(
    tools: &[&str],
    shell: &str,
    dir: &Path,
    script: &str,
    root: Option<&Path>,
) -> Result<String, String> {
    let tools = linked(tools, shell);
    let mut shell = Command::new(tools.path().join("sh"));
    shell.arg("-c").arg(script).current_dir(dir).env_clear().env("PATH", tools.path());
    shell.envs(root.map(|root| ("ROOT", root)));
    let done = shell.output().unwrap();
    let [out, err] = [&done.stdout, &done.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let whole = out.ends_with("\nall of it holds\n");
    assert_eq!(done.status.success(), whole, "{out}{err}");
    if whole { Ok(out) } else { Err(out + &err) }
}
