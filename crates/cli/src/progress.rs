//! Bars on long work, on stderr and only on a terminal.

use crate::say::say;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use office::Stage;
use std::io::IsTerminal;

/// A bar that shows itself only to a person.
pub(crate) fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if std::io::stderr().is_terminal() {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
    } else {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}

/// What a backup or a restore is told to show its stages by.
pub(crate) fn stages(bar: &ProgressBar) -> impl FnMut(Stage, u64, u64) + '_ {
    let mut last = None;
    move |stage, done, of| {
        if last != Some(stage) {
            last = Some(stage);
            let word = match stage {
                Stage::Writing => "writing",
                Stage::Checking => "checking",
                Stage::Loading => "loading",
                Stage::Deriving => "deriving",
            };
            bar.set_message(say(&format!("stage.{word}"), &[]));
        }
        bar.set_length(of.max(done));
        bar.set_position(done);
    }
}
