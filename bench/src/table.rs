//! The table: one line per figure, both sides, the ratio, what was to be reached and whether it was.
//!
//! Rows hand in [`Line`]s; [`render`] makes them Markdown. Pure.

use std::fmt::Write;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    More,
    Less,
}

/// What a figure of ours has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// That many times better than the incumbent in the same run.
    Times(f64),
}

/// One figure.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) better: Better,
    pub(crate) incumbent: Option<f64>,
    pub(crate) ours: Option<f64>,
    /// What the load generator itself reaches against a bare program that answers the same bytes.
    pub(crate) ceiling: Option<f64>,
    pub(crate) target: Option<Target>,
    pub(crate) note: String,
}

impl Line {
    pub(crate) fn new(what: impl Into<String>, unit: &'static str, better: Better) -> Line {
        Line {
            what: what.into(),
            unit,
            better,
            incumbent: None,
            ours: None,
            ceiling: None,
            target: None,
            note: String::new(),
        }
    }

    pub(crate) fn both(mut self, (incumbent, ours): (f64, f64)) -> Line {
        (self.incumbent, self.ours) = (Some(incumbent), Some(ours));
        self
    }

    pub(crate) fn ours(mut self, ours: f64) -> Line {
        self.ours = Some(ours);
        self
    }

    pub(crate) fn ceiling(mut self, ceiling: f64) -> Line {
        self.ceiling = Some(ceiling);
        self
    }

    pub(crate) fn target(mut self, target: Target) -> Line {
        self.target = Some(target);
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Line {
        self.note = note.into();
        self
    }

    /// How many times better we are.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let (incumbent, ours) = (self.incumbent?, self.ours?);
        let ratio = match self.better {
            Better::More => ours / incumbent,
            Better::Less => incumbent / ours,
        };
        ratio.is_finite().then_some(ratio)
    }

    /// Was the target met? `None` without one, or without figures of our own.
    pub(crate) fn met(&self) -> Option<bool> {
        let ours = self.ours?;
        Some(match self.target? {
            Target::AtMost(most) => ours <= most,
            Target::AtLeast(least) => ours >= least,
            Target::Times(times) => self.ratio()? >= times,
        })
    }

    fn cells(&self) -> [String; 9] {
        let figure = |value: Option<f64>| value.map_or_else(String::new, shown);
        let target = self.target.map_or_else(String::new, |target| match target {
            Target::AtMost(most) => format!("≤ {}", shown(most)),
            Target::AtLeast(least) => format!("≥ {}", shown(least)),
            Target::Times(times) => format!("× {}", shown(times)),
        });
        let met = match self.met() {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        let ratio = self.ratio().map_or_else(String::new, |ratio| format!("× {}", shown(ratio)));
        [
            self.what.clone(),
            self.unit.to_owned(),
            figure(self.incumbent),
            figure(self.ours),
            ratio,
            target,
            met.to_owned(),
            figure(self.ceiling),
            self.note.clone(),
        ]
    }
}

/// The whole table as Markdown.
pub(crate) fn render(lines: &[Line]) -> String {
    let mut text = String::from(
        "| | unit | incumbent | ours | ratio | target | met | generator's ceiling | |\n\
         |---|---|--:|--:|--:|--:|---|--:|---|\n",
    );
    for line in lines {
        writeln!(text, "| {} |", line.cells().join(" | ")).expect("writing to a String cannot fail");
    }
    text
}

/// One line for the terminal while the bench runs.
pub(crate) fn brief(line: &Line) -> String {
    let [what, unit, incumbent, ours, ratio, target, met, ceiling, note] = line.cells();
    format!(
        "  {what:<58} {unit:>7}  inc {incumbent:>9}  ours {ours:>9}  {ratio:>8}  {target:>9} {met:<6} ceil {ceiling:>9}  {note}"
    )
}

/// Three or four significant digits, thousands set apart.
pub(crate) fn shown(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return "–".to_owned();
    }
    if size >= 1000.0 {
        return thousands(value.round());
    }
    let decimals = match size {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_judged_by_the_way_that_is_better() {
        let rate = Line::new("rate", "1/s", Better::More).both((5.0, 600.0)).target(Target::Times(100.0));
        assert_eq!(rate.met(), Some(true));
        let time = Line::new("p50", "ms", Better::Less).both((185.0, 3.0)).target(Target::Times(100.0));
        assert_eq!(time.met(), Some(false));
        let most = Line::new("p50", "ms", Better::Less).ours(3.0).target(Target::AtMost(4.0));
        assert_eq!((most.met(), most.ratio()), (Some(true), None));
        assert_eq!(Line::new("p50", "ms", Better::Less).target(Target::AtMost(4.0)).met(), None);
    }

    #[test]
    fn figures_are_short() {
        let texts = [0.1234, 1.0, 12.34, 123.4, 1234.0, 1_234_567.8, f64::NAN].map(shown);
        assert_eq!(texts, ["0.123", "1", "12.3", "123", "1,234", "1,234,568", "–"]);
    }
}
