//! What is embedded is whole: every file that a page names is there, hashed and typed.

use super::{ASSETS, lookup};

const PAGES: &[&str] = &["/", "/docs", "/docs/oauth2-redirect", "/redoc"];

fn text(path: &str) -> &'static str {
    let asset = lookup(path).unwrap_or_else(|| panic!("{path} is not embedded"));
    std::str::from_utf8(asset.identity).expect("pages are UTF-8")
}

/// Values of `src="…"` and `href="…"`.
fn links(page: &str) -> Vec<&str> {
    let after = |name: &'static str| page.split(name).skip(1).filter_map(|rest| rest.split('"').next());
    after("src=\"").chain(after("href=\"")).collect()
}

#[test]
fn every_page_finds_what_it_names_and_names_nothing_outside() {
    for page in PAGES {
        for link in links(text(page)) {
            assert!(link.starts_with('/'), "{page} loads {link} from elsewhere");
            assert!(lookup(link).is_some(), "{page} names {link}, which is not embedded");
        }
    }
}

#[test]
fn pages_have_no_inline_script_or_style() {
    for page in PAGES {
        let html = text(page);
        assert!(!html.contains("<style") && !html.contains(" style="), "{page} has inline style");
        assert!(html.split("<script").skip(1).all(|tag| tag.contains("src=\"/assets/")), "{page} has an inline script");
    }
}

#[test]
fn hashed_names_are_immutable_and_the_others_are_not() {
    for asset in ASSETS {
        let code = asset.path.starts_with("assets/") && (asset.path.ends_with(".js") || asset.path.ends_with(".css"));
        assert_eq!(asset.immutable, code, "{}", asset.path);
        assert_ne!(asset.content_type, "application/octet-stream", "{}", asset.path);
    }
}

#[test]
fn compressed_copies_are_smaller_and_large_files_have_both() {
    for asset in ASSETS {
        for packed in [asset.gzip, asset.brotli] {
            assert!(packed.len() < asset.identity.len(), "{}", asset.path);
            let is_picture = asset.content_type == "image/png";
            let is_packed = asset.identity.len() < 4096 || !packed.is_empty();
            assert!(is_packed || is_picture, "{} is large and not compressed", asset.path);
        }
    }
}

#[test]
fn the_first_page_is_small() {
    let first_load: usize =
        links(text("/")).iter().filter_map(|link| lookup(link)).map(|asset| asset.brotli.len().max(1)).sum();
    assert!(first_load < 150_000, "{first_load} bytes compressed");
}

#[test]
fn an_unknown_path_is_nothing() {
    for path in ["/nope", "/assets/", "//", "/../Cargo.toml", "/index.html.br", "/assets/../index.html"] {
        assert!(lookup(path).is_none(), "{path}");
    }
}
