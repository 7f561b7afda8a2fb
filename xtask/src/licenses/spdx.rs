//! Reads SPDX licence expressions such as `(MIT OR Apache-2.0) AND Unicode-3.0`.
//!
//! `AND` binds tighter than `OR`; `/` is the old way to write `OR`; `X WITH Y` is one licence of
//! that whole name.

use anyhow::{Result, bail};

/// Can the terms be met with licences that are `allowed`?
pub(crate) fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let answer = reader.any()?;
    match reader.words.first() {
        None => Ok(answer),
        Some(word) => bail!("unexpected {word:?}"),
    }
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> Result<bool> {
        let mut answer = self.all()?;
        while self.take("OR") {
            answer |= self.all()?;
        }
        Ok(answer)
    }

    fn all(&mut self) -> Result<bool> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool> {
        if self.take("(") {
            let answer = self.any()?;
            if !self.take(")") {
                bail!("a bracket is not closed");
            }
            return Ok(answer);
        }
        let license = self.name()?;
        if !self.take("WITH") {
            return Ok((self.allowed)(license));
        }
        let exception = self.name()?;
        Ok((self.allowed)(&format!("{license} WITH {exception}")))
    }

    fn name(&mut self) -> Result<&'a str> {
        match self.words.split_first() {
            Some((word, rest)) if !["(", ")", "AND", "OR", "WITH"].contains(word) => {
                self.words = rest;
                Ok(word)
            }
            Some((word, _)) => bail!("a licence is missing before {word:?}"),
            None => bail!("a licence is missing at the end"),
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.first().is_some_and(|first| first.eq_ignore_ascii_case(word));
        if there {
            self.words = &self.words[1..];
        }
        there
    }
}
