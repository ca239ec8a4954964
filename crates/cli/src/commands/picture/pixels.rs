//! SVG to PNG, with a font of our own: the same bytes on every machine, whatever fonts it has.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

const FONT: &[u8] = include_bytes!("../../../fonts/Roboto-Regular.ttf");

/// Pixels for each unit of the drawing.
const SCALE: f32 = 2.0;

/// A drawing as PNG.
pub(super) fn png(svg: &str) -> Result<Vec<u8>, String> {
    let mut options = Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family("Roboto");
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size();
    // Beyond 16 bits no reader of PNG is certain to follow.
    let side = |length: f32| (length * SCALE).ceil().clamp(1.0, 65_535.0) as u32;
    let mut pixels = Pixmap::new(side(size.width()), side(size.height()))
        .ok_or("the chart is too large for a PNG; write it as SVG")?;
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut pixels.as_mut(),
    );
    pixels.encode_png().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_drawn_with_our_own_font() {
        let svg = |text: &str| {
            format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" font-family="sans-serif"><text x="2" y="15">{text}</text></svg>"#
            )
        };
        let (empty, written) = (png(&svg("")).unwrap(), png(&svg("MUF")).unwrap());
        assert_eq!(&written[..8], b"\x89PNG\r\n\x1a\n");
        assert!(written.len() > empty.len(), "letters were drawn");
        assert_eq!(written, png(&svg("MUF")).unwrap());
        assert!(png("no picture").is_err());
    }
}
