//! The township's twenty ready rules over households at risk: one household breaks each, the others break none.

use crate::desk::Desk;
use office::AskInput;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const COLUMNS: &[&str] = &[
    "村",
    "户编号",
    "户主姓名",
    "家庭人口",
    "监测对象类别",
    "成员姓名",
    "与户主关系",
    "性别",
    "身份证号码",
    "文化程度",
    "在校生状况",
    "健康状况",
    "劳动技能",
    "务工地点",
    "务工月数",
    "参加居民医保",
    "参加职工医保",
    "低保",
    "特困",
    "致贫返贫风险",
    "自然灾害种类",
    "纳入时间",
    "帮扶措施",
    "是否消除",
    "消除时间",
    "消除方式",
    "人均纯收入",
    "合规自付支出",
    "工资性收入",
    "兜底保障户",
    "联系电话",
];

type Person = BTreeMap<&'static str, String>;

/// A household that breaks no rule: a man who works, his wife, their child at school.
struct Household {
    people: Vec<Person>,
}

/// A number with a right check digit.
fn id_number(birth: &str, sequence: usize, female: bool) -> String {
    let digits = format!("511729{birth}{sequence:02}{}", 1 + u8::from(female));
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = digits
        .bytes()
        .zip(weights)
        .map(|(digit, weight)| usize::from(digit - b'0') * weight)
        .sum();
    format!("{digits}{}", char::from(b"10X98765432"[sum % 11]))
}

impl Household {
    fn new(number: usize) -> Household {
        let people = [
            ("户主", "男", "19850703", "初中", ""),
            ("妻", "女", "19860814", "小学", ""),
            ("子", "男", "20120925", "", "小学"),
        ];
        let person = |(relation, sex, birth, education, school): (&str, &str, &str, &str, &str)| {
            let name = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
            let (ten, one) = (name[number / 10], name[number % 10]);
            let given = match relation {
                "户主" => "福",
                "妻" => "秀",
                _ => "宝",
            };
            let grown = school.is_empty();
            let told = |yes: bool, text: &str| if yes { text } else { "" }.to_owned();
            Person::from([
                ("村", "大石村".to_owned()),
                ("户编号", format!("5117{number:04}")),
                ("户主姓名", format!("{ten}{one}福")),
                ("家庭人口", "3".to_owned()),
                ("监测对象类别", "边缘易致贫户".to_owned()),
                ("成员姓名", format!("{ten}{one}{given}")),
                ("与户主关系", relation.to_owned()),
                ("性别", sex.to_owned()),
                ("身份证号码", id_number(birth, number, sex == "女")),
                ("文化程度", education.to_owned()),
                ("在校生状况", school.to_owned()),
                ("健康状况", "健康".to_owned()),
                (
                    "劳动技能",
                    if grown {
                        "普通劳动力"
                    } else {
                        "无劳动力"
                    }
                    .to_owned(),
                ),
                ("务工地点", told(relation == "户主", "达州市")),
                ("务工月数", told(relation == "户主", "10")),
                ("参加居民医保", "是".to_owned()),
                ("参加职工医保", "否".to_owned()),
                ("低保", "否".to_owned()),
                ("特困", "否".to_owned()),
                ("致贫返贫风险", "因学".to_owned()),
                ("纳入时间", "2021-03-10".to_owned()),
                ("帮扶措施", "1.教育帮扶：雨露计划（2021.03）".to_owned()),
                ("是否消除", "否".to_owned()),
                ("人均纯收入", "9000".to_owned()),
                ("合规自付支出", "120".to_owned()),
                ("工资性收入", "24000".to_owned()),
                ("兜底保障户", "否".to_owned()),
                ("联系电话", "13800001111".to_owned()),
            ])
        };
        Household {
            people: people.map(person).into(),
        }
    }

    /// Says something of the household.
    fn home(mut self, said: &[(&'static str, &str)]) -> Household {
        for person in &mut self.people {
            person.extend(
                said.iter()
                    .map(|(column, text)| (*column, (*text).to_owned())),
            );
        }
        self
    }

    /// Says something of one of its people.
    fn one(mut self, at: usize, said: &[(&'static str, &str)]) -> Household {
        self.people[at].extend(
            said.iter()
                .map(|(column, text)| (*column, (*text).to_owned())),
        );
        self
    }

    /// Leaves the first so many.
    fn only(mut self, count: usize) -> Household {
        self.people.truncate(count);
        let size = count.to_string();
        self.home(&[("家庭人口", &size)])
    }
}

const REMOVED: &[(&str, &str)] = &[
    ("是否消除", "是"),
    ("消除时间", "2022-06-01"),
    ("消除方式", "帮扶消除"),
];

/// For each rule, what a household is told to break it, and the code of the breach.
fn breaking(rule: usize, part: usize, h: Household) -> (Household, &'static str) {
    match (rule, part) {
        (1, 0) => (h.one(1, &[("身份证号码", "51172919860814001")]), "D148"),
        (1, _) => (h.one(1, &[("身份证号码", "511729198608140011")]), "D109"),
        (2, 0) => (h.one(0, &[("与户主关系", "父亲")]), "watch.heads"),
        (2, 1) => (
            h.one(
                2,
                &[("与户主关系", "妻"), ("性别", "女"), ("身份证号码", "")],
            ),
            "watch.spouses",
        ),
        (2, _) => (
            h.one(
                1,
                &[
                    ("性别", "男"),
                    ("身份证号码", &id_number("19860814", 77, false)),
                ],
            ),
            "watch.spouse.sex",
        ),
        (3, _) => (h.one(2, &[("文化程度", "小学")]), "watch.member.school"),
        (4, _) => (h.one(0, &[("务工月数", "")]), "watch.member.work"),
        (5, 0) => (h.one(1, &[("参加职工医保", "是")]), "watch.member.insured"),
        (5, _) => (
            h.one(1, &[("参加居民医保", "否")]),
            "watch.member.uninsured",
        ),
        (6, _) => (h.only(1).home(&[("联系电话", "1380000111")]), "D184"),
        (7, _) => (h.home(&[("帮扶措施", "待落实")]), "watch.measured"),
        (8, _) => (
            h.home(REMOVED).home(&[("帮扶措施", "")]),
            "watch.removed.helped",
        ),
        (9, _) => (
            h.home(REMOVED).home(&[("消除时间", "2021-04-20")]),
            "watch.removed.early",
        ),
        (10, _) => (
            h.home(REMOVED).home(&[("人均纯收入", "3000")]),
            "watch.range",
        ),
        (11, _) => (
            h.home(&[
                ("致贫返贫风险", "因病"),
                ("合规自付支出", "0"),
                ("帮扶措施", "医疗救助（2021.03）"),
            ]),
            "watch.paid",
        ),
        (12, _) => (h.home(&[("致贫返贫风险", "因病")]), "watch.fit"),
        (13, 0) => (
            h.only(2).home(&[
                ("致贫返贫风险", "缺劳动力"),
                ("帮扶措施", "公益性岗位：保洁（2021.03）"),
            ]),
            "watch.labour.risk",
        ),
        (13, _) => (
            h.only(2).home(&[
                ("致贫返贫风险", "务工就业不稳"),
                ("帮扶措施", "就业帮扶：培训（2021.03）"),
                ("健康状况", "残疾"),
                ("劳动技能", "丧失劳动力"),
            ]),
            "watch.job.risk",
        ),
        (14, _) => (
            h.home(&[
                ("致贫返贫风险", "因残"),
                ("帮扶措施", "综合保障：低保（2021.03）"),
            ])
            .one(1, &[("低保", "是")]),
            "watch.security.only",
        ),
        (15, 0) => (h.one(1, &[("低保", "是")]), "watch.security.missing"),
        (15, _) => (
            h.home(&[(
                "帮扶措施",
                "1.教育帮扶：助学（2021.03）\n2.综合保障：低保（2021.03）",
            )]),
            "watch.security.unfounded",
        ),
        (16, _) => (
            h.only(1).home(&[
                ("致贫返贫风险", "因病"),
                (
                    "帮扶措施",
                    "1.综合保障：低保（2021.03）\n2.医疗救助：报销（2021.03）",
                ),
                ("健康状况", "患有大病"),
                ("劳动技能", "丧失劳动力"),
                ("低保", "是"),
            ]),
            "watch.no_labour.unmarked",
        ),
        (17, 0) => (
            h.one(2, &[("务工地点", "广东"), ("务工月数", "3")]),
            "watch.member.student",
        ),
        (17, _) => (
            h.home(&[(
                "帮扶措施",
                "1.教育帮扶：助学（2021.03）\n2.综合保障：特困（2021.03）",
            )])
            .one(0, &[("特困", "是")]),
            "watch.member.support",
        ),
        (18, _) => (h.one(1, &[("劳动技能", "弱劳动力")]), "watch.member.able"),
        (19, _) => (
            h.home(&[
                ("致贫返贫风险", "务工就业不稳"),
                ("帮扶措施", "就业帮扶：介绍务工（2021.03）"),
                ("工资性收入", "0"),
            ]),
            "watch.wage",
        ),
        _ => (
            h.home(&[
                ("致贫返贫风险", "因自然灾害"),
                ("帮扶措施", "临时救助：救济（2021.03）"),
            ]),
            "watch.disaster",
        ),
    }
}

fn sheet(households: &[Household]) -> String {
    let mut text = format!("防返贫监测对象台账（2022年12月）\n{}\n", COLUMNS.join(","));
    for person in households.iter().flat_map(|household| &household.people) {
        let cells: Vec<String> = COLUMNS
            .iter()
            .map(|column| format!("\"{}\"", person.get(column).map_or("", String::as_str)))
            .collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

/// The codes of every finding, of the import and of the checks.
fn found(households: &[Household]) -> Vec<String> {
    let mut desk = Desk::of("township", "511729102000", "桥头镇");
    let villages = r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,
        "properties":{"名称":"大石村","代码":"511729102200","类型":"行政村"}}]}"#;
    desk.take("villages.geojson", villages);
    let report = desk.take("防返贫监测对象台账.csv", &sheet(households));
    let rows: usize = households
        .iter()
        .map(|household| household.people.len())
        .sum();
    assert_eq!(
        usize::try_from(report.files[0].sheets[0].rows).ok(),
        Some(rows)
    );
    let ask = AskInput {
        at: Some("2022-12-31".to_owned()),
        ..AskInput::default()
    };
    let report = desk.office.check(&ask).expect("checked");
    let mut codes: Vec<String> = report
        .findings
        .into_iter()
        .map(|found| found.code)
        .collect();
    codes.sort();
    codes
}

/// A household with every kind of disaster named, so that the form is one that has the column.
fn flooded(number: usize) -> Household {
    Household::new(number).home(&[
        ("致贫返贫风险", "因自然灾害"),
        ("自然灾害种类", "洪涝灾害"),
        ("帮扶措施", "临时救助：救济（2021.03）"),
    ])
}

#[test]
fn a_clean_household_breaks_no_rule() {
    assert_eq!(
        found(&[Household::new(1), flooded(2)]),
        Vec::<String>::new()
    );
}

#[test]
fn each_of_the_twenty_rules_finds_the_household_that_breaks_it() {
    let parts = |rule: usize| match rule {
        2 => 3,
        1 | 5 | 13 | 15 | 17 => 2,
        _ => 1,
    };
    let all: Vec<(usize, usize)> = (1..=20)
        .flat_map(|rule| (0..parts(rule)).map(move |part| (rule, part)))
        .collect();
    let mut households = vec![Household::new(1), flooded(2)];
    let mut expected = Vec::new();
    for (number, (rule, part)) in (3..).zip(&all) {
        let (household, code) = breaking(*rule, *part, Household::new(number));
        households.push(household);
        expected.push(code.to_owned());
    }
    // Twice in two households: said of both.
    let shared = Household::new(60).people[0]["身份证号码"].clone();
    for number in [60, 61] {
        let name = [("身份证号码", shared.as_str()), ("成员姓名", "己甲福")];
        households.push(Household::new(number).one(0, &name));
        expected.push("watch.member.once".to_owned());
    }
    expected.sort();
    let rules: BTreeSet<usize> = all.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules.len(), 20);
    assert_eq!(found(&households), expected);
}
