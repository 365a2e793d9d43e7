//! The logo: its size and its place.

use muster_paper::Picture;

/// English Metric Units to a point.
const EMU: u64 = 12_700;
/// The most that a logo may take of the header, in points.
const BOX: (u64, u64) = (130, 24);

/// How large a logo stands in the header, in English Metric Units. None where the file does not
/// begin as a picture of its kind does: such a logo is left out.
pub(crate) fn size(picture: &Picture) -> Option<(u64, u64)> {
    let (width, height) = match picture.media_type {
        "image/png" => png(&picture.bytes)?,
        _ => jpeg(&picture.bytes)?,
    };
    let (width, height) = (u64::from(width), u64::from(height));
    if width == 0 || height == 0 {
        return None;
    }
    // As large as fits into the box, in its own proportions.
    let by_width = (BOX.0 * EMU, BOX.0 * EMU * height / width);
    let by_height = (BOX.1 * EMU * width / height, BOX.1 * EMU);
    let (width, height) = if by_width.1 <= BOX.1 * EMU { by_width } else { by_height };
    Some((width.max(1), height.max(1)))
}

/// The name of the file in the package.
pub(crate) fn file_name(picture: &Picture) -> &'static str {
    if picture.media_type == "image/png" { "logo.png" } else { "logo.jpeg" }
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    (bytes.get(12..16)? == b"IHDR").then_some((number(16)?, number(20)?))
}

/// Looks for the segment that begins a frame (ITU T.81, B.2.2).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes);
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        match *bytes.get(at + 1)? {
            0xFF => at += 1,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Some((number(at + 7)?.into(), number(at + 5)?.into()));
            }
            _ => at += 2 + usize::from(number(at + 2)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(media_type: &'static str, bytes: &[u8]) -> Option<(u64, u64)> {
        size(&Picture { media_type, bytes: bytes.to_vec() })
    }

    #[test]
    fn a_logo_fits_into_its_box() {
        let png =
            |width: u32, height: u32| [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat();
        assert_eq!(of("image/png", &png(260, 24)), Some((130 * EMU, 12 * EMU)));
        assert_eq!(of("image/png", &png(100, 100)), Some((24 * EMU, 24 * EMU)));
        assert_eq!(of("image/png", &png(0, 10)), None);
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x30\0\x60";
        assert_eq!(of("image/jpeg", jpeg), Some((48 * EMU, 24 * EMU)));
    }

    #[test]
    fn what_is_no_picture_has_no_size() {
        for end in 0..20 {
            assert_eq!(of("image/png", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"[..end]), None);
            assert_eq!(of("image/jpeg", &b"\xff\xd8\xff\xe0\0\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"[..end]), None);
        }
    }
}
