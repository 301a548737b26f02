//! Days as a language writes them: Persian by the Solar Hijri calendar (۱۴۰۵/۰۹/۰۲), English as in the data
//! (2026-11-23).
//!
//! Only what is shown is converted; data, `--json` and what is signed keep the one spelling `YYYY-MM-DD`. The
//! conversion is the arithmetic of Kazimierz Borkowski's "The Persian calendar for 3000 years", which agrees with
//! the calendar in use for the years in which people now living may have seen something.

use crate::ui::locale::Language;

/// The years of the Solar Hijri calendar at which its cycle of leap years begins anew.
const BREAKS: [i64; 12] = [-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635];

/// The day, or time in RFC 3339, as this language writes the day of it; what is no day stays as it is.
pub(super) fn day(iso: &str, language: Language) -> String {
    let shown = iso.get(..10).unwrap_or(iso);
    match (language, parts(shown)) {
        (Language::Persian, Some((year, month, day))) => match solar_hijri(year, month, day) {
            Some((year, month, day)) => format!("{year}/{month:02}/{day:02}"),
            None => shown.to_string(),
        },
        _ => shown.to_string(),
    }
}

fn parts(iso: &str) -> Option<(i64, i64, i64)> {
    let mut parts = iso.split('-').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

fn solar_hijri(year: i64, month: i64, day: i64) -> Option<(i64, i64, i64)> {
    let number = day_number(year, month, day);
    let mut persian = year - 621;
    let mut since = number - new_year(persian)?.0;
    if since < 0 {
        persian -= 1;
        since = number - new_year(persian)?.0;
    }
    // Six months of 31 days, then months of 30.
    let (month, day) =
        if since < 186 { (since / 31, since % 31) } else { (6 + (since - 186) / 30, (since - 186) % 30) };
    Some((persian, month + 1, day + 1))
}

/// The day number of a Solar Hijri year's first day, and the Gregorian year it falls into.
fn new_year(year: i64) -> Option<(i64, i64)> {
    let gregorian = year + 621;
    let at = BREAKS.windows(2).position(|pair| (pair[0]..pair[1]).contains(&year))?;
    let mut leaps = -14;
    for pair in BREAKS[..=at].windows(2) {
        let jump = pair[1] - pair[0];
        leaps += jump / 33 * 8 + jump % 33 / 4;
    }
    let (since, jump) = (year - BREAKS[at], BREAKS[at + 1] - BREAKS[at]);
    leaps += since / 33 * 8 + (since % 33 + 3) / 4;
    if jump % 33 == 4 && jump - since == 4 {
        leaps += 1;
    }
    let gregorian_leaps = gregorian / 4 - (gregorian / 100 + 1) * 3 / 4 - 150;
    Some((day_number(gregorian, 3, 20 + leaps - gregorian_leaps), gregorian))
}

/// Days since an arbitrary day, by the Gregorian calendar.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 12) } else { (year, month) };
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month - 457) / 5
        + day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_which_everyone_knows() {
        for (gregorian, persian) in [
            ("1979-02-11", "1357/11/22"),
            ("1988-07-27", "1367/05/05"),
            ("2017-03-20", "1395/12/30"),
            ("2017-03-21", "1396/01/01"),
            ("2020-03-20", "1399/01/01"),
            ("2021-03-20", "1399/12/30"),
            ("2021-03-21", "1400/01/01"),
            ("2024-03-20", "1403/01/01"),
            ("2025-03-20", "1403/12/30"),
            ("2025-03-21", "1404/01/01"),
            ("2026-03-21", "1405/01/01"),
            ("2026-11-23", "1405/09/02"),
        ] {
            assert_eq!(day(gregorian, Language::Persian), persian, "{gregorian}");
            assert_eq!(day(gregorian, Language::English), gregorian);
        }
    }

    #[test]
    fn a_time_shows_its_day_and_nonsense_stays() {
        assert_eq!(day("2026-11-23T18:40:00Z", Language::Persian), "1405/09/02");
        assert_eq!(day("2026-11", Language::Persian), "2026-11");
        assert_eq!(day("soon", Language::Persian), "soon");
        assert_eq!(day("9999-01-01", Language::Persian), "9999-01-01");
    }
}
