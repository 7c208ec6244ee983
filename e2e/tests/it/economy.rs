//! Numbers reported again and again: the latest of the year counts, and a share of nothing is no number.

use e2e::Desk;

use crate::shared::villages;

const HEADER: &str = "2022年主要经济指标统计表\n统计期,指标,累计,上年同期,单位\n";

fn reported(rows: &str) -> Desk {
    let desk = villages();
    let file = desk.file("经济运行.csv", format!("{HEADER}{rows}").as_bytes());
    desk.import(&[&file]).done();
    desk
}

/// The value, and why there is none.
fn asked(desk: &Desk, id: &str, at: &str) -> (serde_json::Value, String) {
    let figures = desk.figures(at, "2022");
    let figure = figures.iter().find(|figure| figure["id"] == id);
    let figure = figure.unwrap_or_else(|| panic!("no figure {id}"));
    let why = figure["why_null"].as_str().unwrap_or_default().to_owned();
    (figure["value"].clone(), why)
}

#[test]
fn the_latest_report_of_the_year_counts() {
    let desk = reported(
        "2022-03-31,农业总产值,1000,900,万元\n2022-06-30,农业总产值,2000,1800,万元\n\
         2022-12-31,农业总产值,4000,3600,万元\n2022-12-31,农产品加工产值,1000,800,万元\n",
    );
    assert_eq!(asked(&desk, "industry.output", "2022-12-31").0, 4000);
    assert_eq!(asked(&desk, "industry.output", "2022-07-31").0, 2000);
    assert_eq!(asked(&desk, "industry.processed.share", "2022-12-31").0, 25);
    assert_eq!(asked(&desk, "econ.growth[output]", "2022-12-31").0, 11.1);
}

#[test]
fn a_share_of_nothing_and_a_figure_over_no_data_say_why() {
    let (value, why) = asked(&villages(), "industry.output", "2022-12-31");
    assert!(
        value.is_null() && why.contains("经济运行季度数"),
        "{value} {why}"
    );
    let desk =
        reported("2022-12-31,农业总产值,0,900,万元\n2022-12-31,农产品加工产值,1000,800,万元\n");
    assert_eq!(asked(&desk, "industry.output", "2022-12-31").0, 0);
    let (value, why) = asked(&desk, "industry.processed.share", "2022-12-31");
    assert!(value.is_null() && why.contains("除数为零"), "{value} {why}");
}
