//! A page as a foreign parser of HTML reads it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// A page's elements with their attributes in the order of the page, and its texts below the tags they stand in.
#[derive(Debug, Deserialize)]
pub struct Outline {
    pub elements: Vec<(String, serde_json::Map<String, serde_json::Value>)>,
    pub texts: Vec<(Vec<String>, String)>,
}

impl Outline {
    /// Every text of the page but its style.
    pub fn text(&self) -> String {
        let said = self.texts.iter().filter(|(above, _)| !above.iter().any(|tag| tag == "style"));
        said.map(|(_, text)| text.as_str()).collect()
    }

    /// What stands directly in these elements.
    pub fn within(&self, tag: &str) -> Vec<String> {
        let directly = self.texts.iter().filter(|(above, _)| above.last().is_some_and(|last| last == tag));
        directly.map(|(_, text)| text.clone()).collect()
    }

    /// The value of an attribute of the first element of this name.
    pub fn attribute(&self, tag: &str, name: &str) -> Option<&str> {
        let (_, attributes) = self.elements.iter().find(|(found, _)| found == tag)?;
        attributes.get(name)?.as_str()
    }
}

/// Reads a page; `None` where there is no Python.
pub fn outline(page: &Path) -> Option<Outline> {
    let default = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-tools");
    let tools = std::env::var_os("SANDUQ_TEST_TOOLS").map_or(default, PathBuf::from);
    let installed = tools.join("venv/bin/python");
    let program = if installed.is_file() { installed } else { "python3".into() };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/outline.py");
    let done = Command::new(program).arg(script).arg(page).output().ok()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(serde_json::from_slice(&done.stdout).unwrap())
}
