//! The house rules, one function each. A rule takes one file and the tables and gives what it found; it is proved
//! by `tests/tidy.rs` on a snippet that breaks it and on one that does not.

use crate::code::{Source, closing, paths, rows, tokens};
use crate::tables::Tables;

/// Where and what.
#[derive(Debug)]
pub struct Finding {
    pub line: usize,
    pub what: String,
}

pub type Rule = fn(&Source, &Tables) -> Vec<Finding>;

/// Every rule with its name.
pub const RULES: &[(&str, Rule)] = &[
    ("imports fall", imports_fall),
    ("a crate has a door", crate_has_a_door),
    ("names a folder does not know", unknown_names),
    ("printing is at the terminal", printing),
    ("a module opens with a paragraph", opening),
    ("no unsafe", no_unsafe),
    ("no hidden clock", clock),
    ("no async below the desk", no_async),
    ("no unwrap", no_unwrap),
    ("no sql made of strings", sql),
    ("files are written in store", writing),
    ("randomness has one door", randomness),
    ("no network", network),
    ("nothing left over", left_over),
    ("a file is named for its noun", file_name),
];

fn findings<T>(source: &Source, what: &str, places: impl IntoIterator<Item = (usize, T)>) -> Vec<Finding>
where
    T: std::fmt::Display,
{
    let tell = |(at, name)| Finding { line: source.line(at), what: format!("{what}: {name}") };
    places.into_iter().map(tell).collect()
}

/// Words of the shipped code that are in `wanted`.
fn words<'a>(code: &'a str, wanted: &'a [&str]) -> impl Iterator<Item = (usize, &'a str)> {
    tokens(code).into_iter().filter(|(_, token)| wanted.contains(token))
}

fn imports_fall(source: &Source, tables: &Tables) -> Vec<Finding> {
    let Some(folder) = source.folder() else { return Vec::new() };
    let Some(floor) = tables.floor(folder) else {
        return vec![Finding { line: 1, what: format!("{folder}/ has no floor in docs/ARCHITECTURE.md") }];
    };
    let depth = source.path.trim_end_matches("/mod.rs").split('/').count();
    let mut found = Vec::new();
    for path in paths(&source.code) {
        let supers = path.segments.iter().take_while(|segment| *segment == "super").count();
        let target = match path.segments.first().map(String::as_str) {
            Some("crate") => path.segments.get(1),
            Some("super") if supers >= depth => path.segments.get(supers),
            _ => continue,
        };
        let Some(target) = target else { continue };
        let sound = match tables.floor(target) {
            Some(_) if target == folder => true,
            Some(other) => other < floor,
            // Above the folders there is only the root, and nothing is taken from there.
            None => path.segments[0] == "super",
        };
        if !sound {
            found.push((path.offset, path.segments.join("::")));
        }
    }
    findings(source, "goes sideways or up", found)
}

fn crate_has_a_door(source: &Source, tables: &Tables) -> Vec<Finding> {
    let named = paths(&source.live).into_iter().filter(|path| path.imported || path.segments.len() > 1);
    let outside = named.filter(|path| {
        let door = tables.doors.iter().find(|(name, _)| *name == path.segments[0]);
        let places = door.and_then(|(_, places)| places.as_ref());
        places.is_some_and(|places| !places.iter().any(|place| source.is_in(place)))
    });
    findings(
        source,
        "a crate named outside its door",
        outside.map(|path| (path.offset, path.segments.join("::"))),
    )
}

fn unknown_names(source: &Source, tables: &Tables) -> Vec<Finding> {
    let here = tables.unknown.iter().filter(|(place, _)| source.is_in(place));
    let names: Vec<&str> = here.flat_map(|(_, names)| names).map(String::as_str).collect();
    findings(source, "this folder does not know", words(&source.live, &names))
}

fn printing(source: &Source, _: &Tables) -> Vec<Finding> {
    if source.is_in("cli/terminal.rs") || source.is_in("bin/") || source.is_in("ui/build.rs") {
        return Vec::new();
    }
    let macros = ["println", "eprintln", "print", "eprint", "dbg"];
    let printed = macros
        .iter()
        .flat_map(|name| rows(&source.live, &[name, "!"]).into_iter().map(move |at| (at, *name)));
    let mut found = findings(source, "printed here", printed);
    if !source.is_in("cli/") {
        let opened = ["stdout", "stderr"];
        let opened = opened
            .iter()
            .flat_map(|name| rows(&source.live, &[name, "("]).into_iter().map(move |at| (at, *name)));
        found.extend(findings(source, "opened here", opened));
    }
    found
}

/// The fewest characters that make a paragraph and not a label.
const OPENING_CHARS_MIN: usize = 40;

fn opening(source: &Source, _: &Tables) -> Vec<Finding> {
    if source.is_test() {
        return Vec::new();
    }
    let lines = source.text.lines().skip_while(|line| line.starts_with("#!") || line.trim().is_empty());
    let paragraph: Vec<&str> = lines.map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let length: usize = paragraph.iter().map(|line| line.chars().count()).sum();
    if length >= OPENING_CHARS_MIN {
        return Vec::new();
    }
    vec![Finding { line: 1, what: "no opening paragraph that says what this is and what must hold".into() }]
}

fn no_unsafe(source: &Source, _: &Tables) -> Vec<Finding> {
    if source.is_in("crypto/memory.rs") {
        return Vec::new();
    }
    findings(source, "not here", words(&source.code, &["unsafe"]))
}

fn clock(source: &Source, _: &Tables) -> Vec<Finding> {
    if source.is_in("bin/") {
        return Vec::new();
    }
    // A progress bar may measure a rate; nothing else may know how long something took.
    let clocks = ["SystemTime", "Timestamp", "Zoned", "Instant"];
    let clocks = if source.is_in("cli/") { &clocks[..3] } else { &clocks[..] };
    let read =
        paths(&source.live).into_iter().filter(|path| clocks.iter().any(|clock| path.has_pair(clock, "now")));
    findings(source, "the clock is handed in", read.map(|path| (path.offset, path.segments.join("::"))))
}

fn no_async(source: &Source, _: &Tables) -> Vec<Finding> {
    if source.is_in("intake/") || source.is_in("bin/") {
        return Vec::new();
    }
    findings(source, "plain threads only", words(&source.live, &["async", "await"]))
}

fn no_unwrap(source: &Source, _: &Tables) -> Vec<Finding> {
    let places = rows(&source.live, &[".", "unwrap", "(", ")"]);
    findings(
        source,
        "say why it cannot fail, or hand the error on",
        places.into_iter().map(|at| (at, ".unwrap()")),
    )
}

/// The calls of rusqlite that take a statement.
const STATEMENTS: &[&str] =
    &["execute", "execute_batch", "prepare", "prepare_cached", "query_row", "query_one"];

/// How far above a call a string may have been made for it.
const SQL_LINES_ABOVE: usize = 3;

fn sql(source: &Source, _: &Tables) -> Vec<Finding> {
    let code = &source.live;
    let calls = STATEMENTS.iter().flat_map(|name| rows(code, &[".", name, "("]));
    let made = calls.filter(|call| {
        let above = code[..*call].rmatch_indices('\n').nth(SQL_LINES_ABOVE).map_or(0, |(at, _)| at);
        let open = call + code[*call..].find('(').unwrap_or(0);
        !rows(&code[above..closing(code, open)], &["format", "!"]).is_empty()
    });
    findings(source, "bind a parameter instead", made.map(|at| (at, "a statement from format!")))
}

fn writing(source: &Source, _: &Tables) -> Vec<Finding> {
    if source.is_in("store/") || source.is_in("ui/build.rs") {
        return Vec::new();
    }
    let verbs = ["write", "rename", "copy", "hard_link", "set_permissions", "create_dir", "create_dir_all"];
    let removing = ["remove_file", "remove_dir", "remove_dir_all"];
    // Options may also only read.
    let opening = ["write", "append", "truncate", "create", "create_new"];
    let for_writing =
        opening.iter().any(|option| !rows(&source.live, &[".", option, "(", "true"]).is_empty());
    let mut found = Vec::new();
    for path in paths(&source.live) {
        let by_fs = verbs.iter().chain(&removing).any(|verb| path.has_pair("fs", verb));
        let by_file = ["create", "create_new", "options"].iter().any(|verb| path.has_pair("File", verb));
        let by_options = for_writing && path.segments.iter().any(|segment| segment == "OpenOptions");
        let by_options = by_options || path.segments.iter().any(|segment| segment == "DirBuilder");
        if by_fs || by_file || by_options {
            found.push((path.offset, path.segments.join("::")));
        }
    }
    findings(source, "store/files.rs does this", found)
}

fn randomness(source: &Source, _: &Tables) -> Vec<Finding> {
    if source.is_in("crypto/") {
        return Vec::new();
    }
    let doors = ["SystemRandom", "OsRng", "ThreadRng", "SmallRng", "RandomState", "getrandom", "thread_rng"];
    findings(source, "crypto/random.rs does this", words(&source.live, &doors))
}

fn network(source: &Source, _: &Tables) -> Vec<Finding> {
    let sockets =
        ["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "UnixListener", "UnixDatagram", "SocketAddr"];
    findings(source, "no program opens a connection", words(&source.live, &sockets))
}

fn left_over(source: &Source, _: &Tables) -> Vec<Finding> {
    let macros = ["todo", "unimplemented"];
    let left = macros
        .iter()
        .flat_map(|name| rows(&source.code, &[name, "!"]).into_iter().map(move |at| (at, *name)));
    findings(source, "finish it", left)
}

fn file_name(source: &Source, _: &Tables) -> Vec<Finding> {
    let name = source.path.rsplit('/').next().unwrap_or_default();
    if ["util.rs", "utils.rs", "common.rs", "types.rs", "helpers.rs", "misc.rs"].contains(&name) {
        return vec![Finding { line: 1, what: format!("{name} says nothing about what is in it") }];
    }
    Vec::new()
}
