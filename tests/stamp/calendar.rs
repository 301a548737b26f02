//! An invented calendar of OpenTimestamps, by its own library in Python (calendar.py).

#![allow(dead_code, reason = "each test file takes what it needs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub struct Calendar {
    python: PathBuf,
    dir: PathBuf,
}

impl Calendar {
    /// Nothing where the library is not there.
    pub fn found(dir: &Path) -> Option<Calendar> {
        let default = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-tools");
        let tools = std::env::var_os("SANDUQ_TEST_TOOLS").map_or(default, PathBuf::from);
        let installed = tools.join("venv/bin/python");
        let python = if installed.is_file() { installed } else { "python3".into() };
        let there = Command::new(&python).args(["-c", "import opentimestamps"]).output();
        if !there.is_ok_and(|done| done.status.success()) {
            return None;
        }
        fs::create_dir_all(dir).unwrap();
        Some(Calendar { python, dir: dir.to_path_buf() })
    }

    fn run(&self, verb: &str, data: &[u8]) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stamp/calendar.py");
        let file = self.dir.join("data");
        fs::write(&file, data).unwrap();
        let done = Command::new(&self.python).arg(script).arg(verb).arg(file).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done
    }

    /// A proof that waits for a calendar.
    pub fn pending(&self, data: &[u8]) -> Vec<u8> {
        self.run("pending", data).stdout
    }

    /// A proof that leads to a made-up block, and the header of that block.
    pub fn attested(&self, data: &[u8]) -> (Vec<u8>, String) {
        let done = self.run("attested", data);
        (done.stdout, String::from_utf8(done.stderr).unwrap())
    }

    /// The proof, read and written again.
    pub fn again(&self, proof: &[u8]) -> Vec<u8> {
        self.run("again", proof).stdout
    }
}
