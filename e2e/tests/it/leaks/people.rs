//! A thousand people who are nowhere else: valid ID numbers, names of rare characters, phones, bank cards, and the files
//! in which a town would write them. Refuses to know what becomes of them.

use rust_xlsxwriter::Workbook;

/// How many are planted.
pub(super) const PLANTED: usize = 1_000;

const FAMILY: [&str; 10] = ["亓", "仉", "郗", "璩", "濮", "缪", "蔺", "逄", "謇", "瞿"];
const FIRST: [&str; 10] = ["琬", "琰", "珩", "璟", "珺", "瑭", "璐", "瑄", "玥", "珈"];
const SECOND: [&str; 10] = ["霁", "霖", "霄", "雯", "霏", "霆", "雩", "雱", "霈", "霂"];

/// Somebody.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    /// Valid: a region, a day, a check digit.
    pub(super) id: String,
    pub(super) phone: String,
    /// Valid by Luhn's digit.
    pub(super) card: String,
}

/// The same people in every run.
pub(super) fn people() -> Vec<Person> {
    (0..PLANTED)
        .map(|n| {
            let name = [FAMILY[n / 100], FIRST[n / 10 % 10], SECOND[n % 10]].concat();
            let (year, month, day) = (1940 + n % 60, 1 + n % 12, 1 + n % 28);
            let body = format!("511729{year}{month:02}{day:02}{n:03}");
            Person {
                name,
                id: format!("{body}{}", check_digit(&body)),
                phone: format!("13{:09}", 917_000_000 + n * 4_801),
                card: luhn(&format!("6222021207{:08}", 31_000_000 + n * 7_919)),
            }
        })
        .collect()
}

fn check_digit(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = body.bytes().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits.zip(WEIGHTS).map(|(d, w)| d * w).sum();
    char::from(b"10X98765432"[usize::try_from(sum % 11).expect("small")])
}

fn luhn(body: &str) -> String {
    let digits = body.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, d)| {
            if at % 2 == 0 {
                d * 2 / 10 + d * 2 % 10
            } else {
                d
            }
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Whether somebody is the head of a household.
pub(super) fn is_head(n: usize) -> bool {
    n.is_multiple_of(4)
}

/// The list of residents: numbers in their columns and in remarks, some of them broken.
pub(super) fn residents(people: &[Person]) -> String {
    let mut text = String::from(
        "户编号,户主姓名,姓名,与户主关系,性别,身份证号,出生日期,民族,学历,联系电话,村（社区）,组,备注\n",
    );
    for (n, one) in people.iter().enumerate() {
        let head = &people[n / 4 * 4].name;
        let relation = if is_head(n) { "户主" } else { "子" };
        let (id, phone, card) = (&one.id, &one.phone, &one.card);
        let last = if id.ends_with('1') { '2' } else { '1' };
        let sex = if id.as_bytes()[16] % 2 == 1 {
            "男"
        } else {
            "女"
        };
        let id_cell = match n % 50 {
            // A digit wrong, one too few, a blank, a word after it, the small letter.
            7 => format!("{}{last}", &id[..17]),
            8 => id[..17].to_owned(),
            9 => format!("{} {} {}", &id[..6], &id[6..14], &id[14..]),
            10 => format!("{id}（核实）"),
            _ => id.to_lowercase(),
        };
        let birth = match n % 40 {
            3 => "2010.13".to_owned(),
            // Differs from the number: a contradiction.
            4 => "1999-09-09".to_owned(),
            _ => format!("{}-{}-{}", &id[6..10], &id[10..12], &id[12..14]),
        };
        let phone_cell = match n % 45 {
            11 => format!("{phone}8"),
            12 => format!("{} {} {}", &phone[..3], &phone[3..7], &phone[7..]),
            _ => phone.clone(),
        };
        let remark = match n % 10 {
            0 => format!("惠农卡{card}"),
            1 => format!("另一电话{phone}，在外务工"),
            2 => format!("旧表上的号{id}"),
            3 => format!("{}-{}-{}", &phone[..3], &phone[3..7], &phone[7..]),
            4 => phone.clone(),
            5 => format!("卡 {} {} {}", &card[..4], &card[4..8], &card[8..]),
            6 => format!("{phone} {id}"),
            _ => String::new(),
        };
        text.push_str(&format!(
            "0010{:05},{head},{},{relation},{sex},{id_cell},{birth},汉族,初中,{phone_cell},大石村,{},{remark}\n",
            n / 4,
            one.name,
            1 + n % 7,
        ));
    }
    text
}

/// A roster of the town's staff as a workbook: some numbers typed as numbers, which lose their last digits.
pub(super) fn staff(people: &[Person]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("机关干部职工").expect("a short name");
    sheet
        .write_string(0, 0, "机关干部职工花名册（2022年12月）")
        .expect("inside");
    let headers = [
        "所在部门",
        "姓名",
        "性别",
        "身份证号",
        "编制类别",
        "职务",
        "联系电话",
        "备注",
    ];
    for (at, header) in (0_u16..).zip(headers) {
        sheet.write_string(1, at, header).expect("inside");
    }
    for (row, one) in (2_u32..).zip(people.iter().step_by(25)) {
        let sex = if one.id.as_bytes()[16] % 2 == 1 {
            "男"
        } else {
            "女"
        };
        let cells = [
            "党政办",
            &one.name,
            sex,
            &one.id,
            "行政",
            "科员",
            &one.phone,
        ];
        for (at, text) in (0_u16..).zip(cells) {
            sheet.write_string(row, at, text).expect("inside");
        }
        if row % 4 == 0 && !one.id.ends_with('X') {
            let number: f64 = one.id.parse().expect("digits");
            sheet.write_number(row, 3, number).expect("inside");
        }
        let remark = format!("工资卡{}，{}", one.card, one.phone);
        sheet.write_string(row, 7, &remark).expect("inside");
    }
    book.save_to_buffer().expect("a workbook")
}
