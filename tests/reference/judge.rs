//! `verify.py` as a process that is asked case by case: one for all tests of a binary, ended with its standard input.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

#[allow(dead_code, reason = "here only the search for Python is needed")]
#[path = "../foreign/tools.rs"]
pub mod tools;

struct Judge {
    _process: Child,
    cases: ChildStdin,
    verdicts: BufReader<ChildStdout>,
}

fn judge() -> Option<&'static Mutex<Judge>> {
    static JUDGE: OnceLock<Option<Mutex<Judge>>> = OnceLock::new();
    JUDGE.get_or_init(|| Some(Mutex::new(Judge::start()?))).as_ref()
}

impl Judge {
    fn start() -> Option<Judge> {
        let python = tools::python("the_second_reading")?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/verify.py");
        let mut command = Command::new(python);
        command.args(["-B", script, "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("Python starts");
        let cases = process.stdin.take().expect("it was piped");
        let verdicts = BufReader::new(process.stdout.take().expect("it was piped"));
        Some(Judge { _process: process, cases, verdicts })
    }

    /// The kind may be followed by the path of a folder.
    fn ask(&mut self, kind: &str, files: &[&[u8]]) -> String {
        let lengths: String = files.iter().map(|file| format!(" {}", file.len())).collect();
        self.cases.write_all(format!("{kind}{lengths}\n").as_bytes()).expect("it reads");
        files.iter().for_each(|file| self.cases.write_all(file).expect("it reads"));
        let mut verdict = String::new();
        self.verdicts.read_line(&mut verdict).expect("it answers in UTF-8");
        verdict.trim_end().to_owned()
    }
}

/// What the second reading says of these files: whether they hold, and its words. `None` where no Python is there
/// for it, which was then said.
///
/// # Panics
///
/// If it has no verdict, which is a mistake in it.
pub fn verdict(kind: &str, files: &[&[u8]]) -> Option<(bool, String)> {
    let words = judge()?.lock().expect("nobody panicked while asking").ask(kind, files);
    let known = words == "holds" || words.starts_with("refused: ");
    assert!(known, "verify.py has no verdict on a {kind}: {words:?}");
    Some((words == "holds", words))
}

/// The same of a folder, and of the files that go with it.
#[allow(dead_code, reason = "bundles are no folders")]
pub fn verdict_on_folder(kind: &str, folder: &Path, files: &[&[u8]]) -> Option<(bool, String)> {
    verdict(&format!("{kind} {}", folder.display()), files)
}
