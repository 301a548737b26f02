//! Bytes as words: one of 256 English words of four letters for each byte, and four more for a checksum (Blockchain
//! Commons, BCR-2020-012, standard style).
//!
//! No two words share their first three letters or their last three, and the CRC-32 at the end tells whether a word
//! was noted wrongly, left out or moved.

use zeroize::Zeroizing;

use super::secret::Secret;
use super::words;

/// More bytes than anything that is written in these words has.
const BYTES_MAX: usize = 256;
const WORD_LEN: usize = 4;
const CHECK_LEN: usize = 4;

/// The words for the bytes 0 to 255, one space between them.
const WORDS: &str = "\
    able acid also apex aqua arch atom aunt away axis back bald barn belt beta bias \
    blue body brag brew bulb buzz calm cash cats chef city claw code cola cook cost \
    crux curl cusp cyan dark data days deli dice diet door down draw drop drum dull \
    duty each easy echo edge epic even exam exit eyes fact fair fern figs film fish \
    fizz flap flew flux foxy free frog fuel fund gala game gear gems gift girl glow \
    good gray grim guru gush gyro half hang hard hawk heat help high hill holy hope \
    horn huts iced idea idle inch inky into iris iron item jade jazz join jolt jowl \
    judo jugs jump junk jury keep keno kept keys kick kiln king kite kiwi knob lamb \
    lava lazy leaf legs liar limp lion list logo loud love luau luck lung main many \
    math maze memo menu meow mild mint miss monk nail navy need news next noon note \
    numb obey oboe omit onyx open oval owls paid part peck play plus poem pool pose \
    puff puma purr quad quiz race ramp real redo rich road rock roof ruby ruin runs \
    rust safe saga scar sets silk skew slot soap solo song stub surf swan taco task \
    taxi tent tied time tiny toil tomb toys trip tuna twin ugly undo unit urge user \
    vast very veto vial vibe view visa void vows wall wand warm wasp wave waxy webs \
    what when whiz wolf work yank yawn yell yoga yurt zaps zero zest zinc zone zoom";

/// What was typed is not bytes in words. Names places, never words: they may be secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BytewordsError {
    /// A word that is not in the list, by its place counted from 1.
    #[error("word {place} is not in the list")]
    NotAWord {
        /// Its place, counted from 1.
        place: usize,
    },
    /// The checksum does not hold.
    #[error("the words do not belong together")]
    Checksum,
}

/// The bytes in words, the checksum's behind them.
pub fn encode(bytes: &[u8]) -> Secret<String> {
    // Reserved in full: a string that grows leaves its old bytes behind.
    let mut text = String::with_capacity((bytes.len() + CHECK_LEN) * (WORD_LEN + 1));
    for byte in bytes.iter().chain(&checksum(bytes)) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word(*byte));
    }
    Secret::new(text)
}

/// The bytes that these words stand for. Case, punctuation and numbers before words make no difference.
pub fn decode(typed: &str) -> Result<Secret<Vec<u8>>, BytewordsError> {
    let mut bytes = Secret::new(Vec::with_capacity(BYTES_MAX + CHECK_LEN));
    for (at, part) in parts(typed).enumerate() {
        if at == BYTES_MAX + CHECK_LEN {
            return Err(BytewordsError::Checksum);
        }
        bytes.expose_mut().push(byte(part).ok_or(BytewordsError::NotAWord { place: at + 1 })?);
    }
    let len = bytes.expose().len().checked_sub(CHECK_LEN).ok_or(BytewordsError::Checksum)?;
    if checksum(&bytes.expose()[..len]) != bytes.expose()[len..] {
        return Err(BytewordsError::Checksum);
    }
    bytes.expose_mut().truncate(len);
    Ok(bytes)
}

/// Whether a word is in the list.
pub fn is_listed(typed: &str) -> bool {
    byte(typed).is_some()
}

/// The word of the list that is nearest to a misspelt one, if no other is as near.
pub fn nearest(typed: &str) -> Option<&'static str> {
    words::nearest_of(WORDS.split(' '), typed)
}

/// What was typed, cut into words; numbers are left out.
fn parts(typed: &str) -> impl Iterator<Item = &str> {
    typed
        .split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || "،؛".contains(c))
        .map(|part| part.trim_start_matches(char::is_numeric))
        .filter(|part| !part.is_empty())
}

fn checksum(bytes: &[u8]) -> [u8; CHECK_LEN] {
    crc32fast::hash(bytes).to_be_bytes()
}

fn word(byte: u8) -> &'static str {
    &WORDS[usize::from(byte) * (WORD_LEN + 1)..][..WORD_LEN]
}

fn byte(part: &str) -> Option<u8> {
    let part = Zeroizing::new(part.to_lowercase());
    (0..=u8::MAX).find(|byte| word(*byte) == part.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_program_writes_the_same_words() {
        use ur::bytewords::Style::Standard;
        let all: Vec<u8> = (0..=255).collect();
        for bytes in [&all[..], b"", b"Some bytes", &[0]] {
            let words = encode(bytes);
            assert_eq!(words.expose(), &ur::bytewords::encode(bytes, Standard));
            assert_eq!(decode(words.expose()).unwrap().expose(), bytes);
        }
        assert_eq!(encode(&[0]).expose(), "able tied also webs lung");
    }

    #[test]
    fn typed_in_many_ways() {
        for typed in [
            "ABLE tied\nalso, webs lung",
            "1. able 2. tied 3. also 4. webs 5. lung",
            "able-tied-also-webs-lung",
        ] {
            assert_eq!(decode(typed).unwrap().expose(), &[0], "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |typed: &str| decode(typed).unwrap_err();
        assert_eq!(error("able tied also web lung"), BytewordsError::NotAWord { place: 4 });
        assert_eq!(error("able tied also lung webs"), BytewordsError::Checksum);
        assert_eq!(error("able tied also"), BytewordsError::Checksum);
        assert_eq!(error(""), BytewordsError::Checksum);
        assert_eq!(error(&"able ".repeat(100_000)), BytewordsError::Checksum);
    }
}
