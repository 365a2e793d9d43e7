//! The form comes in whatever pieces; it says the same.

use std::convert::Infallible;

use super::*;

/// Reads a form that arrives in pieces of `size` bytes.
async fn read(form: &[u8], boundary: &str, size: usize) -> Result<Vec<(Part, Vec<u8>)>, FormError> {
    let pieces: Vec<Result<Bytes, Infallible>> = form.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    for piece in pieces {
        sender.send(piece).unwrap();
    }
    drop(sender);
    let mut form = Multipart::new(Body::new(Arriving(receiver)), boundary);
    let mut parts = Vec::new();
    while let Some(part) = form.next_part().await? {
        let mut content = Vec::new();
        while let Some(piece) = form.piece().await? {
            content.extend_from_slice(&piece);
        }
        parts.push((part, content));
    }
    Ok(parts)
}

/// A body that arrives piece by piece.
struct Arriving(tokio::sync::mpsc::UnboundedReceiver<Result<Bytes, Infallible>>);

impl axum::body::HttpBody for Arriving {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(http_body::Frame::data)))
    }
}

fn part(name: &str, file_name: Option<&str>) -> Part {
    Part { name: name.into(), file_name: file_name.map(Into::into), digest: None }
}

#[tokio::test]
async fn pieces_make_no_difference() {
    let content: &[u8] = b"\r\n--between\r\n--betwee\r\n\0\r\n--bet";
    let mut form = b"--between!\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--between!\r\n".to_vec();
    form.extend(b"content-disposition:form-data;name=file; filename=\"x;y=\\\"z.pdf\"\r\nContent-Type: text/plain\r\n\r\n");
    form.extend(content);
    form.extend(b"\r\n--between!--\r\nwhatever");
    let expected = vec![(part("a", None), Vec::new()), (part("file", Some("x;y=\"z.pdf")), content.to_vec())];
    for size in 1..form.len() {
        assert_eq!(read(&form, "between!", size).await, Ok(expected.clone()), "{size}");
    }
    for cut in 0..form.len() - 12 {
        assert_eq!(read(&form[..cut], "between!", 7).await, Err(FormError::Malformed), "{cut}");
    }
}

#[test]
fn names_are_read_however_they_are_written() {
    let name = |disposition: &str| read_head(format!("Content-Disposition: form-data; name=\"file\"; {disposition}\r\n\r\n").as_bytes());
    for (given, expected) in [
        ("filename=\"a b.pdf\"", "a b.pdf"),
        ("filename=plain.pdf", "plain.pdf"),
        ("filename=\"C:\\x\\y.pdf\"", "C:\\x\\y.pdf"),
        ("filename=\"bell\u{7}\u{202e}.pdf\"", "bell\u{7}\u{202e}.pdf"),
        ("filename=\"_.pdf\"; filename*=UTF-8''na%C3%AFve.pdf", "na\u{ef}ve.pdf"),
        ("filename*=utf-8'en'50%25%zz.pdf", "50%%zz.pdf"),
        ("filename=\"\"", ""),
    ] {
        assert_eq!(name(given), Some(part("file", Some(expected))), "{given}");
    }
    assert_eq!(read_head(b"Content-Type: text/plain\r\n\r\n"), None);
    assert_eq!(read_head(b"Content-Disposition: attachment; name=\"a\"\r\n\r\n"), None);
}

#[test]
fn the_boundary_is_what_the_type_says() {
    assert_eq!(boundary("multipart/form-data; boundary=abc"), Ok("abc".into()));
    assert_eq!(boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), Ok("a b".into()));
    assert_eq!(boundary("multipart/form-data"), Err(Some(FormError::Malformed)));
    assert_eq!(boundary("application/json"), Err(None));
}
