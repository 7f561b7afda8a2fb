//! The first line of a file, which names its columns; and what a field says that should be a number.

use super::CsvError;
use super::lines::{Lines, fields};
use std::io::BufRead;

/// Names of the columns.
pub(super) struct Header {
    names: Vec<String>,
}

impl Header {
    pub(super) fn read(lines: &mut Lines<impl BufRead>, file: &str) -> Result<Header, CsvError> {
        let line = lines.next(file)?.ok_or(CsvError::Empty)?;
        let names = fields(line).ok_or_else(|| CsvError::at(1, "a quote does not close"))?;
        Ok(Header { names: names.into_iter().map(Into::into).collect() })
    }

    /// How many fields a line has.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Where a column is that may be there.
    pub(super) fn find(&self, name: &str) -> Result<Option<usize>, CsvError> {
        let mut found = self.names.iter().enumerate().filter(|(_, present)| *present == name);
        let place = found.next().map(|(place, _)| place);
        if found.next().is_some() { Err(CsvError::TwoColumns(name.to_owned())) } else { Ok(place) }
    }

    /// Where a column is that has to be there.
    pub(super) fn need(&self, name: &str) -> Result<usize, CsvError> {
        let missing = || CsvError::NoColumn { name: name.to_owned(), present: self.names.join(", ") };
        self.find(name)?.ok_or_else(missing)
    }
}

pub(super) fn number(text: &str, column: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| format!("{column} is {text:?}, which is no number"))
}
