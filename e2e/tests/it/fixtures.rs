//! Files to hand in: small rosters as towns write them, and files that only pretend to be workbooks.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// One row of a committee roster: village, post, name, sex, birth, education, full-time or not.
pub(crate) type Row = [&'static str; 7];

/// Two rows that nothing is wrong with, of one village.
pub(crate) const GOOD: [Row; 2] = [
    [
        "大石村",
        "党支部书记、村委会主任",
        "赵一川",
        "男",
        "1975.03",
        "大专",
        "是",
    ],
    [
        "大石村",
        "村委会副主任",
        "钱二梅",
        "女",
        "1990.11",
        "大学",
        "否",
    ],
];

/// Where `birth` of the first row stands in [`roster`].
pub(crate) const FIRST_BIRTH: &str = "F4";

/// Where the village of the first row stands in [`roster`].
pub(crate) const FIRST_VILLAGE: &str = "B4";

/// A committee roster as an office writes it: a merged title, a date line, headers with spaces inside.
pub(crate) fn roster(rows: &[Row]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("现任“两委”").expect("a short name");
    let title = "村（社区）“两委”干部花名册";
    sheet
        .merge_range(0, 0, 0, 7, title, &Format::new())
        .expect("inside the sheet");
    sheet
        .write_string(1, 0, "填报日期：2022年12月26日")
        .expect("inside the sheet");
    let headers = [
        "序　号",
        "村（社区）",
        "职　务",
        "姓　名",
        "性　别",
        "出生年月",
        "学　历",
        "是否常职",
    ];
    for (column, header) in (0_u16..).zip(headers) {
        sheet
            .write_string(2, column, header)
            .expect("inside the sheet");
    }
    for (number, row) in (0_u32..).zip(rows) {
        sheet
            .write_number(3 + number, 0, f64::from(number + 1))
            .expect("inside the sheet");
        for (column, text) in (1_u16..).zip(row) {
            sheet
                .write_string(3 + number, column, *text)
                .expect("inside the sheet");
        }
    }
    book.save_to_buffer().expect("a workbook in memory")
}

/// A workbook whose table is no register of any town.
pub(crate) fn menu() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0_u32..).zip([
        ["菜名", "价钱", "厨师"],
        ["回锅肉", "28", "老李"],
        ["豆花", "6", "老李"],
    ]) {
        for (column, text) in (0_u16..).zip(line) {
            sheet
                .write_string(row, column, text)
                .expect("inside the sheet");
        }
    }
    book.save_to_buffer().expect("a workbook in memory")
}

/// A workbook locked by a password, as Excel leaves it: a compound file with two streams.
pub(crate) fn locked() -> Vec<u8> {
    let mut file =
        cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a compound file in memory");
    for (stream, bytes) in [
        ("/EncryptionInfo", vec![4_u8, 0, 4, 0, 0x40]),
        ("/EncryptedPackage", vec![7; 8192]),
    ] {
        file.create_stream(stream)
            .and_then(|mut stream| stream.write_all(&bytes))
            .expect("a stream");
    }
    file.into_inner().into_inner()
}

/// How far the bomb opens: 768 MiB of spaces from less than 1 MiB.
const BOMB_MIB: usize = 768;

/// A workbook of half a megabyte whose one sheet opens to most of a gigabyte.
pub(crate) fn bomb() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default();
    let mut part = |name: &str, text: &[u8], times: usize| {
        zip.start_file(name, stored).expect("a part in memory");
        (0..times).for_each(|_| zip.write_all(text).expect("memory"));
    };
    part("[Content_Types].xml", br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#, 1);
    part("_rels/.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#, 1);
    part("xl/workbook.xml", br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>"#, 1);
    part("xl/_rels/workbook.xml.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#, 1);
    part("xl/worksheets/sheet1.xml", &[b' '; 1024 * 1024], BOMB_MIB);
    zip.finish().expect("memory").into_inner()
}
