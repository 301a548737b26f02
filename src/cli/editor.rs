//! A line editor for testimony, in the process itself: no history, no hints, no file of any kind.
//!
//! It reads and writes the terminal (`/dev/tty`), whatever standard input and output are. When a person stops in
//! the middle of a paragraph, what stands there is handed back, not lost. While there is an editor the terminal shows
//! its other [`Screen`], so that nothing of a testimony stays in the window. The shell's prompt is one on the first
//! screen, new for every line. In a shell Ctrl-L stops a line as well, to [lock].

use crate::cli::lock;
use crate::cli::screen::Screen;
use crate::ui::{Kind, Trouble, m};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{
    Behavior, Cmd, ConditionalEventHandler, Config, Event, EventContext, EventHandler, Helper, KeyEvent,
    RepeatCount,
};
use std::cell::RefCell;
use std::rc::Rc;

/// A line editor.
pub struct Editor {
    lines: rustyline::Editor<Keeper, MemHistory>,
    _screen: Option<Screen>,
}

/// What came of a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    /// A line, ended by Enter.
    Line(String),
    /// Ctrl-D on an empty line: there is no more.
    End,
    /// Ctrl-C, with what stood in the line.
    Stop(String),
}

impl Editor {
    /// An editor on the terminal's other screen.
    pub fn new() -> Result<Editor, Trouble> {
        Ok(Editor { _screen: Some(Screen::enter()), ..Editor::prompt()? })
    }

    /// An editor on the terminal's screen as it is.
    pub fn prompt() -> Result<Editor, Trouble> {
        let config = Config::builder().max_history_size(0).map_err(|error| unusable(&error))?;
        let config = config.auto_add_history(false).behavior(Behavior::PreferTerm).build();
        let mut editor =
            rustyline::Editor::with_history(config, MemHistory::new()).map_err(|error| unusable(&error))?;
        editor.set_helper(Some(Keeper::default()));
        editor.bind_sequence(KeyEvent::ctrl('L'), EventHandler::Conditional(Box::new(LockKey)));
        // By itself it takes the terminal's own key for that, and on the other screen of a shell there is none.
        for key in ['C', '\\'] {
            editor.bind_sequence(KeyEvent::ctrl(key), Cmd::Interrupt);
        }
        Ok(Editor { lines: editor, _screen: None })
    }

    /// Reads a line that begins with `initial`, to be gone on with.
    pub fn line(&mut self, prompt: &str, initial: &str) -> Result<Typed, Trouble> {
        let standing = self.lines.helper().map(|keeper| Rc::clone(&keeper.line)).unwrap_or_default();
        initial.clone_into(&mut standing.borrow_mut());
        let _waiting = lock::wait();
        match self.lines.readline_with_initial(prompt, (initial, "")) {
            Ok(line) => Ok(Typed::Line(line)),
            Err(ReadlineError::Eof) => Ok(Typed::End),
            Err(ReadlineError::Interrupted) => Ok(Typed::Stop(standing.take())),
            Err(error) => Err(unusable(&error)),
        }
    }
}

/// Ctrl-L: locks a shell, and elsewhere clears the screen as usual.
struct LockKey;

impl ConditionalEventHandler for LockKey {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext) -> Option<Cmd> {
        lock::now_please().then_some(Cmd::Interrupt)
    }
}

/// Keeps what stands in the line while it is typed; hints, colours and completes nothing.
#[derive(Default)]
struct Keeper {
    line: Rc<RefCell<String>>,
}

impl Highlighter for Keeper {
    fn highlight_char(&self, line: &str, _pos: usize, _kind: CmdKind) -> bool {
        line.clone_into(&mut self.line.borrow_mut());
        lock::key();
        false
    }
}

impl Hinter for Keeper {
    type Hint = String;
}

impl Completer for Keeper {
    type Candidate = String;
}

impl Validator for Keeper {}

impl Helper for Keeper {}

fn unusable(error: &ReadlineError) -> Trouble {
    Trouble::new(Kind::Failed, m::ERR_EDITOR).value(error)
}
