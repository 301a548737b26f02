//! Tests of names in accounts: which occurrences are found, and that the text stays the text.

use proptest::prelude::*;

use super::super::testimony::{Run, Testimony};
use super::*;

fn marked(account: &str, names: &[&str]) -> String {
    mark(account, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
}

#[test]
fn every_occurrence_is_marked() {
    assert_eq!(
        marked("Roya came. roya left; I saw ROYA's coat.", &["Roya"]),
        "[[Roya]] came. [[roya]] left; I saw [[ROYA]]'s coat."
    );
    assert_eq!(marked("Nobody came.", &["Roya"]), "Nobody came.");
    assert_eq!(marked("Roya", &["Roya"]), "[[Roya]]");
    assert_eq!(marked("\n\nRoya\n\nRoya", &["Roya"]), "\n\n[[Roya]]\n\n[[Roya]]");
    assert_eq!(marked("Roya", &[]), "Roya");
}

#[test]
fn letter_variants_half_spaces_and_signs_make_no_difference() {
    let forms = [
        "علی کریمی",
        "علي كريمي",
        "علی‌کریمی",
        "علیکریمی",
        "عَلیّ  کَریمی",
        "علـی کریمی",
        "ﻋﻠﻲ کریمی",
        "علی\u{a0}کریمی",
        "علی\nکریمی",
    ];
    for written in forms {
        for named in forms {
            let account = format!("دیروز {written} آمد.");
            assert_eq!(marked(&account, &[named]), format!("دیروز [[{written}]] آمد."), "{written} {named}");
        }
    }
    assert_eq!(marked("Éva, E\u{301}va", &["éva"]), "[[Éva]], [[E\u{301}va]]");
    assert_eq!(marked("آرش و ا\u{653}رش", &["ارش"]), "[[آرش]] و [[ا\u{653}رش]]");
}

/// Arabic writes "and", "to" and "with" into the word, Persian writes its endings there.
#[test]
fn a_name_is_found_with_what_is_written_onto_it() {
    assert_eq!(marked("وأحمد لأحمد بأحمد", &["أحمد"]), "[[وأحمد]] [[لأحمد]] [[بأحمد]]");
    assert_eq!(marked("رضای ما، رضا‌ها، رضایی", &["رضا"]), "[[رضای]] ما، [[رضا‌ها]]، [[رضایی]]");
    assert_eq!(marked("Amirs", &["Amir"]), "[[Amirs]]");
}

#[test]
fn a_name_within_another_word_is_not_meant() {
    assert_eq!(marked("California", &["Ali"]), "California");
    assert_eq!(marked("تعطیلی", &["علی"]), "تعطیلی");
    // "And Ali" and "present" are spelt alike: in doubt it is marked.
    assert_eq!(marked("فعلی", &["علی"]), "[[فعلی]]");
}

#[test]
fn a_sign_of_many_letters_is_marked_whole() {
    assert_eq!(marked("عبد ﷲ رفت", &["عبدالله"]), "[[عبد ﷲ]] رفت");
}

#[test]
fn marks_that_are_there_stay() {
    assert_eq!(marked("[[Roya and I]] and Roya", &["Roya"]), "[[Roya and I]] and [[Roya]]");
    assert_eq!(marked("[[Roya]] Amini", &["Roya Amini"]), "[[Roya Amini]]");
    assert_eq!(marked("Ro[[ya]]", &["Roya"]), "[[Roya]]");
    assert_eq!(marked("[[a]]Roya", &["Roya"]), "[[a]]Roya", "within another word");
    assert_eq!(marked("[[a ]]Roya", &["Roya"]), "[[a Roya]]");
}

/// An account with two stray brackets lost them once a name behind them was marked.
#[test]
fn stray_brackets_stay_text() {
    for account in
        ["a [[ Roya", "a [[ b [[ Roya Roya", "Roya ]] Roya", "[Roya]", "[[Roya", "Roya]]", "a]] [[ Roya]"]
    {
        let told = Testimony::parse(&marked(account, &["Roya"]));
        assert_eq!(told.text(), account);
        assert!(told.paragraphs()[0].iter().all(|run| run.marked || !run.text.contains("Roya")), "{account}");
    }
}

#[test]
fn names_are_kept_plain_and_once() {
    let typed = [" Roya ", "", "[[Roya]]", "ROYA", "\u{200c}", "علی", "علي", "[]"].map(str::to_owned);
    assert_eq!(names(typed), ["Roya", "علی"]);
}

#[test]
fn what_is_found_is_told_once() {
    let names = ["Roya".to_owned(), "Amin".to_owned()];
    assert_eq!(found("Roya, Amini, [[Roya]], Amin", &names), ["Roya", "Amini", "Amin"]);
}

/// The letters of a text with whether each is marked.
fn letters(account: &str) -> Vec<(char, bool)> {
    let told = Testimony::parse(account);
    let letters = |run: &Run| run.text.chars().map(|letter| (letter, run.marked)).collect::<Vec<_>>();
    told.paragraphs().iter().flatten().flat_map(letters).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]
    #[test]
    fn the_text_stays_letter_by_letter_and_no_mark_is_lost(
        account in "(\\[\\[|\\]\\]|\\[|\\]|علی|علي|ali|ع| |\\.|\u{200c}|\u{64e}|\n\n|\n){0,14}",
        name in "(علی|ali|ali علی|ع)",
    ) {
        let after = mark(&account, std::slice::from_ref(&name));
        prop_assert_eq!(Testimony::parse(&after).text(), Testimony::parse(&account).text());
        let (before, after) = (letters(&account), letters(&after));
        prop_assert_eq!(before.len(), after.len());
        for (old, new) in before.iter().zip(&after) {
            prop_assert_eq!(old.0, new.0);
            prop_assert!(new.1 || !old.1);
        }
    }

    #[test]
    fn every_place_is_marked(account in "(\\[\\[|\\]\\]|\\[|علی|علي|ali| |\u{200c}){0,14}") {
        let name = "علی".to_owned();
        let after = mark(&account, std::slice::from_ref(&name));
        let bare = Testimony::parse(&account).text();
        let places = Folded::of(&bare).places(&bare, &name);
        for ((at, _), (letter, marked)) in bare.char_indices().zip(letters(&after)) {
            prop_assert!(marked || !places.iter().any(|place| place.contains(&at)), "{letter} at {at}");
        }
        let again = mark(&after, &[name]);
        prop_assert_eq!(Testimony::parse(&again), Testimony::parse(&after));
    }

    #[test]
    fn pieces_fold_as_the_whole(text in "[\\u{600}-\\u{6ff}\\u{fb50}-\\u{fdff}a-zA-Z\\u{300}-\\u{310} \\u{200c}]{0,12}") {
        prop_assert_eq!(Folded::of(&text).text, squeezed(&text));
    }
}
