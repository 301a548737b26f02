//! Pictures in plain code: the codes of a page drawn as a printer and a camera would show them, without the library that
//! reads them.

use std::fs::File;
use std::path::Path;

/// Shades of grey, row by row.
#[derive(Clone)]
pub struct Sheet {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

/// The codes on a page, in their order, so many pixels to a module's side.
pub fn codes(page: &str, module: usize) -> Vec<Sheet> {
    page.split("<svg ").skip(1).map(|svg| code(svg, module)).collect()
}

fn code(svg: &str, module: usize) -> Sheet {
    let value = |name: &str| {
        let (_, rest) = svg.split_once(&format!("{name}=\"")).expect("an attribute");
        rest.split_once('"').expect("its end").0
    };
    let modules: usize = value("viewBox").rsplit(' ').next().expect("a side").parse().expect("a number");
    let mut sheet = Sheet::white(modules * module, modules * module);
    for stretch in value(" d").split('M').skip(1) {
        let (at, length) = stretch.split_once(".5h").expect("a stretch");
        let (x, y) = at.split_once(' ').expect("a place");
        let [x, y, length]: [usize; 3] = [x, y, length].map(|number| number.parse().expect("a number"));
        sheet.darken(x * module, y * module, length * module, module);
    }
    sheet
}

impl Sheet {
    pub fn white(width: usize, height: usize) -> Sheet {
        Sheet { width, height, pixels: vec![255; width * height] }
    }

    fn darken(&mut self, left: usize, top: usize, width: usize, height: usize) {
        for row in top..top + height {
            self.pixels[row * self.width + left..][..width].fill(0);
        }
    }

    /// Codes of one size, two beside each other.
    pub fn of(codes: &[Sheet]) -> Sheet {
        let side = codes[0].width;
        let mut sheet = Sheet::white(2 * side, codes.len().div_ceil(2) * side);
        for (place, code) in codes.iter().enumerate() {
            let (left, top) = (place % 2 * side, place / 2 * side);
            for row in 0..side {
                let from = &code.pixels[row * side..][..side];
                sheet.pixels[(top + row) * sheet.width + left..][..side].copy_from_slice(from);
            }
        }
        sheet
    }

    /// The sheet on a grey table, turned by so many degrees, out of focus, in uneven light and with noise.
    pub fn photographed(&self, degrees: f64) -> Sheet {
        let side = (self.width as f64).hypot(self.height as f64) as usize;
        let mut taken = Sheet { width: side, height: side, pixels: vec![150; side * side] };
        let (sin, cos) = degrees.to_radians().sin_cos();
        let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
        for row in 0..side {
            for column in 0..side {
                let (x, y) = (column as f64 - side as f64 / 2.0, row as f64 - side as f64 / 2.0);
                let [x, y] = [
                    x * cos + y * sin + self.width as f64 / 2.0,
                    y * cos - x * sin + self.height as f64 / 2.0,
                ];
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                let light = 0.6 + 0.4 * column as f64 / side as f64;
                let grain = (noise % 31) as f64 - 15.0;
                let shade = self.blurred(x, y) * light + grain;
                taken.pixels[row * side + column] = shade.clamp(0.0, 255.0) as u8;
            }
        }
        taken
    }

    /// The mean of the nine pixels around a place.
    fn blurred(&self, x: f64, y: f64) -> f64 {
        let near = |dx: f64, dy: f64| {
            let (x, y) = ((x + dx).round(), (y + dy).round());
            let inside = x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height;
            if inside { f64::from(self.pixels[y as usize * self.width + x as usize]) } else { 150.0 }
        };
        let steps = [-1.2, 0.0, 1.2];
        steps.iter().flat_map(|dy| steps.map(|dx| near(dx, *dy))).sum::<f64>() / 9.0
    }

    pub fn write_png(&self, path: &Path) {
        let file = File::create(path).expect("a file in the house");
        let mut encoder = png::Encoder::new(file, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&self.pixels))
            .expect("a picture");
    }

    /// The same as PGM, which other programs read.
    pub fn pgm(&self) -> Vec<u8> {
        [format!("P5 {} {} 255\n", self.width, self.height).into_bytes(), self.pixels.clone()].concat()
    }
}
