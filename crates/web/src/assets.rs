//! The browser's half, embedded: every file of the built `ui/` with its precompressed copies.
//!
//! `build.rs` builds the UI and writes the table; this module finds a file in it by the path of a request.
//! Always true: nothing is read from disk and nothing is compressed while serving; a name marked
//! `immutable` contains the hash of its content, so it may be cached for ever.

#[cfg(test)]
mod tests;

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Without a leading slash, as `assets/index-1a2b3c4d.js`.
    pub path: &'static str,
    pub content_type: &'static str,
    /// Weak and quoted, ready for `ETag`; the same for every encoding.
    pub etag: &'static str,
    /// Whether the name contains the content's hash.
    pub immutable: bool,
    pub identity: &'static [u8],
    /// Empty where compressing saves nothing.
    pub gzip: &'static [u8],
    /// Empty where compressing saves nothing.
    pub brotli: &'static [u8],
}

/// Sorted by path.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets_table.rs"));

/// Pages under the names by which the incumbent serves them.
const PAGES: &[(&str, &str)] = &[
    ("", "index.html"),
    ("docs", "docs.html"),
    ("docs/oauth2-redirect", "oauth2-redirect.html"),
    ("redoc", "redoc.html"),
];

/// The file for a request path, with or without its leading slash: `/`, `/docs`, `/docs/oauth2-redirect`
/// and `/redoc` are pages, everything else goes by its own name.
pub fn lookup(path: &str) -> Option<&'static Asset> {
    let asked = path.strip_prefix('/').unwrap_or(path);
    let name = PAGES.iter().find(|(page, _)| *page == asked).map_or(asked, |(_, file)| file);
    ASSETS.binary_search_by(|asset| asset.path.cmp(name)).ok().map(|at| &ASSETS[at])
}
