//! How bytes become what a check needs.

use asl_lsp::syntax::Format;

/// The longest text that is looked at, in bytes: what is found is found in short ones, and sooner.
const TEXT_BYTES_MAX: usize = 16_384;

/// The text of an input, without what is no UTF-8.
pub(crate) fn text(data: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(data).into_owned();
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

/// The parts of an input that zero bytes separate.
pub(crate) fn parts(data: &[u8]) -> impl Iterator<Item = String> {
    data.split(|byte| *byte == 0).map(text)
}

/// JSON where a text begins like it, else YAML.
pub(crate) fn format_of(text: &str) -> Format {
    if text.trim_start().starts_with(['{', '[', '"', '/']) { Format::Json } else { Format::Yaml }
}

/// A few numbers below `end`, inclusive, that depend on nothing but a text.
pub(crate) fn places(text: &str, end: usize) -> impl Iterator<Item = usize> {
    const PLACES: u64 = 4;
    // FNV-1a, which is well known and enough to scatter.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let end = end as u64;
    (0..PLACES).map(move |n| (hash.rotate_left(n as u32 * 16) % (end + 1)) as usize)
}
