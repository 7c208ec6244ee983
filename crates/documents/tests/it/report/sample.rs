//! One report as a town hands it in, for every writer.

use documents::markdown;
use documents::report::{Block, Document, Operand, Run, Signature, TraceEntry, TraceRow};
use vocabulary::Moment;

/// Three levels of headings, a table, a list, a figure without value, and a trace for each number.
pub(super) fn sample() -> Document {
    let mut document = markdown::parse(include_str!("sample.md")).expect("the sample is sound");
    document.title = "柳溪镇2022年度机构编制和\n干部队伍运行情况汇报".into();
    document.subtitle = vec!["（统计截至2022年12月31日）".into()];
    document.signature = Some(Signature {
        unit: "柳溪镇人民政府".into(),
        date: "2023年1月5日".into(),
    });
    document.notes = vec!["联系人：党政办公室".into()];
    document.properties.author = "柳溪镇人民政府".into();
    document.properties.created = Moment::parse("2023-01-05T01:02:03Z");
    document.traces = traces(&document);
    document
}

fn traces(document: &Document) -> Vec<TraceEntry> {
    let mut traces: Vec<TraceEntry> = Vec::new();
    for run in runs(&document.blocks) {
        let Run::Number {
            text,
            figure,
            missing,
        } = run
        else {
            continue;
        };
        if traces.iter().any(|trace| &trace.figure == figure) {
            continue;
        }
        let count = if *missing {
            0
        } else {
            text.parse().unwrap_or(1204)
        };
        traces.push(entry(figure, text, count));
    }
    traces
}

fn entry(figure: &str, printed: &str, count: usize) -> TraceEntry {
    let mut entry = TraceEntry {
        figure: figure.to_owned(),
        title: format!("指标{figure}"),
        printed: printed.to_owned(),
        unit: "人".into(),
        definition: "在任人员按身份证号去重，一人多职只计一人；借调出去的不计。".into(),
        expression: "count(distinct person) where kind = 'admin' and ended is null".into(),
        total_records: count,
        ..TraceEntry::default()
    };
    for i in 0..count.min(30) {
        entry.records.push(TraceRow {
            label: format!("人员{}", i + 1),
            amount: "1".into(),
            place: format!("干部花名册.xlsx › 在职人员 › D{}", i + 4),
        });
    }
    if figure == "post.vacant" {
        entry.definition = "核定编制减去实有人员，不足零的按零计。".into();
        entry.expression = "greatest(authorised - filled, 0)".into();
        let operand = |figure: &str, title: &str, printed: &str| Operand {
            figure: figure.into(),
            title: title.into(),
            printed: printed.into(),
        };
        entry.operands = vec![
            operand("post.authorised", "核定编制", "86"),
            operand("post.filled", "实有人员", "79"),
            operand("elsewhere", "别处的数字", "1"),
        ];
        entry.remarks = vec!["另有 2 条记录编制类别不明，未计入。".into()];
    }
    entry
}

fn runs(blocks: &[Block]) -> Vec<&Run> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { runs, .. } | Block::Paragraph { runs, .. } | Block::Note { runs } => {
                all.extend(runs);
            }
            Block::List { items, .. } => all.extend(items.iter().flatten()),
            Block::Table(table) => all.extend(table.rows.iter().flatten().flatten()),
            Block::PageBreak => {}
        }
    }
    all
}
