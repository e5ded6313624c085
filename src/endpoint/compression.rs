//! Compressed bodies: gzip in requests, gzip or deflate in responses that are long enough.
//!
//! Implements `Content-Encoding` and `Accept-Encoding` of <https://www.rfc-editor.org/rfc/rfc9110#section-8.4> as far
//! as AWS does, mistakes of clients included.

use std::borrow::Cow;
use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::{GzEncoder, ZlibEncoder};

/// Bytes from which on AWS compresses a response.
const COMPRESSED_BYTES_MIN: usize = 4_096;

/// A way to compress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Deflate,
}

impl Coding {
    /// What is tried for `*`, in this order.
    const ALL: [Coding; 2] = [Coding::Gzip, Coding::Deflate];

    /// The name in headers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
        }
    }

    /// The coding that the header `Accept-Encoding` prefers; none where the body is to stay as it is.
    ///
    /// AWS: `identity` counts for nothing, a weight that is no number for 1, and the better of two weights of one coding.
    pub(super) fn preferred(header: &str) -> Option<Coding> {
        let entries: Vec<(&str, f64)> = header.split(',').map(entry).collect();
        let is = |name: &str, coding: Coding| name.eq_ignore_ascii_case(coding.name());
        let mut best = None;
        for (name, weight) in &entries {
            let Some(coding) = Coding::ALL.into_iter().find(|coding| is(name, *coding)) else { continue };
            if *weight > best.map_or(0.0, |(_, weight)| weight) {
                best = Some((coding, *weight));
            }
        }
        let unnamed = |coding: &Coding| !entries.iter().any(|(name, _)| is(name, *coding));
        let any = entries.iter().find(|(name, _)| *name == "*").map(|(_, weight)| *weight);
        match (any, Coding::ALL.into_iter().find(unnamed)) {
            (Some(weight), Some(coding)) if weight > best.map_or(0.0, |(_, weight)| weight) => Some(coding),
            _ => best.map(|(coding, _)| coding),
        }
    }

    /// The body compressed; `None` where it is too short for that.
    pub(super) fn compress(self, body: &[u8]) -> Option<Vec<u8>> {
        if body.len() < COMPRESSED_BYTES_MIN {
            return None;
        }
        match self {
            Coding::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(body).and_then(|()| encoder.finish())
            }
            Coding::Deflate => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(body).and_then(|()| encoder.finish())
            }
        }
        .ok()
    }
}

/// The name and the weight in one entry of `Accept-Encoding`, such as `gzip;q=0.5`.
fn entry(text: &str) -> (&str, f64) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f64>().unwrap_or(1.0))
    });
    (name, weight.unwrap_or(1.0).min(1.0))
}

/// Why the body of a request cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It has more than the limit of bytes.
    TooLarge,
    /// It is not compressed as its header says, or in another way than gzip.
    Broken,
}

/// The body of a request as its header `Content-Encoding` says, with `bytes_max` bytes at most.
pub(super) fn decoded<'b>(
    header: Option<&str>,
    body: &'b [u8],
    bytes_max: usize,
) -> Result<Cow<'b, [u8]>, Unreadable> {
    match header.map(str::trim) {
        None | Some("" | "identity") => return Ok(Cow::Borrowed(body)),
        Some(coding) if coding.eq_ignore_ascii_case("gzip") => {}
        Some(_) => return Err(Unreadable::Broken),
    }
    let mut decoded = Vec::new();
    let bound = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let read: io::Result<usize> = MultiGzDecoder::new(body).take(bound).read_to_end(&mut decoded);
    match read {
        Ok(bytes) if bytes <= bytes_max => Ok(Cow::Owned(decoded)),
        Ok(_) => Err(Unreadable::TooLarge),
        Err(_) => Err(Unreadable::Broken),
    }
}

#[cfg(test)]
mod tests {
    use flate2::read::ZlibDecoder;

    use super::*;

    #[test]
    fn the_coding_a_client_prefers() {
        let (gzip, deflate) = (Some(Coding::Gzip), Some(Coding::Deflate));
        for (header, expected) in [
            ("", None),
            ("identity", None),
            ("br", None),
            ("x-gzip", None),
            ("gzip, deflate", gzip),
            ("br, identity, deflate, gzip", deflate),
            ("GZIP, identity", gzip),
            ("gzip;q=0.8, deflate;q=0.5", gzip),
            ("br, gzip;q=0, deflate; q = 0.5 , identity;q=0", deflate),
            ("*", gzip),
            ("*, deflate;q=0.5", gzip),
            ("*, deflate", deflate),
            ("*, gzip;q=0.5", deflate),
            ("*;q=0", None),
            ("*;q=0.5,identity", gzip),
            ("gzip ;q=0", None),
            ("gzip br", None),
            ("gzip:q=1", None),
            ("\"gzip\"", None),
            ("gzip;q=31,deflate;q=51", gzip),
            ("deflate;q=0.5, gzip;q=1;q=0.2", gzip),
            ("deflate;q=0.5,gzip;q=0.", deflate),
            ("deflate;q=0.5,gzip;q=0.x", gzip),
            ("deflate;q=-0.5,gzip;q=0.2", gzip),
            ("gzip;nq=1;q=0 ", None),
            ("gzip;q=0, gzip;q=1, gzip;q=0", gzip),
        ] {
            assert_eq!(Coding::preferred(header), expected, "{header}");
        }
    }

    #[test]
    fn long_bodies_are_compressed() {
        let body = vec![b'x'; COMPRESSED_BYTES_MIN];
        assert_eq!(Coding::Gzip.compress(&body[1..]), None);
        let gzip = Coding::Gzip.compress(&body).unwrap();
        assert_eq!(decoded(Some("gzip"), &gzip, body.len()), Ok(Cow::Borrowed(&*body)));
        let mut inflated = Vec::new();
        ZlibDecoder::new(&*Coding::Deflate.compress(&body).unwrap()).read_to_end(&mut inflated).unwrap();
        assert_eq!(inflated, body);
    }

    #[test]
    fn bodies_that_cannot_be_read() {
        let gzip = Coding::Gzip.compress(&[b'x'; COMPRESSED_BYTES_MIN]).unwrap();
        let twice = [&*gzip, &*gzip].concat();
        assert_eq!(decoded(Some("gzip"), &twice, 2 * COMPRESSED_BYTES_MIN).map(|body| body.len()), Ok(8_192));
        assert_eq!(decoded(Some("gzip"), &gzip, COMPRESSED_BYTES_MIN - 1), Err(Unreadable::TooLarge));
        assert_eq!(decoded(Some("gzip"), &gzip[..gzip.len() - 1], 8_192), Err(Unreadable::Broken));
        assert_eq!(decoded(Some("gzip"), b"", 8_192), Err(Unreadable::Broken));
        assert_eq!(decoded(Some("garbage"), b"{}", 8_192), Err(Unreadable::Broken));
        assert_eq!(decoded(None, b"{}", 8_192), Ok(Cow::Borrowed(&b"{}"[..])));
    }
}
