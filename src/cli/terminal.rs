//! The only place that prints.
//!
//! Standard output carries the answer: what was asked for, or what was done. Standard error carries everything
//! around it: questions, progress, warnings, troubles. So `sanduq recipient > officer.txt` writes one line whatever
//! is said beside it. With `--json` the answer is one JSON document and no sentence stands on standard output; with
//! `--quiet` sentences are left out and data stay.
//!
//! A value that may be copied (an id, a digest, a path, a command) stands on a line of its own, escaped, with nothing
//! of punctuation or direction around it.

use crate::cli::flow::{flow, flow_text};
use crate::format::text::steers;
use crate::ui::{Describe, Language, Message, Trouble, Words, escape, m};
use serde::Serialize;
use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// Where a program speaks, in which language and how much.
pub struct Terminal {
    words: Words,
    /// The other languages' words, as long as nobody has said which language is wanted.
    also: Vec<Words>,
    json: bool,
    quiet: bool,
    /// How the program was called so far: `sanduq` with `--vault DIR`, so that a command it suggests works when
    /// copied.
    called: (&'static str, String),
    /// Where the answer goes instead of standard output, if somewhere.
    kept: Option<RefCell<Vec<u8>>>,
    /// Whether nobody is there to be asked, whatever the system says.
    alone: bool,
    failure: RefCell<Option<io::Error>>,
}

impl Terminal {
    /// A terminal that speaks this language.
    pub fn new(language: Language, json: bool, quiet: bool) -> Terminal {
        Terminal {
            words: Words::new(language),
            also: Vec::new(),
            json,
            quiet,
            called: ("", String::new()),
            kept: None,
            alone: false,
            failure: RefCell::new(None),
        }
    }

    /// A terminal that asks nothing, for commands that another command plays; with `keep` the answer is not printed
    /// but kept to be [taken](Terminal::take).
    pub fn playing(language: Language, keep: bool, quiet: bool) -> Terminal {
        let kept = keep.then(RefCell::default);
        Terminal { alone: true, kept, ..Terminal::new(language, false, quiet) }
    }

    /// The answer that was kept instead of printed.
    pub fn take(&self) -> Vec<u8> {
        self.kept.as_ref().map(RefCell::take).unwrap_or_default()
    }

    /// Remembers flags that every suggested command of this program has to repeat.
    pub fn called_with(&mut self, program: &'static str, flags: String) {
        self.called = (program, flags);
    }

    /// Nobody has said which language is wanted: until [`Terminal::speak`] settles it, a person at the terminal is
    /// asked, and told of trouble, in every language. A vault tells its language only once it is open.
    pub fn unsure(&mut self) {
        if io::stderr().is_terminal() && !self.json {
            let others = Language::ALL.into_iter().filter(|language| *language != self.words.language());
            self.also = others.map(Words::new).collect();
        }
    }

    /// Goes on in this language.
    pub fn speak(&mut self, language: Language) {
        self.also.clear();
        if language != self.words.language() {
            self.words = Words::new(language);
        }
    }

    /// The words it speaks with.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Whether the answer is to be one JSON document.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Whether only what was asked for is to be said.
    pub fn quiet(&self) -> bool {
        self.quiet
    }

    /// Goes on saying less.
    pub fn hush(&mut self, quiet: bool) {
        self.quiet |= quiet;
    }

    /// Whether a person watches standard output.
    pub fn is_watched(&self) -> bool {
        self.kept.is_none() && io::stdout().is_terminal()
    }

    /// Whether a person watches standard error and wants to hear more than the answer.
    pub fn hears_progress(&self) -> bool {
        io::stderr().is_terminal() && !self.quiet && !self.json
    }

    /// Whether a person can be asked: both what is typed and what is shown go through a terminal.
    pub fn can_ask(&self) -> bool {
        !self.alone && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Says a sentence as the answer.
    pub fn say(&self, message: impl Into<Message>) {
        if !self.json && !self.quiet {
            self.out(&lines_for(&self.words.say(message), flow, rustix::stdio::stdout()));
        }
    }

    /// Shows a value that belongs to what was just said, alone on its line.
    pub fn value(&self, value: impl ToString) {
        if !self.json && !self.quiet {
            self.out(&format!("  {}", escape(&value.to_string())));
        }
    }

    /// Shows a command that may come next, as it has to be typed.
    pub fn command(&self, command: &str) {
        self.value(self.as_called(command));
    }

    /// Shows a command beside the answer.
    pub fn remark_command(&self, command: &str) {
        self.remark_value(self.as_called(command));
    }

    /// Leaves a line free.
    pub fn gap(&self) {
        if !self.json && !self.quiet {
            self.out("");
        }
    }

    /// Prints a line of data: what was asked for, also with `--quiet`. The caller has escaped what is foreign.
    pub fn data(&self, line: &str) {
        self.out(line);
    }

    /// Prints a line of evidence, broken between its words where the terminal is narrower. The caller has escaped it.
    pub fn text(&self, line: &str) {
        self.out(&lines_for(line, flow_text, rustix::stdio::stdout()));
    }

    /// Prints data exactly as they are.
    pub fn raw(&self, text: &str) {
        self.note(self.write(text));
    }

    /// Prints the answer as one JSON document on one line.
    pub fn answer(&self, value: &impl Serialize) {
        match json_text(value) {
            Ok(text) => self.out(&text),
            Err(error) => self.note(Err(io::Error::other(error))),
        }
    }

    /// Says something beside the answer.
    pub fn remark(&self, message: impl Into<Message>) {
        if !self.quiet {
            self.tell(message);
        }
    }

    /// Says something beside the answer that is needed to go on, also with `--quiet`.
    pub fn tell(&self, message: impl Into<Message>) {
        self.aside(&lines_for(&self.words.say(message), flow, rustix::stdio::stderr()));
    }

    /// Shows a value that belongs to a remark, alone on its line.
    pub fn remark_value(&self, value: impl ToString) {
        if !self.quiet {
            self.aside(&format!("  {}", escape(&value.to_string())));
        }
    }

    /// Prints a line beside the answer that is needed to go on, also with `--quiet`: what belongs to a question.
    pub fn aside(&self, line: &str) {
        if self.alone && self.quiet {
            // Nobody watches what another command plays in silence.
            return;
        }
        // Nobody is left to tell that standard error is gone.
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Prints a line of evidence beside the answer, broken between its words. The caller has escaped it.
    pub fn aside_text(&self, line: &str) {
        self.aside(&lines_for(line, flow_text, rustix::stdio::stderr()));
    }

    /// Shows a question and stays on its line.
    pub fn ask(&self, message: impl Into<Message>) {
        steer(&(lines_for(&self.words.say(message), flow, rustix::stdio::stderr()) + " "));
    }

    /// A question in the language that is spoken; while that is not known, below the same in the others.
    pub fn question(&self, message: impl Into<Message>) -> String {
        let message = message.into();
        let said = |words: &Words| lines_for(&words.say(message.clone()), flow, rustix::stdio::stderr());
        let others = self.also.iter().map(|words| said(words) + "\n");
        others.chain([said(&self.words) + " "]).collect()
    }

    /// Tells of trouble, also with `--quiet`: in sentences, or with `--json` as one document on standard error.
    pub fn trouble(&self, trouble: &Trouble) {
        if self.json {
            let error = TroubleView::of(trouble, &self.words);
            self.aside(&json_text(&error).expect("strings serialize"));
        } else {
            for words in self.also.iter().chain([&self.words]) {
                let text = trouble.tell(words, |command| self.as_called(command));
                self.aside(&lines_for(&text, flow, rustix::stdio::stderr()));
            }
        }
    }

    /// Ends the program: tells what went wrong, if something did, and gives the exit code.
    pub fn end(&self, result: Result<(), Trouble>) -> ExitCode {
        match (result, self.failure.take()) {
            (Err(trouble), _) => {
                self.trouble(&trouble);
                ExitCode::from(trouble.kind.exit_code())
            }
            (Ok(()), None) => ExitCode::SUCCESS,
            // Whoever read the answer had enough of it, as `head` does.
            (Ok(()), Some(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            (Ok(()), Some(error)) => {
                let trouble = OutputFailed(error).trouble();
                self.trouble(&trouble);
                ExitCode::from(trouble.kind.exit_code())
            }
        }
    }

    fn out(&self, line: &str) {
        self.note(self.write(&format!("{line}\n")));
    }

    fn write(&self, text: &str) -> io::Result<()> {
        match &self.kept {
            Some(kept) => kept.borrow_mut().write_all(text.as_bytes()),
            None => print(text.as_bytes()),
        }
    }

    /// The command with the flags of this call, if it is one of the same program.
    fn as_called(&self, command: &str) -> String {
        let (program, flags) = &self.called;
        match command.strip_prefix(program).and_then(|rest| rest.strip_prefix(' ')) {
            Some(rest) if !flags.is_empty() && !rest.starts_with("--") => format!("{program} {flags} {rest}"),
            _ => command.to_string(),
        }
    }

    fn note(&self, written: io::Result<()>) {
        if let Err(error) = written {
            self.failure.borrow_mut().get_or_insert(error);
        }
    }
}

/// Writes to standard output without a buffer, in which the last of what was shown would stay.
fn print(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(rustix::stdio::stdout(), bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether standard error is a terminal with a second screen.
pub fn has_screens() -> bool {
    let named = std::env::var_os("TERM").is_some_and(|name| !name.is_empty() && name != "dumb");
    named && io::stderr().is_terminal()
}

/// Writes what is no line to standard error: a question, or what steers the terminal.
pub fn steer(sequence: &str) {
    let mut stderr = io::stderr().lock();
    // Nobody is left to tell that standard error is gone.
    let _ = write!(stderr, "{sequence}").and_then(|()| stderr.flush());
}

/// The text in lines that suit the terminal they go to; as it is, if it goes elsewhere.
fn lines_for(text: &str, flow: fn(&str, usize) -> String, to: rustix::fd::BorrowedFd) -> String {
    match rustix::termios::tcgetwinsize(to) {
        Ok(size) if size.ws_col > 0 => flow(text, size.ws_col.into()),
        _ => text.to_string(),
    }
}

/// A value as one JSON document, in which whatever steers a terminal is escaped: the value stays the same.
pub fn json_text(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, Still))?;
    Ok(String::from_utf8(text).expect("JSON is written in UTF-8"))
}

/// JSON whose strings hold no control or direction characters; `serde_json` escapes only those of C0.
struct Still;

impl serde_json::ser::Formatter for Still {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(found) = rest.chars().find(|character| steers(*character)) {
            let (before, after) = rest.split_once(found).expect("it was just found");
            out.write_all(before.as_bytes())?;
            for unit in found.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = after;
        }
        out.write_all(rest.as_bytes())
    }
}

/// Standard output did not take the answer.
struct OutputFailed(io::Error);

impl Describe for OutputFailed {
    fn trouble(&self) -> Trouble {
        Trouble::new(crate::ui::Kind::Failed, m::ERR_OUTPUT).value(&self.0).hint(m::HINT_OUTPUT)
    }
}

/// Trouble as scripts read it.
#[derive(Serialize)]
struct TroubleView<'a> {
    error: &'static str,
    exit: u8,
    message: String,
    values: &'a [String],
    safe: Option<String>,
    hint: Option<String>,
    commands: &'a [String],
}

impl<'a> TroubleView<'a> {
    fn of(trouble: &'a Trouble, words: &Words) -> TroubleView<'a> {
        let say = |message: &Option<Message>| message.clone().map(|message| words.say(message));
        TroubleView {
            error: trouble.what.id(),
            exit: trouble.kind.exit_code(),
            message: words.say(trouble.what.clone()),
            values: &trouble.values,
            safe: say(&trouble.safe),
            hint: say(&trouble.hint),
            commands: &trouble.commands,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file name with a CSI of the C1 characters in it moved the cursor of whoever ran a command with `--json`.
    #[test]
    fn json_carries_nothing_that_steers_a_terminal() {
        let name = "a\u{9b}31m\u{7f}\u{202e}b\u{feff}\u{e0041} می\u{200c}روم \"\\";
        let terminal = Terminal::playing(Language::English, true, false);
        terminal.answer(&serde_json::json!({ name: name }));
        let answer = String::from_utf8(terminal.take()).unwrap();
        assert!(!answer.trim_end_matches('\n').contains(steers), "{}", answer.escape_unicode());
        assert!(answer.contains("\\u009b31m") && answer.contains("\\udb40\\udc41"), "{answer}");
        assert!(answer.contains("می\u{200c}روم"));
        let read: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(read, serde_json::json!({ name: name }));
    }
}
