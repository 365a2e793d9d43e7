//! Filters that templates use.

use askama::filters::Safe;
use askama::{Result, Values};

use crate::assets::asset;

/// `{{ "late"|icon }}`: an icon of the sprite. It says nothing to a screen reader; a word stands beside it.
#[askama::filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(svg("icon", name)))
}

/// `{{ "next"|icon_flip }}`: an icon that points, and turns around in right-to-left languages.
#[askama::filter_fn]
pub fn icon_flip(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(svg("icon flip", name)))
}

/// `{{ "muster.css"|asset }}`: the versioned address of a file.
#[askama::filter_fn]
pub fn asset_url(name: &str, _: &dyn Values) -> Result<String> {
    Ok(asset(name).to_owned())
}

fn svg(class: &str, name: &str) -> String {
    let sprite = asset("icons.svg");
    format!("<svg class=\"{class}\" aria-hidden=\"true\"><use href=\"{sprite}#{name}\"/></svg>")
}
