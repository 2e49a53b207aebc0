//! The figures as small plots side by side: one row for each crate, a bar for its
//! bytes, and on logarithmic scales one mark for each engine's nanoseconds.

use super::{Measured, Operations, Subject, short};
use crate::html::escape;

/// Units of the view box; the book's pictures are all this wide.
const WIDTH: f64 = 640.0;
/// Where the panels begin, right of the crates' names.
const LEFT: f64 = 128.0;
const GAP: f64 = 14.0;
const TOP: f64 = 74.0;
const ROW: f64 = 26.0;

/// Fill and shape of each engine, so that colour alone tells nothing.
const MARKS: [(&str, &str); 3] = [
    ("f-accent", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0"),
    ("f-good", "M-4 -4h8v8h-8z"),
    ("f-warn", "M0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z"),
];

/// One column of the plot.
struct Panel<'a> {
    title: &'a str,
    left: f64,
    width: f64,
    scale: Scale,
}

/// How values become places.
#[derive(Clone, Copy)]
enum Scale {
    /// Kilobytes from 0: the length of a bar means something.
    Linear { high: f64 },
    /// Nanoseconds between two powers of ten.
    Log { low: f64, high: f64 },
}

impl Panel<'_> {
    fn x(&self, value: f64) -> f64 {
        let share = match self.scale {
            Scale::Linear { high } => value / high,
            Scale::Log { low, high } => (value / low).log10() / (high / low).log10(),
        };
        self.left + share.clamp(0.0, 1.0) * self.width
    }

    /// The ticks, the first and the last of which have a label.
    fn ticks(&self) -> Vec<f64> {
        match self.scale {
            Scale::Linear { high } => vec![0.0, high / 2.0, high],
            Scale::Log { low, high } => {
                let decades = (high / low).log10().round() as i32;
                (0..=decades)
                    .map(|decade| low * 10f64.powi(decade))
                    .collect()
            }
        }
    }

    fn unit(&self) -> &'static str {
        match self.scale {
            Scale::Linear { .. } => "KB",
            Scale::Log { .. } => "ns",
        }
    }
}

pub(super) fn svg(measured: &Measured, id: &str) -> String {
    let built: Vec<&Subject> = measured
        .crates
        .iter()
        .filter(|c| c.built.is_some())
        .collect();
    let height = TOP + built.len() as f64 * ROW + 34.0;
    let figures = || built.iter().filter_map(|subject| subject.built.as_ref());
    let (low, high) = decades(figures().flat_map(|f| f.runs.values().flat_map(Operations::all)));
    let largest = figures().map(|f| f.bytes).max().unwrap_or_default() as f64 / 1000.0;

    let width = (WIDTH - LEFT - 4.0 * GAP - 8.0) / 5.0;
    let mut panels = vec![Panel {
        title: "module",
        left: LEFT,
        width,
        scale: Scale::Linear {
            high: (largest / 50.0).ceil() * 50.0,
        },
    }];
    for title in Operations::NAMES {
        panels.push(Panel {
            title,
            left: LEFT + panels.len() as f64 * (width + GAP),
            width,
            scale: Scale::Log { low, high },
        });
    }

    let mut body = legend(measured);
    for panel in &panels {
        body.push_str(&frame(panel, built.len()));
    }
    for (row, subject) in built.iter().enumerate() {
        body.push_str(&marks(measured, subject, &panels, row));
    }
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">The figures of the tables above: \
         bytes of a module, and on logarithmic scales nanoseconds for {}.</desc>{body}</svg>",
        escape(&measured.title),
        Operations::NAMES.join(", "),
    )
}

/// The powers of ten around all values.
fn decades(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, 0.0), |(low, high), value| {
        (value.min(low), value.max(high))
    });
    let low = 10f64.powf(low.log10().floor());
    (low, 10f64.powf(high.log10().ceil()).max(low * 10.0))
}

fn legend(measured: &Measured) -> String {
    let mut drawn = String::new();
    for (index, engine) in measured.engines.values().enumerate() {
        let x = 16.0 + index as f64 * 150.0;
        drawn.push_str(&mark(index, x, 18.0));
        drawn.push_str(&text("t-small", x + 14.0, 22.0, "", &escape(short(engine))));
    }
    drawn
}

fn frame(panel: &Panel<'_>, rows: usize) -> String {
    let bottom = TOP + rows as f64 * ROW;
    let (left, right) = (panel.left, panel.left + panel.width);
    let mut drawn = text("t-label", left, TOP - 20.0, "", panel.title);
    drawn.push_str(&line("s-muted", (left, bottom), (right, bottom)));
    let ticks = panel.ticks();
    for &tick in &ticks {
        let x = panel.x(tick);
        drawn.push_str(&line("s-muted axis-grid", (x, TOP - 10.0), (x, bottom)));
    }
    if let [first, .., last] = ticks[..] {
        let low = format!("{} {}", few(first), panel.unit());
        let y = bottom + 20.0;
        drawn.push_str(&text("t-small", panel.x(first), y, "start", &low));
        drawn.push_str(&text("t-small", panel.x(last), y, "end", &few(last)));
    }
    drawn
}

/// A round number in few characters.
fn few(value: f64) -> String {
    match value {
        v if v >= 1e6 => format!("{:.0}M", v / 1e6),
        v if v >= 1e3 => format!("{:.0}k", v / 1e3),
        v if v == 0.0 || v >= 1.0 => format!("{v:.0}"),
        v => format!("{v:.1}"),
    }
}

fn marks(measured: &Measured, subject: &Subject, panels: &[Panel<'_>], row: usize) -> String {
    let y = TOP + (row as f64 + 0.5) * ROW;
    let mut drawn = text(
        "t-small",
        LEFT - 10.0,
        y + 4.0,
        "end",
        &escape(&subject.name),
    );
    let Some(figures) = &subject.built else {
        return drawn;
    };
    let [module, operations @ ..] = panels else {
        return drawn;
    };
    let bytes = module.x(figures.bytes as f64 / 1000.0);
    drawn.push_str(&line("s-accent", (module.left, y), (bytes, y)));
    drawn.push_str(&line("s-accent", (bytes, y - 6.0), (bytes, y + 6.0)));
    for (index, engine) in measured.engines.keys().enumerate() {
        let Some(run) = figures.runs.get(engine) else {
            continue;
        };
        for (panel, ns) in operations.iter().zip(run.all()) {
            drawn.push_str(&mark(index, panel.x(ns), y));
        }
    }
    drawn
}

fn mark(engine: usize, x: f64, y: f64) -> String {
    let (class, shape) = MARKS[engine % MARKS.len()];
    format!("<path class=\"{class}\" d=\"{shape}\" transform=\"translate({x:.1} {y:.1})\"/>")
}

fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> String {
    format!(
        "<line class=\"{class}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
        from.0, from.1, to.0, to.1
    )
}

fn text(class: &str, x: f64, y: f64, anchor: &str, words: &str) -> String {
    let anchor = match anchor {
        "" => String::new(),
        anchor => format!(" text-anchor=\"{anchor}\""),
    };
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\"{anchor}>{words}</text>")
}
