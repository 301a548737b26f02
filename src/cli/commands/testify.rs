//! `sanduq testify [--title T] [FILE|-]` keeps a testimony: typed in the process itself, or read from a file or
//! from standard input.
//!
//! At a terminal Enter ends a paragraph, which is kept at once as an encrypted draft; a line with a single dot, or
//! Ctrl-D, ends the testimony. After Ctrl-C the next `sanduq testify` goes on where it stopped, in the middle of a
//! word if need be. Nothing goes through an editor's temporary file, and nothing of it stays in the window.

use crate::cli::commands::{add, direct};
use crate::cli::consent;
use crate::cli::context::{Context, told};
use crate::cli::couriers::{self, CourierFlags};
use crate::cli::editor::{Editor, Typed};
use crate::cli::phrase::{self, ProofFlags};
use crate::cli::{ask, persons, terminal::Terminal};
use crate::ui::{Day, Kind, Message, Trouble, m};
use crate::vault::{DraftView, ItemSummary, Sealing, TestimonyText, Vault, VaultError};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What ends a typed testimony: a line with this alone.
const END_LINE: &str = ".";
/// What stands before each paragraph while it is typed.
const PROMPT: &str = "> ";

/// Whether it is sealed at once and never kept, and how.
pub struct Direct {
    /// The contact to seal it to.
    pub to: Option<String>,
    /// Whether a phrase shall prove later who sealed it.
    pub proof: ProofFlags,
    /// The couriers among whom the key is split.
    pub couriers: CourierFlags,
}

/// Runs the verb; with a contact in `direct` it is sealed to that one and never kept.
pub fn run(
    context: &mut Context,
    title: Option<String>,
    file: Option<&Path>,
    direct: &Direct,
    consent: Option<&Path>,
) -> Result<(), Trouble> {
    let typed = file.is_none() && context.terminal.can_ask();
    if direct.to.is_none() && direct.couriers.is_wanted() {
        return Err(
            Trouble::new(Kind::Usage, m::ERR_SPLIT_KEPT).command("sanduq testify --direct --to NAME …")
        );
    }
    let way = direct.proof.way(&context.terminal)?;
    let couriers = direct.couriers.hand_out()?;
    let mut vault = context.unlock()?;
    if let Some(to) = &direct.to {
        couriers::sure(&context.terminal, couriers.as_ref(), false)?;
        direct::sure(&context.terminal, to)?;
        let told_directly = if typed { type_unkept(context, title)? } else { read_whole(title, file)? };
        let names = if typed { persons::asked(&context.terminal)? } else { Vec::new() };
        let terms = consent::given(&context.terminal, consent)?;
        let under = (&terms, &names[..]);
        let proof = phrase::commitment(&context.terminal, way)?;
        let sealing = Sealing { proof, couriers, ..Sealing::default() };
        let outcome = vault.testify_direct(told_directly, to, &sealing, under, context.now());
        let couriers = sealing.couriers.as_ref();
        let outcome = outcome.map_err(|error| couriers::failed(error, couriers))?;
        direct::say(&context.terminal, &outcome);
        couriers::say(&context.terminal, couriers, &outcome.shares);
        return Ok(());
    }
    let kept = if typed {
        let kept = type_it(context, &mut vault, title)?;
        name_persons(context, &mut vault, kept)?
    } else {
        vault.testify(read_whole(title, file)?, context.now()).map_err(told)?
    };
    add::under(context, &mut vault, &[kept.item], consent)?;
    say(&context.terminal, &kept);
    Ok(())
}

/// Asks whom it names; it is kept already, whatever comes of the question.
fn name_persons(context: &Context, vault: &mut Vault, kept: ItemSummary) -> Result<ItemSummary, Trouble> {
    let safe = |trouble: Trouble| trouble.safe(m::SAFE_CONSENT);
    let names = persons::asked(&context.terminal).map_err(safe)?;
    if names.is_empty() {
        return Ok(kept);
    }
    vault.name_persons(kept.item, &names, context.now()).map_err(told).map_err(safe)
}

fn read_whole(title: Option<String>, file: Option<&Path>) -> Result<TestimonyText, Trouble> {
    Ok(TestimonyText { title, account: read(file.unwrap_or(Path::new("-")))? })
}

/// What is typed without being kept meanwhile: whoever stops loses it.
fn type_unkept(context: &Context, title: Option<String>) -> Result<TestimonyText, Trouble> {
    let mut editor = Editor::new()?;
    let title = match title {
        Some(title) => Some(title),
        None => ask_title(&context.terminal, &mut editor)?,
    };
    Ok(TestimonyText { title, account: type_paragraphs(context, &mut editor, m::TESTIFY_HOW_DIRECT)? })
}

/// Words that are typed without being kept meanwhile.
pub fn type_words(context: &Context, how: Message) -> Result<String, Trouble> {
    type_paragraphs(context, &mut Editor::new()?, how)
}

fn type_paragraphs(context: &Context, editor: &mut Editor, how: Message) -> Result<String, Trouble> {
    context.terminal.tell(how);
    let mut paragraphs = Vec::new();
    loop {
        match editor.line(PROMPT, "")? {
            Typed::Line(line) if line.trim() == END_LINE => break,
            Typed::Line(line) => paragraphs.extend(paragraphs_of(&line)),
            Typed::End => break,
            Typed::Stop(_) => return Err(Trouble::new(Kind::Interrupted, m::ERR_INTERRUPTED)),
        }
    }
    Ok(paragraphs.join("\n\n"))
}

/// The paragraphs of what was typed; pasted text may hold several.
fn paragraphs_of(typed: &str) -> impl Iterator<Item = String> {
    typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_string)
}

/// Says that a testimony is kept.
pub fn say(terminal: &Terminal, kept: &ItemSummary) {
    if terminal.json() {
        return terminal.answer(kept);
    }
    if terminal.can_ask() {
        // Its title may be its first words, and who typed them does not want them in the window.
        terminal.say(m::testify_kept(kept.item));
    } else {
        terminal.say(m::testify_done(kept.item));
        terminal.value(&kept.title);
    }
    terminal.say(m::TESTIFY_DONE_THEN);
    terminal.command(&format!("sanduq edit {}", kept.item));
}

/// The text of a file, or of standard input for `-`.
pub fn read(path: &Path) -> Result<String, Trouble> {
    let unread = |source| told(VaultError::Read { path: path.to_path_buf(), source });
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).map_err(unread)?;
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(unread)?;
    }
    let not_text = |_| {
        let trouble = Trouble::new(Kind::Refused, m::ERR_NOT_TEXT).value(path.display());
        trouble.hint(m::HINT_NOT_TEXT).command("sanduq add PATH…")
    };
    let text = String::from_utf8(bytes).map_err(not_text)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n"))
}

/// A testimony while it is typed: the draft is begun with the first paragraph and saved after each.
struct Typing<'a> {
    vault: &'a mut Vault,
    draft: Option<String>,
    title: Option<String>,
    paragraphs: Vec<String>,
}

fn type_it(context: &Context, vault: &mut Vault, title: Option<String>) -> Result<ItemSummary, Trouble> {
    let mut editor = Editor::new()?;
    let mut typing = begin(context, &mut editor, vault, title)?;
    context.terminal.tell(m::TESTIFY_HOW);
    // What was typed last may have been stopped within a word: it comes back to be gone on with.
    let mut standing = typing.paragraphs.pop().unwrap_or_default();
    loop {
        match editor.line(PROMPT, &standing).map_err(|trouble| typing.kept(trouble))? {
            Typed::Line(line) if line.trim() == END_LINE => break,
            Typed::Line(line) => typing.take(&line, context)?,
            Typed::End => break,
            Typed::Stop(line) => {
                typing.take(&line, context)?;
                return Err(typing.stopped());
            }
        }
        standing.clear();
    }
    typing.finish(context)
}

/// A new testimony, or the draft that a person wants to go on with.
fn begin<'a>(
    context: &Context,
    editor: &mut Editor,
    vault: &'a mut Vault,
    title: Option<String>,
) -> Result<Typing<'a>, Trouble> {
    let terminal = &context.terminal;
    if let Some(draft) = vault.drafts().map_err(told)?.into_iter().next() {
        show(terminal, &draft);
        if ask::yes(terminal, m::TESTIFY_RESUME).map_err(|trouble| trouble.safe(m::SAFE_DRAFT))? {
            let title = title.or(draft.title);
            return Ok(Typing { vault, draft: Some(draft.id), title, paragraphs: draft.paragraphs });
        }
        if ask::yes(terminal, m::TESTIFY_DROP).map_err(|trouble| trouble.safe(m::SAFE_DRAFT))? {
            vault.draft_drop(&draft.id).map_err(told)?;
            terminal.tell(m::TESTIFY_DROPPED);
        }
    }
    let title = match title {
        Some(title) => Some(title),
        None => ask_title(terminal, editor)?,
    };
    Ok(Typing { vault, draft: None, title, paragraphs: Vec::new() })
}

fn ask_title(terminal: &Terminal, editor: &mut Editor) -> Result<Option<String>, Trouble> {
    terminal.tell(m::TESTIFY_TITLE);
    match editor.line(PROMPT, "")? {
        Typed::Line(title) => Ok(Some(title.trim().to_string()).filter(|title| !title.is_empty())),
        Typed::End => Ok(None),
        Typed::Stop(_) => Err(Trouble::new(Kind::Interrupted, m::ERR_INTERRUPTED)),
    }
}

fn show(terminal: &Terminal, draft: &DraftView) {
    terminal.tell(m::testify_draft(Day(&draft.changed)));
    for paragraph in draft.title.iter().chain(&draft.paragraphs) {
        terminal.aside_text(&format!("  {}", crate::ui::escape(paragraph)));
    }
}

impl Typing<'_> {
    fn take(&mut self, typed: &str, context: &Context) -> Result<(), Trouble> {
        let before = self.paragraphs.len();
        self.paragraphs.extend(paragraphs_of(typed));
        if self.paragraphs.len() == before { Ok(()) } else { self.save(context) }
    }

    fn save(&mut self, context: &Context) -> Result<(), Trouble> {
        let draft = match self.draft.take() {
            Some(draft) => draft,
            None => self.vault.draft_begin(self.title.clone(), context.now()).map_err(told)?,
        };
        let saved = self.vault.draft_save(&draft, self.title.clone(), &self.paragraphs, context.now());
        self.draft = Some(draft);
        saved.map_err(told)
    }

    fn finish(mut self, context: &Context) -> Result<ItemSummary, Trouble> {
        if self.paragraphs.is_empty() {
            return Err(match self.draft {
                None => told(VaultError::EmptyTestimony),
                Some(_) => Trouble::new(Kind::Declined, m::ERR_EMPTY_DRAFT)
                    .safe(m::SAFE_DRAFT)
                    .hint(m::HINT_DRAFT)
                    .command("sanduq testify"),
            });
        }
        self.save(context)?;
        let draft = self.draft.take().expect("saved a line above");
        self.vault.draft_finish(&draft, context.now()).map_err(|error| told(error).safe(m::SAFE_DRAFT))
    }

    /// Says that a draft is kept, where one is.
    fn kept(&self, trouble: Trouble) -> Trouble {
        if self.draft.is_some() { trouble.safe(m::SAFE_DRAFT) } else { trouble }
    }

    fn stopped(&self) -> Trouble {
        let trouble = Trouble::new(Kind::Interrupted, m::ERR_TESTIFY_STOPPED);
        match self.draft {
            Some(_) => trouble.safe(m::SAFE_DRAFT).hint(m::HINT_DRAFT).command("sanduq testify"),
            None => trouble,
        }
    }
}
