//! Frames of codes: those that the reference implementation of multipart resources publishes with its tests (messages of
//! 50 and 256 bytes, the latter in pieces of at most 30), and ours.

use sanduq::format::frames::Frames;
use ur::bytewords::{Style, encode};

use super::{Vectors, misspelled, texts};

const ONE: &str = "ur:bytes/hdeymejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtgwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcsdwkbrkch";

const NINE: [&str; 20] = [
    "ur:bytes/1-9/lpadascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtdkgslpgh",
    "ur:bytes/2-9/lpaoascfadaxcywenbpljkhdcagwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcsgmghhkhstlrdcxaefz",
    "ur:bytes/3-9/lpaxascfadaxcywenbpljkhdcahelbknlkuejnbadmssfhfrdpsbiegecpasvssovlgeykssjykklronvsjksopdzmol",
    "ur:bytes/4-9/lpaaascfadaxcywenbpljkhdcasotkhemthydawydtaxneurlkosgwcekonertkbrlwmplssjtammdplolsbrdzcrtas",
    "ur:bytes/5-9/lpahascfadaxcywenbpljkhdcatbbdfmssrkzmcwnezelennjpfzbgmuktrhtejscktelgfpdlrkfyfwdajldejokbwf",
    "ur:bytes/6-9/lpamascfadaxcywenbpljkhdcackjlhkhybssklbwefectpfnbbectrljectpavyrolkzczcpkmwidmwoxkilghdsowp",
    "ur:bytes/7-9/lpatascfadaxcywenbpljkhdcavszmwnjkwtclrtvaynhpahrtoxmwvwatmedibkaegdosftvandiodagdhthtrlnnhy",
    "ur:bytes/8-9/lpayascfadaxcywenbpljkhdcadmsponkkbbhgsoltjntegepmttmoonftnbuoiyrehfrtsabzsttorodklubbuyaetk",
    "ur:bytes/9-9/lpasascfadaxcywenbpljkhdcajskecpmdckihdyhphfotjojtfmlnwmadspaxrkytbztpbauotbgtgtaeaevtgavtny",
    "ur:bytes/10-9/lpbkascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtwdkiplzs",
    "ur:bytes/11-9/lpbdascfadaxcywenbpljkhdcahelbknlkuejnbadmssfhfrdpsbiegecpasvssovlgeykssjykklronvsjkvetiiapk",
    "ur:bytes/12-9/lpbnascfadaxcywenbpljkhdcarllaluzmdmgstospeyiefmwejlwtpedamktksrvlcygmzemovovllarodtmtbnptrs",
    "ur:bytes/13-9/lpbtascfadaxcywenbpljkhdcamtkgtpknghchchyketwsvwgwfdhpgmgtylctotzopdrpayoschcmhplffziachrfgd",
    "ur:bytes/14-9/lpbaascfadaxcywenbpljkhdcapazewnvonnvdnsbyleynwtnsjkjndeoldydkbkdslgjkbbkortbelomueekgvstegt",
    "ur:bytes/15-9/lpbsascfadaxcywenbpljkhdcaynmhpddpzmversbdqdfyrehnqzlugmjzmnmtwmrouohtstgsbsahpawkditkckynwt",
    "ur:bytes/16-9/lpbeascfadaxcywenbpljkhdcawygekobamwtlihsnpalnsghenskkiynthdzotsimtojetprsttmukirlrsbtamjtpd",
    "ur:bytes/17-9/lpbyascfadaxcywenbpljkhdcamklgftaxykpewyrtqzhydntpnytyisincxmhtbceaykolduortotiaiaiafhiaoyce",
    "ur:bytes/18-9/lpbgascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtntwkbkwy",
    "ur:bytes/19-9/lpbwascfadaxcywenbpljkhdcadekicpaajootjzpsdrbalpeywllbdsnbinaerkurspbncxgslgftvtsrjtksplcpeo",
    "ur:bytes/20-9/lpbbascfadaxcywenbpljkhdcayapmrleeleaxpasfrtrdkncffwjyjzgyetdmlewtkpktgllepfrltataztksmhkbot",
];

fn lines<T: AsRef<str>>(frames: impl IntoIterator<Item = T>) -> String {
    frames.into_iter().map(|frame| format!("{}\n", frame.as_ref())).collect()
}

/// A frame with these numbers before and in its payload.
fn part(numbers: &str, head: [u32; 4], piece: &[u8]) -> String {
    let mut writer = minicbor::Encoder::new(Vec::new());
    writer.array(5).unwrap();
    for number in head {
        writer.u32(number).unwrap();
    }
    writer.bytes(piece).unwrap();
    format!("ur:bytes/{numbers}/{}", encode(writer.writer(), Style::Minimal))
}

fn alone(message: &[u8]) -> String {
    format!("ur:bytes/{}", encode(message, Style::Minimal))
}

pub fn frames() -> Vectors {
    let file = b"an invented receipt of nobody in particular, ".repeat(5);
    let ours: Vec<String> = Frames::of(&file, 160).unwrap().take(9).collect();
    let pieces = Frames::of(&file, 160).unwrap().pieces();
    let mut vectors = texts([
        ("good-published-one", lines([ONE])),
        ("good-published-nine-pieces", lines(&NINE[..9])),
        ("good-published-without-three", lines(NINE[..9].iter().skip(3).chain(&NINE[9..]))),
        ("good-published-upper-case", lines(NINE.map(str::to_ascii_uppercase))),
        ("good-ours", lines(&ours[..pieces])),
        ("good-ours-twice-and-backwards", lines(ours[..pieces].iter().chain(&ours[..pieces]).rev())),
        ("good-two-files", lines(ours[..pieces].iter().map(String::as_str).chain(NINE))),
        ("bad-a-piece-missing", lines(&NINE[1..9])),
        ("bad-a-letter-changed", lines([ONE.replace("ur:bytes/hd", "ur:bytes/he")])),
        ("bad-the-sum-of-the-whole", lines([part("1-1", [1, 1, 3, 7], b"\x42ab")])),
        ("bad-another-type", lines([ONE.replace("bytes", "seed")])),
        ("bad-no-byte-string", lines([alone(b"\x63abc")])),
        ("bad-a-longer-spelling", lines([alone(b"\x58\x03abc")])),
        ("bad-bytes-after-the-string", lines([alone(b"\x43abcd")])),
        ("bad-an-empty-file", lines([alone(b"\x40")])),
        ("bad-four-billion-pieces", lines([part("1-4294967295", [1, u32::MAX, u32::MAX, 7], b"a")])),
        ("bad-no-pieces", lines([part("1-0", [1, 0, 0, 7], b"a")])),
        ("bad-the-number-nought", lines([part("0-1", [0, 1, 1, 7], b"a")])),
        ("bad-longer-than-its-pieces", lines([part("1-2", [1, 2, 9, 7], b"abc")])),
        ("bad-other-numbers-before", lines([part("2-2", [1, 2, 6, 7], b"abc")])),
        ("bad-a-leading-nought", lines([part("01-2", [1, 2, 6, 7], b"abc")])),
        ("bad-an-address", lines(["https://an.invented.example/"])),
    ]);
    vectors.extend(misspelled(&lines([ONE])));
    vectors
}
