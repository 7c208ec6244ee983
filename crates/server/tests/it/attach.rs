//! Photos and scans.

use crate::desk::Desk;
use crate::http::Ask;

/// A JPEG of 1 by 1 point with a place in its EXIF, as small as one may be.
fn photo() -> Vec<u8> {
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).expect("short");
        [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
    };
    [
        vec![0xff, 0xd8],
        segment(0xe1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0 GPS 31.2N"),
        segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        vec![1, 2, 3, 0xff, 0xd9],
    ]
    .concat()
}

#[test]
fn a_photo_comes_back_without_its_place() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let made = clerk.send(Ask::new("POST", "/api/attachments").raw("image/jpeg", &photo()));
    assert_eq!(made.status, 201, "{}", made.json());
    let json = made.json();
    assert_eq!(
        (&json["type"], &json["stripped"]),
        (&"image/jpeg".into(), &true.into())
    );
    let path = format!(
        "/api/attachments/{}",
        json["hash"].as_str().expect("a hash")
    );
    let back = clerk.get(&path);
    assert_eq!(
        (back.status, back.header("content-type")),
        (200, Some("image/jpeg"))
    );
    assert!(
        back.header("content-disposition")
            .is_some_and(|how| how.starts_with("attachment"))
    );
    assert!(!back.body.windows(3).any(|window| window == b"GPS"));
    let tag = back.header("etag").expect("a tag").to_owned();
    assert_eq!(
        clerk
            .send(Ask::new("GET", &path).with("If-None-Match", &tag))
            .status,
        304
    );
}

#[test]
fn what_lies_about_its_type_is_refused() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    for body in [&b"<html><script>alert(1)</script>"[..], b"GIF89a", b""] {
        let answer = clerk.send(Ask::new("POST", "/api/attachments").raw("image/jpeg", body));
        assert_eq!((answer.status, answer.code().as_str()), (415, "S415"));
    }
    let long = Ask::new("POST", "/api/attachments").with("Content-Length", "99000000");
    let answer = clerk.send(long);
    assert_eq!((answer.status, answer.code().as_str()), (413, "S413"));
    let missing = clerk.get(&format!("/api/attachments/{}", "0".repeat(64)));
    assert_eq!(missing.status, 404);
}
