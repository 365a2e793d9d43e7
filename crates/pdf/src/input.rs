//! What the program is given.

use serde::Deserialize;
use serde_json::Value;

/// One document.
#[derive(Debug, Deserialize)]
pub(crate) struct Input {
    /// Frame and text as the crate `muster-paper` writes them (`Sheet`).
    pub(crate) sheet: Value,
    /// The logo.
    #[serde(default)]
    pub(crate) logo: Option<Logo>,
}

/// A picture as a file.
#[derive(Debug, Deserialize)]
pub(crate) struct Logo {
    /// `image/png` or `image/jpeg`.
    pub(crate) media_type: String,
    /// Its bytes, in hexadecimal digits.
    pub(crate) hex: String,
}

impl Input {
    pub(crate) fn read(given: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(given).map_err(|error| format!("the input cannot be understood: {error}"))
    }

    /// A text of the frame.
    pub(crate) fn of_frame(&self, name: &str) -> &str {
        self.sheet.pointer("/frame").and_then(|frame| frame.get(name)).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Logo {
    /// The name under which the layout finds the picture.
    pub(crate) fn file_name(&self) -> Result<&'static str, String> {
        match self.media_type.as_str() {
            "image/png" => Ok("logo.png"),
            "image/jpeg" => Ok("logo.jpg"),
            other => Err(format!("a logo of the type `{other}`")),
        }
    }

    pub(crate) fn bytes(&self) -> Result<Vec<u8>, String> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let pairs = self.hex.as_bytes().chunks(2);
        let bytes = pairs.map(|pair| match *pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        });
        bytes.collect::<Option<_>>().ok_or_else(|| "the logo is not in hexadecimal digits".to_owned())
    }
}
