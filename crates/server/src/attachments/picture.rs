//! What a file is by its content, and the picture in it without what is written about it: EXIF, XMP, IPTC, comments and
//! whatever hangs behind its end. Only which way up it is held is kept. Refuses to unpack anything.

/// What a file is.
pub(super) struct Shape {
    pub(super) kind: &'static str,
    /// Width and height.
    pub(super) size: Option<(u32, u32)>,
    /// The content without what is written about it.
    pub(super) clean: Vec<u8>,
}

const JPEG: &str = "image/jpeg";
const PNG: &str = "image/png";
const PDF: &str = "application/pdf";
const PNG_HEAD: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The type by the first bytes.
pub(super) fn kind(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(JPEG)
    } else if head.starts_with(PNG_HEAD) {
        Some(PNG)
    } else if head.starts_with(b"%PDF-") {
        Some(PDF)
    } else {
        None
    }
}

/// What a file is; none when it is of no type that is kept, or broken.
pub(super) fn shape(bytes: &[u8]) -> Option<Shape> {
    match kind(bytes)? {
        JPEG => jpeg(bytes),
        PNG => png(bytes),
        // The end of a PDF must be there: half a file is none.
        _ => {
            let tail = &bytes[bytes.len().saturating_sub(1024)..];
            let ends = tail.windows(5).any(|window| window == b"%%EOF");
            ends.then(|| Shape {
                kind: PDF,
                size: None,
                clean: bytes.to_vec(),
            })
        }
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn jpeg(bytes: &[u8]) -> Option<Shape> {
    let mut clean = vec![0xff, 0xd8];
    let mut at = 2;
    let (mut size, mut way_up, mut scanned) = (None, None, false);
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        while *bytes.get(at + 1)? == 0xff {
            at += 1;
        }
        let marker = bytes[at + 1];
        at += 2;
        match marker {
            // The end; whatever follows is no part of the picture.
            0xd9 => break,
            0x01 | 0xd0..=0xd8 => return None,
            _ => {}
        }
        let length = usize::from(be16(bytes, at)?);
        let segment = bytes.get(at..at + length.max(2))?;
        at += length.max(2);
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            let (height, width) = (be16(segment, 3)?, be16(segment, 5)?);
            if width == 0 || height == 0 {
                return None;
            }
            size = Some((u32::from(width), u32::from(height)));
        }
        if marker == 0xe1 && segment.get(2..8) == Some(b"Exif\0\0") {
            way_up = way_up.or_else(|| orientation(&segment[8..]));
        }
        let profile = marker == 0xe2 && segment.get(2..13) == Some(b"ICC_PROFILE");
        // Of the application's own segments: JFIF, colour profile, Adobe's colour transform. No comments.
        let kept = match marker {
            0xe0 | 0xee => true,
            0xe2 => profile,
            0xe1..=0xef | 0xfe => false,
            _ => true,
        };
        if kept {
            clean.extend([0xff, marker]);
            clean.extend_from_slice(segment);
        }
        if marker == 0xda {
            scanned = true;
            let data = &bytes[at..];
            let end = data.windows(2).position(|pair| {
                pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff)
            })?;
            clean.extend_from_slice(&data[..end]);
            at += end;
        }
    }
    if !scanned {
        return None;
    }
    clean.extend([0xff, 0xd9]);
    if let Some(way_up) = way_up.filter(|way_up| (2..=8).contains(way_up)) {
        clean.splice(2..2, only_orientation(way_up));
    }
    Some(Shape {
        kind: JPEG,
        size: Some(size?),
        clean,
    })
}

/// Which way up a picture is held, of its EXIF.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = tiff.starts_with(b"II");
    if !little && !tiff.starts_with(b"MM") {
        return None;
    }
    let u16_at = |at: usize| {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = if little {
        u32::from_le_bytes(four)
    } else {
        u32::from_be_bytes(four)
    };
    let first = usize::try_from(first).ok()?;
    let count = u16_at(first)?;
    for entry in 0..usize::from(count) {
        let at = first.checked_add(2 + entry * 12)?;
        if u16_at(at)? == 0x0112 {
            return u8::try_from(u16_at(at + 8)?).ok();
        }
    }
    None
}

/// EXIF that says nothing but which way up.
fn only_orientation(way_up: u8) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0x00, 0x22];
    segment.extend_from_slice(b"Exif\0\0MM\0\x2a\0\0\0\x08");
    // One entry: orientation, a short, one of it, its value; then no further table.
    segment.extend_from_slice(&[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, way_up, 0, 0]);
    segment.extend_from_slice(&[0, 0, 0, 0]);
    segment
}

fn png(bytes: &[u8]) -> Option<Shape> {
    const KEPT: [&[u8; 4]; 9] = [
        b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD", b"cICP",
    ];
    let mut clean = PNG_HEAD.to_vec();
    let mut at = PNG_HEAD.len();
    let (mut size, mut data) = (None, false);
    loop {
        let length = usize::try_from(be32(bytes, at)?).ok()?;
        let name = bytes.get(at + 4..at + 8)?;
        let whole = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        at += whole.len();
        match name {
            b"IHDR" => {
                let (width, height) = (be32(whole, 8)?, be32(whole, 12)?);
                if size.is_some() || length != 13 || width == 0 || height == 0 {
                    return None;
                }
                size = Some((width, height));
            }
            b"IDAT" => data = true,
            _ => {}
        }
        // Nothing may stand before the size.
        size?;
        // A name with a capital first letter is needed to show the picture; of the others what its colours need.
        let needed = matches!(name, b"IHDR" | b"PLTE" | b"IDAT" | b"IEND");
        if needed || KEPT.iter().any(|kept| kept.as_slice() == name) {
            clean.extend_from_slice(whole);
        } else if name[0].is_ascii_uppercase() {
            return None;
        }
        if name == b"IEND" {
            break;
        }
    }
    data.then_some(Shape {
        kind: PNG,
        size,
        clean,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).expect("short");
        let mut all = vec![0xff, marker];
        all.extend(length.to_be_bytes());
        all.extend_from_slice(content);
        all
    }

    /// A frame of 3 by 2 points and a scan of some bytes, with what stands before it.
    fn photo(before: &[Vec<u8>], after: &[u8]) -> Vec<u8> {
        let mut all = vec![0xff, 0xd8];
        all.extend(before.concat());
        all.extend(segment(0xc0, &[8, 0, 2, 0, 3, 1, 1, 0x11, 0]));
        all.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
        all.extend([1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4, 0xff, 0xd9]);
        all.extend_from_slice(after);
        all
    }

    fn exif(way_up: u8) -> Vec<u8> {
        let mut content = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".to_vec();
        content.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0]);
        content.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, way_up, 0, 0, 0]);
        content.extend(b"\0\0\0\0GPS 31.2N 107.5E");
        segment(0xe1, &content)
    }

    #[test]
    fn where_a_photo_was_taken_is_taken_out_and_which_way_up_is_kept() {
        let before = [
            segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            exif(6),
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0GPS"),
            segment(0xed, b"Photoshop 3.0\0GPS"),
            segment(0xfe, b"GPS in a comment"),
        ];
        let shape = shape(&photo(&before, b"GPS behind the end")).expect("a photo");
        assert_eq!((shape.kind, shape.size), (JPEG, Some((3, 2))));
        assert!(!shape.clean.windows(3).any(|window| window == b"GPS"));
        assert!(shape.clean.windows(4).any(|window| window == b"JFIF"));
        let again = super::shape(&shape.clean).expect("a photo");
        assert_eq!(again.clean, shape.clean, "cleaning again changes nothing");
        assert_eq!(orientation(&shape.clean[12..]), Some(6));
        let upright = super::shape(&photo(&[exif(1)], b"")).expect("a photo");
        assert_eq!(upright.clean, photo(&[], b""));
    }

    #[test]
    fn a_cut_or_crooked_file_is_refused() {
        let whole = photo(&[exif(6)], b"");
        for cut in 0..whole.len() - 1 {
            assert!(shape(&whole[..cut]).is_none(), "cut at {cut}");
        }
        assert!(shape(b"%PDF-1.7 and no end").is_none());
        assert!(shape(b"%PDF-1.7 ... %%EOF\n").is_some());
    }

    #[test]
    fn a_png_loses_its_texts_and_keeps_its_colours() {
        let chunk = |name: &[u8], content: &[u8]| {
            let mut all = u32::try_from(content.len())
                .expect("short")
                .to_be_bytes()
                .to_vec();
            all.extend_from_slice(name);
            all.extend_from_slice(content);
            all.extend([0; 4]);
            all
        };
        let head = [&[0, 0, 0, 3, 0, 0, 0, 2][..], &[8, 2, 0, 0, 0]].concat();
        let all = [
            PNG_HEAD.to_vec(),
            chunk(b"IHDR", &head),
            chunk(b"gAMA", &[0; 4]),
            chunk(b"tEXt", b"GPS"),
            chunk(b"eXIf", b"GPS"),
            chunk(b"IDAT", b"xx"),
            chunk(b"IEND", b""),
            b"GPS".to_vec(),
        ];
        let shape = shape(&all.concat()).expect("a picture");
        assert_eq!((shape.kind, shape.size), (PNG, Some((3, 2))));
        assert!(!shape.clean.windows(3).any(|window| window == b"GPS"));
        assert!(shape.clean.windows(4).any(|window| window == b"gAMA"));
    }
}
