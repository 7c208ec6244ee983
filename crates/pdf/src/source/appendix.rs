//! 附件：数字来源: one row a figure, to which the numbers of the body lead.

use documents::report::{TraceEntry, page, wording};

use super::Writer;
use crate::fonts::Role;

impl Writer<'_> {
    pub(super) fn appendix(&mut self) {
        let say = |key: &str| wording().say(&format!("appendix.{key}"), &[]);
        self.line("#pagebreak()");
        let word = self.text(Role::First, &say("word"));
        self.line(&format!("#annex-line({word})"));
        self.line("#blank");
        let title = self.text(Role::Title, &say("title"));
        self.line(&format!("#title-line({title})"));
        self.line("#blank");
        let lead = self.inline(Role::Second, &say("lead"));
        self.line(&format!("#remark[{lead}]"));
        let mut source = format!(
            "#grid-table({}pt, (6fr, 18fr, 10fr, 35fr, 8fr, 23fr), (center + horizon, \
             center + horizon, center + horizon, left + horizon, center + horizon, \
             left + horizon), (",
            page::FINE_PT
        );
        for key in [
            "ordinal",
            "figure",
            "printed",
            "definition",
            "records",
            "place",
        ] {
            let head = self.inline(Role::First, &say(key));
            source.push_str(&format!("head-cell[{head}],"));
        }
        source.push_str("), (");
        let document = self.document;
        for (position, trace) in document.traces.iter().enumerate() {
            source.push_str(&self.row(position, trace));
        }
        source.push_str("))");
        self.line(&source);
    }

    fn row(&mut self, position: usize, trace: &TraceEntry) -> String {
        let mut definition = self.inline(Role::Body, &trace.definition);
        if !trace.operands.is_empty() {
            let lead = self.inline(Role::Body, &wording().say("appendix.operands", &[]));
            definition.push_str(&format!("#linebreak();{lead}"));
            for (i, operand) in trace.operands.iter().enumerate() {
                let before = if i == 0 { "" } else { "\u{ff1b}" };
                let text = format!("{} {}", operand.title, operand.printed);
                definition.push_str(&self.inline(Role::Body, before));
                definition.push_str(&self.link(Role::Body, &operand.figure, &text));
            }
        }
        for remark in &trace.remarks {
            let remark = self.inline(Role::Body, remark);
            definition.push_str(&format!("#linebreak();{remark}"));
        }
        let ordinal = self.inline(Role::Body, &(position + 1).to_string());
        let title = self.inline(Role::Body, &trace.title);
        let printed = self.inline(Role::Body, &format!("{}{}", trace.printed, trace.unit));
        let count = self.inline(Role::Body, &trace.total_records.to_string());
        let place = trace.records.first().map_or("", |row| row.place.as_str());
        let place = self.inline(Role::Body, place);
        format!(
            "[#metadata(none)#label(\"t{position}\");{ordinal}],[{title}],[{printed}],\
             [{definition}],[{count}],[{place}],\n"
        )
    }
}
