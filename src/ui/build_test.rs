//! What the build script refuses, tried on small languages of its own.

use super::build::{Message, Source, check, generate};

fn two(english: &str, persian: &str) -> Result<Vec<Message>, Vec<String>> {
    check(&[
        Source { language: "en", file: "common", text: english.to_string() },
        Source { language: "fa", file: "common", text: persian.to_string() },
    ])
}

fn finding(english: &str, persian: &str) -> String {
    two(english, persian).expect_err("it is refused").join("\n")
}

#[test]
fn equal_languages_become_constants_functions_and_structs() {
    let messages = two(
        "a-b = A\nb = { $n }\nc-d = { $n } of { $type }\n",
        "a-b = آ\nb = { $n }\nc-d = { $type } { $n }\n",
    )
    .unwrap();
    let rust = generate(&messages);
    assert!(rust.contains("pub const A_B: Message = Message::new(\"a-b\");"), "{rust}");
    assert!(rust.contains("pub fn b(n: impl Into<Arg>) -> Message {"), "{rust}");
    assert!(rust.contains("pub struct CD<T0, T1> {"), "{rust}");
    assert!(rust.contains("Message::new(\"c-d\").with(\"n\", said.n).with(\"type\", said.r#type)"), "{rust}");
}

#[test]
fn a_message_missing_in_a_language_is_refused() {
    assert_eq!(finding("a = A\nb = B\n", "a = آ\n"), "b is missing in fa (it is in en/common.ftl)");
    assert_eq!(finding("a = A\n", "a = آ\nb = ب\n"), "b is missing in en (it is in fa/common.ftl)");
}

#[test]
fn a_message_with_other_variables_is_refused() {
    assert_eq!(finding("a = { $n }\n", "a = { $m }\n").lines().count(), 2);
    assert_eq!(finding("a = { $n }\n", "a = آ\n"), "a uses $n in en and not in fa");
}

#[test]
fn a_variable_that_only_selects_counts() {
    let english = "a = { $n ->\n    [one] one\n   *[other] many\n }\n";
    assert_eq!(finding(english, "a = آ\n"), "a uses $n in en and not in fa");
    assert!(two(english, "a = { $n } آ\n").is_ok());
}

#[test]
fn an_id_used_twice_is_refused() {
    assert_eq!(finding("a = A\na = B\n", "a = آ\n"), "en/common.ftl: two messages are called a");
}

#[test]
fn a_message_in_another_file_is_refused() {
    let source = |language, file, text: &str| Source { language, file, text: text.to_string() };
    let findings =
        check(&[source("en", "common", "a = A\n"), source("fa", "sanduq", "a = آ\n")]).unwrap_err();
    assert!(findings[0].contains("a stands in en/common.ftl and fa/sanduq.ftl"), "{findings:?}");
}

#[test]
fn what_does_not_parse_is_refused_with_its_line() {
    assert!(finding("a = A\nb = { $n\n", "a = آ\n").contains("en/common.ftl near line"));
}

#[test]
fn a_reference_to_nothing_is_refused() {
    assert!(finding("a = { b }\n", "a = آ\n").contains("en: a refers to b, which is not there"));
}

#[test]
fn attributes_terms_and_functions_are_refused() {
    assert!(finding("a = A\n    .title = T\n", "a = آ\n").contains("a has attributes"));
    assert!(finding("-t = T\na = A\n", "a = آ\n").contains("-t is a term"));
    assert!(finding("a = { NUMBER($n) }\n", "a = { $n }\n").contains("a calls NUMBER"));
}
