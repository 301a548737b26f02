//! A bar for long work, on standard error, only when a person watches.

use crate::cli::terminal::Terminal;
use crate::ui::Message;
use crate::vault::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far a command has come; gone from the screen when dropped.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar with what is being done written beside it.
    pub fn new(terminal: &Terminal, doing: Message) -> Bar {
        let bar = ProgressBar::hidden();
        if terminal.hears_progress() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{msg} {bar:30} {percent:>3} %");
            bar.set_style(style.expect("the template is ours"));
            bar.set_message(terminal.words().say(doing));
        }
        Bar(bar)
    }
}

impl Progress for Bar {
    fn start(&mut self, total: u64) {
        self.0.set_position(0);
        self.0.set_length(total);
    }

    fn advance(&mut self, bytes: u64) {
        self.0.inc(bytes);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
