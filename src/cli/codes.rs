//! QR codes as they are drawn: in a terminal out of half blocks, and on a page as SVG.

use qrcode::render::unicode::Dense1x2;
use qrcode::{Color, EcLevel, QrCode, Version};

/// Modules of white around a code.
const QUIET: usize = 4;

/// What a terminal is told before and after a line of a code.
const BLACK_ON_WHITE: &str = "\u{1b}[30;107m";
const PLAIN: &str = "\u{1b}[0m";

/// A size of code, with how much damage it bears and how many characters it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The version, 1 to 40.
    pub version: i16,
    /// How much damage it bears.
    pub level: EcLevel,
    /// How many characters of the alphanumeric mode it holds (ISO/IEC 18004).
    pub chars: usize,
}

/// A code on paper: bears that 15 of 100 modules are damaged. Two beside each other have modules of two thirds of a
/// millimetre, which every printer draws and a photograph of the whole page shows.
pub const ON_PAPER: Size = Size { version: 25, level: EcLevel::M, chars: 1451 };

/// Codes on a screen, which nothing stains, from the smallest to the largest that a camera still reads at once.
const ON_SCREEN: [usize; 25] = [
    25, 47, 77, 114, 154, 195, 224, 279, 335, 395, 468, 535, 619, 667, 758, 854, 938, 1046, 1153, 1249, 1352,
    1460, 1588, 1704, 1853,
];

impl Size {
    /// The sizes that a screen can show, from the smallest.
    pub fn on_screen() -> impl DoubleEndedIterator<Item = Size> {
        let size = |(version, chars)| Size { version, level: EcLevel::L, chars };
        (1_i16..26).zip(ON_SCREEN).map(size)
    }

    /// Modules of a side, with the white around.
    pub fn side(self) -> usize {
        17 + 4 * usize::from(self.version.unsigned_abs()) + 2 * QUIET
    }

    /// Columns that it takes in a terminal.
    pub fn columns(self) -> usize {
        self.side()
    }

    /// Rows that it takes in a terminal.
    pub fn rows(self) -> usize {
        self.side().div_ceil(2)
    }

    /// The code of this size with this text; `None` if it does not fit.
    pub fn draw(self, text: &str) -> Option<QrCode> {
        QrCode::with_version(text, Version::Normal(self.version), self.level).ok()
    }
}

/// The code in lines of half blocks, black on white whatever the terminal's colours are.
pub fn blocks(code: &QrCode) -> String {
    let drawn = code.render::<Dense1x2>().dark_color(Dense1x2::Dark).light_color(Dense1x2::Light).build();
    let lines: Vec<String> = drawn.lines().map(|line| format!("{BLACK_ON_WHITE}{line}{PLAIN}")).collect();
    lines.join("\n")
}

/// Adds the code in SVG to a page: one path, in which every stretch of dark modules is a line one module thick.
pub fn push_svg(page: &mut String, code: &QrCode) {
    let (width, colors) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    page.push_str(&format!(
        "<svg viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path stroke=\"#000\" d=\""
    ));
    for (row, modules) in colors.chunks(width).enumerate() {
        let mut at = 0;
        for stretch in modules.chunk_by(|one, next| one == next) {
            if stretch[0] == Color::Dark {
                page.push_str(&format!("M{} {}.5h{}", at + QUIET, row + QUIET, stretch.len()));
            }
            at += stretch.len();
        }
    }
    page.push_str("\"/></svg>");
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The dark modules of the first picture on a page, by column and row.
    pub fn modules(page: &str) -> Vec<(usize, usize)> {
        let path = page.split_once(" d=\"").unwrap().1.split_once('"').unwrap().0;
        let stretch = |text: &str| {
            let (at, length) = text.split_once(".5h").unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let [x, y, length]: [usize; 3] = [x, y, length].map(|number| number.parse().unwrap());
            (x..x + length).map(move |x| (x, y))
        };
        path.split('M').skip(1).flat_map(stretch).collect()
    }

    #[test]
    fn a_size_holds_what_it_says_and_no_more() {
        for size in Size::on_screen().chain([ON_PAPER]) {
            let text = "A".repeat(size.chars);
            assert_eq!(size.draw(&text).unwrap().width() + 2 * QUIET, size.side(), "{size:?}");
            assert!(size.draw(&(text + "A")).is_none(), "{size:?}");
        }
    }
}
