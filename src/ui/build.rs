//! The package's build script: reads every language's messages and stops the build where they differ.
//!
//! A build fails when a file does not parse, a message is missing in a language or stands in another file there,
//! two messages share an id, a message uses other variables in one language than in another, or refers to a
//! message that does not exist. From what holds it writes `messages.rs`: a constant for each message without
//! variables, a function for each with one, a struct with named fields for each with several. So an unknown message,
//! a forgotten or exchanged value or a missing translation does not compile.

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The languages, the first of which is the one whose order of variables the functions follow.
const LANGUAGES: [&str; 2] = ["en", "fa"];
/// The files each language has.
const FILES: [&str; 4] = ["common", "sanduq", "intake", "verify"];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let locales = root.join("src/ui/locales");
    println!("cargo:rerun-if-changed=src/ui/build.rs");
    println!("cargo:rerun-if-changed=src/ui/locales");
    let mut sources = Vec::new();
    for language in LANGUAGES {
        for file in FILES {
            sources.push(read(&locales, language, file));
        }
    }
    match check(&sources) {
        Ok(messages) => {
            let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("messages.rs");
            fs::write(&out, generate(&messages)).expect("the build's own folder can be written");
        }
        Err(findings) => {
            for finding in &findings {
                println!("cargo::error={finding}");
            }
            std::process::exit(1);
        }
    }
}

fn read(locales: &Path, language: &'static str, file: &'static str) -> Source {
    let path = locales.join(language).join(file).with_extension("ftl");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Source { language, file, text }
}

/// One file of messages.
pub struct Source {
    /// The language, such as `fa`.
    pub language: &'static str,
    /// The file's name without its ending.
    pub file: &'static str,
    /// What it says.
    pub text: String,
}

/// One message as every language has it.
#[derive(Debug)]
pub struct Message {
    /// Its id, such as `list-empty`.
    pub id: String,
    /// Its variables in the order in which the first language names them.
    pub variables: Vec<String>,
    /// The first language's words, for the documentation.
    pub words: String,
    file: &'static str,
    references: Vec<String>,
}

/// Checks all languages against each other and gives the messages, or every finding.
pub fn check(sources: &[Source]) -> Result<Vec<Message>, Vec<String>> {
    let mut findings = Vec::new();
    let mut languages: BTreeMap<&str, BTreeMap<String, Message>> = BTreeMap::new();
    for source in sources {
        let known = languages.entry(source.language).or_default();
        for message in messages(source, &mut findings) {
            if let Some(former) = known.insert(message.id.clone(), message) {
                findings.push(format!("{}: two messages are called {}", place(source), former.id));
            }
        }
    }
    for (language, known) in &languages {
        for (other, theirs) in &languages {
            if language != other {
                compare((language, known), (other, theirs), &mut findings);
            }
        }
        check_references(language, known, &mut findings);
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let first = sources.first().map_or(LANGUAGES[0], |source| source.language);
    Ok(languages.remove(first).unwrap_or_default().into_values().collect())
}

type Language<'a> = (&'a str, &'a BTreeMap<String, Message>);

fn compare((language, known): Language, (other, theirs): Language, findings: &mut Vec<String>) {
    for (id, message) in known {
        match theirs.get(id) {
            None => findings
                .push(format!("{id} is missing in {other} (it is in {language}/{}.ftl)", message.file)),
            Some(their) if their.file != message.file => {
                findings.push(format!(
                    "{id} stands in {language}/{}.ftl and {other}/{}.ftl",
                    message.file, their.file
                ));
            }
            Some(their) => {
                let lacks = |variable: &&String| !their.variables.contains(variable);
                for variable in message.variables.iter().filter(lacks) {
                    findings.push(format!("{id} uses ${variable} in {language} and not in {other}"));
                }
            }
        }
    }
}

fn check_references(language: &str, known: &BTreeMap<String, Message>, findings: &mut Vec<String>) {
    for message in known.values() {
        for reference in message.references.iter().filter(|id| !known.contains_key(*id)) {
            findings.push(format!("{language}: {} refers to {reference}, which is not there", message.id));
        }
    }
}

fn place(source: &Source) -> String {
    format!("{}/{}.ftl", source.language, source.file)
}

fn messages(source: &Source, findings: &mut Vec<String>) -> Vec<Message> {
    let resource = match fluent_syntax::parser::parse(source.text.as_str()) {
        Ok(resource) => resource,
        Err((_, errors)) => {
            for error in errors {
                let line = source.text[..error.pos.start].matches('\n').count() + 1;
                findings.push(format!("{} near line {line}: {}", place(source), error.kind));
            }
            return Vec::new();
        }
    };
    let mut messages = Vec::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) if message.attributes.is_empty() => match &message.value {
                Some(pattern) => messages.push(gather(message.id.name, pattern, source, findings)),
                None => findings.push(format!("{}: {} is empty", place(source), message.id.name)),
            },
            Entry::Message(message) => {
                findings.push(format!("{}: {} has attributes", place(source), message.id.name))
            }
            Entry::Term(term) => findings.push(format!("{}: -{} is a term", place(source), term.id.name)),
            _ => {}
        }
    }
    messages
}

fn gather(id: &str, pattern: &Pattern<&str>, source: &Source, findings: &mut Vec<String>) -> Message {
    if !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        findings.push(format!("{}: {id} is not spelt with a-z, 0-9 and -", place(source)));
    }
    let mut walk = Walk::default();
    walk.pattern(pattern);
    for function in &walk.functions {
        findings.push(format!("{}: {id} calls {function}", place(source)));
    }
    let mut seen = BTreeSet::new();
    let variables = walk.variables.into_iter().filter(|name| seen.insert(name.clone())).collect();
    let words = walk.words.split_whitespace().collect::<Vec<_>>().join(" ");
    Message { id: id.to_string(), variables, words, file: source.file, references: walk.references }
}

/// Gathers what a pattern uses.
#[derive(Default)]
struct Walk {
    variables: Vec<String>,
    references: Vec<String>,
    functions: Vec<String>,
    words: String,
}

impl Walk {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.words.push_str(value),
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline, true),
            Expression::Select { selector, variants } => {
                self.inline(selector, false);
                for variant in variants {
                    self.words.push_str(if variant.default { "" } else { "[" });
                    self.pattern(&variant.value);
                    self.words.push_str(if variant.default { "" } else { "|] " });
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>, shown: bool) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.push(id.name.to_string());
                if shown {
                    let _ = write!(self.words, "{{{}}}", id.name);
                }
            }
            InlineExpression::MessageReference { id, .. } => self.references.push(id.name.to_string()),
            InlineExpression::TermReference { id, .. } => self.references.push(format!("-{}", id.name)),
            InlineExpression::FunctionReference { id, arguments } => {
                self.functions.push(id.name.to_string());
                self.arguments(arguments);
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { value } => self.words.push_str(value),
            InlineExpression::NumberLiteral { value } => self.words.push_str(value),
        }
    }

    fn arguments(&mut self, arguments: &CallArguments<&str>) {
        for argument in &arguments.positional {
            self.inline(argument, false);
        }
    }
}

/// The Rust text of the messages.
pub fn generate(messages: &[Message]) -> String {
    let mut out = String::new();
    for message in messages {
        let doc = escaped(&message.words);
        let _ = writeln!(out, "/// `{}`: {doc}", message.id);
        match message.variables.as_slice() {
            [] => constant(&message.id, &mut out),
            [variable] => function(&message.id, variable, &mut out),
            variables => structure(&message.id, variables, &mut out),
        }
    }
    out
}

fn constant(id: &str, out: &mut String) {
    let name = id.replace('-', "_").to_uppercase();
    let _ = writeln!(out, "pub const {name}: Message = Message::new(\"{id}\");");
}

fn function(id: &str, variable: &str, out: &mut String) {
    let (name, parameter) = (identifier(id), identifier(variable));
    let _ = writeln!(out, "pub fn {name}({parameter}: impl Into<Arg>) -> Message {{");
    let _ = writeln!(out, "    Message::new(\"{id}\").with(\"{variable}\", {parameter})\n}}");
}

/// Fields have names, so that two values cannot be taken for each other.
fn structure(id: &str, variables: &[String], out: &mut String) {
    let types: Vec<String> = (0..variables.len()).map(|at| format!("T{at}")).collect();
    let (name, types_listed) = (camel(id), types.join(", "));
    let _ = writeln!(out, "pub struct {name}<{types_listed}> {{");
    for (variable, of) in variables.iter().zip(&types) {
        let _ =
            writeln!(out, "    /// What stands at `{variable}`.\n    pub {}: {of},", identifier(variable));
    }
    let bounds: Vec<String> = types.iter().map(|of| format!("{of}: Into<Arg>")).collect();
    let _ = writeln!(out, "}}\nimpl<{}> From<{name}<{types_listed}>> for Message {{", bounds.join(", "));
    let _ = writeln!(out, "    fn from(said: {name}<{types_listed}>) -> Message {{");
    let _ = write!(out, "        Message::new(\"{id}\")");
    for variable in variables {
        let _ = write!(out, ".with(\"{variable}\", said.{})", identifier(variable));
    }
    let _ = writeln!(out, "\n    }}\n}}");
}

/// Words as they may stand in documentation.
fn escaped(words: &str) -> String {
    words.replace('[', "\\[").replace(']', "\\]").replace('<', "\\<").replace('>', "\\>")
}

fn camel(id: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    id.split('-').filter(|word| !word.is_empty()).map(capital).collect()
}

fn identifier(name: &str) -> String {
    let name = name.replace('-', "_");
    if ["use", "type", "as", "in", "move", "match", "ref", "where"].contains(&name.as_str()) {
        return format!("r#{name}");
    }
    name
}
