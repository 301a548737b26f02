//! The instructions that lie in a disclosure, followed; what they find whole the second verifier finds whole as well.

#[allow(dead_code, reason = "only whole folders are asked here")]
#[path = "../reference/judge.rs"]
pub mod judge;

use std::fs;
use std::path::Path;

use crate::stock::follow;

/// Runs the commands of a `VERIFY.txt` where nothing else is, with the tools it names and no others.
pub fn follow_instructions(dir: &Path) -> Result<String, String> {
    follow_with_root(dir, None)
}

/// As [`follow_instructions`], with an authority's root certificate.
pub fn follow_with_root(dir: &Path, root: Option<&Path>) -> Result<String, String> {
    let said = follow_only(dir, root)?;
    if let Some((holds, words)) = judge::verdict_on_folder("disclosure", dir, &[]) {
        assert!(holds, "{}: {words}", dir.display());
    }
    Ok(said)
}

/// As [`follow_instructions`], of a folder with something wrong that stock tools do not look for.
pub fn follow_only(dir: &Path, root: Option<&Path>) -> Result<String, String> {
    let said = fs::read_to_string(dir.join("VERIFY.txt")).unwrap();
    let commands = said.lines().filter_map(|line| line.strip_prefix("    "));
    follow(dir, &commands.map(|line| format!("{line}\n")).collect::<String>(), root)
}
