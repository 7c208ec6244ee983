//! What the pack language says of figures, each thing over the smallest pack that needs it.

use crate::town::{BOOK, FORD, GROUP, HILL, RIVER, Store, ask, read};
use vocabulary::{Date, Value};

/// A store for one register `award` and the figures given.
fn store(figures: &str) -> Store {
    Store::new(read(&format!(
        r#"
        [pack]
        name = "small"
        title = "小"
        version = "1"
        [[level]]
        name = "town"
        title = "乡镇"
        [[level]]
        name = "village"
        title = "村"
        [codes.kind]
        title = "类别"
        scheme = "yiben"
        version = "1"
        list = [{{ code = "old", title = "老" }}, {{ code = "new", title = "新" }}]
        [register.award]
        title = "称号"
        label = "division"
        fields.kind = {{ type = "code:kind", title = "类别" }}
        fields.named_on = {{ type = "date", title = "命名时间" }}
        fields.given_to = {{ type = "division", title = "授予" }}
        fields.money = {{ type = "money", title = "奖金" }}
        fields.land = {{ type = "area", title = "面积" }}
        {figures}
        "#
    )))
}

fn award(store: &Store, record: i64, of: i64, fields: &[(&str, Value)]) {
    store.put("award", record, of, fields);
}

#[test]
fn places_are_listed_by_name_in_the_order_of_their_codes() {
    let store = store(
        r#"
        [[figure]]
        id = "award.villages"
        title = "村"
        from = "award"
        measure = "list(division)"
        distinct = true
        [[figure]]
        id = "award.given"
        title = "授予的村"
        from = "award"
        measure = "list(given_to || '（' || title(kind) || '）')"
        order = "kind"
        "#,
    );
    store.name_place(FORD, "渡口村", 0);
    store.name_place(FORD, "渡村", 20_220_601);
    store.name_place(RIVER, "河村", 20_230_101);
    store.name_place(HILL, "山村", 0);
    for (record, of, kind, given) in [
        (1, FORD, "new", HILL),
        (2, RIVER, "old", FORD),
        (3, FORD, "old", RIVER),
        (4, BOOK, "new", 7),
    ] {
        let fields = [("kind", Value::from(kind)), ("given_to", Value::Int(given))];
        award(&store, record, of, &fields);
    }
    assert_eq!(store.value("award.villages", &ask()), "[河村,渡村]");
    assert_eq!(
        store.answer("award.villages", &ask()).unknown,
        1,
        "a place without a name"
    );
    let early = figures::Ask {
        at: Date::from_int(20_220_501),
        ..ask()
    };
    assert_eq!(
        store.value("award.villages", &early),
        "[河村,渡口村]",
        "the name borne then; before the first that is known, the first"
    );
    assert_eq!(
        store.value("award.given", &ask()),
        "[河村（老）,渡村（老）,山村（新）]"
    );
}

#[test]
fn money_and_areas_are_given_in_the_unit_of_the_figure() {
    let store = store(
        r#"
        [[figure]]
        id = "money.wan"
        title = "奖金"
        unit = "万元"
        from = "award"
        measure = "sum(money)"
        [[figure]]
        id = "money.mean"
        title = "平均奖金"
        unit = "万元/个"
        round = 2
        from = "award"
        measure = "avg(money)"
        [[figure]]
        id = "money.most"
        title = "最高奖金"
        unit = "亿元"
        from = "award"
        measure = "max(money)"
        [[figure]]
        id = "money.yuan"
        title = "奖金"
        unit = "元"
        from = "award"
        measure = "sum(money)"
        by = { of = "kind", codes = "kind" }
        [[figure]]
        id = "land.wan"
        title = "面积"
        unit = "万亩"
        from = "award"
        measure = "sum(land)"
        [[figure]]
        id = "land.hectares"
        title = "面积"
        unit = "公顷"
        round = 2
        from = "award"
        measure = "sum(land)"
        [[figure]]
        id = "land.metres"
        title = "面积"
        unit = "平方米"
        from = "award"
        measure = "min(land)"
        [[figure]]
        id = "dear"
        title = "亩均奖金"
        unit = "元"
        round = 1
        formula = "money * 10000 / (land * 10000)"
        operands = { money = "money.wan", land = "land.wan" }
        "#,
    );
    for (record, money, land) in [(1, 1_000_000_050, 100_001), (2, 401_099_950, 50_000)] {
        let fields = [("money", Value::Int(money)), ("land", Value::Int(land))];
        award(&store, record, RIVER, &fields);
    }
    for (id, value) in [
        ("money.wan", "1401.1"),
        ("money.mean", "700.55"),
        ("money.most", "0.100000005"),
        ("money.yuan", "14011000"),
        ("land.wan", "0.00150001"),
        ("land.hectares", "1"),
        ("land.metres", "3333.33"),
        ("dear", "934060.4"),
    ] {
        assert_eq!(store.value(id, &ask()), value, "{id}");
    }
    let engine = figures::Engine::new(&store.pack, &store);
    assert_eq!(engine.consistent(&ask()).expect("asked"), Vec::new());
    let id = figures::FigureId::whole("money.wan");
    let trace = engine.trace(&id, &ask()).expect("traced");
    let amounts: Vec<String> = trace
        .records
        .iter()
        .map(|record| record.amount.expect("money is known").to_string())
        .collect();
    assert_eq!(amounts, ["1000.00005", "401.09995"]);
}

#[test]
fn a_breakdown_by_a_level_may_be_of_a_field() {
    let store = store(
        r#"
        [[figure]]
        id = "given"
        title = "授予"
        unit = "个"
        from = "award"
        measure = "count"
        by = { of = "given_to", level = "village" }
        [[figure]]
        id = "kinds"
        title = "种类"
        unit = "种"
        from = "award"
        measure = "count(distinct kind)"
        by = { of = "given_to", level = "village" }
        [[figure]]
        id = "own"
        title = "所在"
        unit = "个"
        from = "award"
        measure = "count"
        by = { level = "village" }
        "#,
    );
    for (record, of, given) in [
        (1, FORD, Value::Int(RIVER)),
        (2, FORD, Value::Int(GROUP)),
        (3, RIVER, Value::Int(HILL)),
        (4, BOOK, Value::Int(BOOK)),
        (5, BOOK, Value::Null),
    ] {
        let fields = [("kind", Value::from("new")), ("given_to", given)];
        award(&store, record, of, &fields);
    }
    for (place, given, kinds, own) in [
        (RIVER, "2", "1", "1"),
        (HILL, "1", "1", "0"),
        (FORD, "0", "0", "2"),
    ] {
        for (id, value) in [("given", given), ("kinds", kinds), ("own", own)] {
            let id = format!("{id}[{place}]");
            // What a place of its own was never covered for is not known; a field's place is no question of cover.
            let found = store.value(&id, &ask());
            assert!(
                found == value || value == "0" && found == "null",
                "{id}: {found}"
            );
        }
    }
    let river = store.answer(&format!("given[{RIVER}]"), &ask());
    assert_eq!(
        (river.value.number().map(|n| n.to_string()), river.unknown),
        (Some("2".to_owned()), 1)
    );
    assert_eq!(store.value("given", &ask()), "5");
    let engine = figures::Engine::new(&store.pack, &store);
    assert_eq!(engine.consistent(&ask()).expect("asked"), Vec::new());
}

#[test]
fn an_operand_may_be_asked_in_another_period() {
    let store = store(
        r#"
        [[figure]]
        id = "money"
        title = "奖金"
        unit = "元"
        from = "award"
        measure = "sum(money)"
        time = "period"
        on = "named_on"
        [[figure]]
        id = "growth"
        title = "增幅"
        unit = "％"
        round = 1
        formula = "(now - before) * 100 / before"
        operands = { now = "money", before = { figure = "money", period = "before" } }
        [[figure]]
        id = "same.days"
        title = "上年同期"
        unit = "元"
        formula = "now"
        operands = { now = { figure = "money", period = "year_before" } }
        [[figure]]
        id = "double"
        title = "再上一期"
        unit = "％"
        formula = "now"
        operands = { now = { figure = "growth", period = "before" } }
        "#,
    );
    store.cover("award", BOOK);
    for (record, day, money) in [
        (1, 20_200_515, 10_000),
        (2, 20_210_515, 20_000),
        (3, 20_220_415, 10_000),
        (4, 20_220_900, 20_000),
        (5, 20_220_210, 500),
    ] {
        let fields = [("named_on", Value::Int(day)), ("money", Value::Int(money))];
        award(&store, record, RIVER, &fields);
    }
    let within = |text| figures::Ask {
        period: vocabulary::Period::parse(text).expect("a period"),
        ..ask()
    };
    for (id, period, value) in [
        ("growth", "2022", "52.5"),
        ("growth", "2021", "100"),
        ("double", "2022", "100"),
        ("growth", "2022Q2", "1900"),
        ("growth", "2022Q1", "null"),
        ("same.days", "2022Q2", "200"),
        ("same.days", "2022Q1", "0"),
    ] {
        assert_eq!(store.value(id, &within(period)), value, "{id} in {period}");
    }
    let engine = figures::Engine::new(&store.pack, &store);
    assert_eq!(engine.consistent(&ask()).expect("asked"), Vec::new());
    let trace = engine
        .trace(&figures::FigureId::whole("growth"), &ask())
        .expect("traced");
    assert_eq!(trace.operands[1].records.len(), 1);
    assert!(
        trace
            .definition
            .expr
            .ends_with("before = money in the period before")
    );
}
