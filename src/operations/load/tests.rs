use super::*;
use crate::operations::{CUT, ENGRAVE};

fn names(text: &str) -> Vec<String> {
    let operations = Operations::from_toml(text).unwrap();
    operations.list.into_iter().map(|o| o.name).collect()
}

#[test]
fn values_become_what_they_mean() {
    let operations =
        Operations::from_toml(include_str!("../../../examples/operations.toml")).unwrap();
    let engrave = &operations.list[0];
    assert_eq!(engrave.name, ENGRAVE);
    assert_eq!(engrave.feed, Some(50.0));
    assert_eq!(engrave.power, Some(Power::Share(0.3)));
    let hatch = engrave.fill.unwrap();
    assert!((hatch.spacing, hatch.angle, hatch.bidirectional) == (0.1, 0.0, true));
    let cut = operations.list.last().unwrap();
    assert_eq!((cut.name.as_str(), cut.passes), (CUT, 2));
    assert_eq!(operations.colors[&[255, 0, 0]], CUT);
    assert_eq!(operations.layers["Gravure"], ENGRAVE);
}

#[test]
fn an_empty_table_has_no_rules() {
    let empty = Operations::from_toml("").unwrap();
    assert_eq!(empty, Operations::new());
    let order: Vec<String> = empty.in_order().into_iter().map(|o| o.name).collect();
    assert_eq!(order, ["ignore", "engrave", "score", "cut"]);
}

#[test]
fn the_order_is_that_of_the_file_or_of_the_list() {
    let tables = "[operations.z]\npasses = 2\n[operations.a]\n[operations.m]\nskip = true\n";
    assert_eq!(names(tables), ["z", "a", "m"]);
    assert_eq!(
        names(&format!("order = ['m', 'z', 'a']\n{tables}")),
        ["m", "z", "a"]
    );
    assert_eq!(
        names("operations.z.passes = 2\noperations.a.skip = true\n"),
        ["z", "a"]
    );
    assert_eq!(
        names("[operations]\nz = { passes = 3 }\na = {}\n"),
        ["z", "a"]
    );
    let order: Vec<String> = Operations::from_toml("[operations.b]\n[operations.score]")
        .unwrap()
        .in_order()
        .into_iter()
        .map(|o| o.name)
        .collect();
    assert_eq!(order, ["ignore", "engrave", "b", "score", "cut"]);
}

#[test]
fn colours_are_those_of_css() {
    let text = "[colors]\n'#F00' = 'a'\n'rgb(0, 128, 0)' = 'a'\n'hsl(240, 100%, 50%)' = 'a'\nnavy = 'a'\n[operations.a]";
    let operations = Operations::from_toml(text).unwrap();
    let found: Vec<_> = operations.colors.into_keys().collect();
    assert_eq!(found, [[0, 0, 128], [0, 0, 255], [0, 128, 0], [255, 0, 0]]);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, place, words) in [
        ("unmapped = 'burn'", "1:12: ", "cut"),
        ("[colours]\nred = 'cut'", "1:2: ", "colors"),
        (
            "[colors]\nred = 3",
            "2:7: ",
            "text in quotes is needed here, not 3",
        ),
        (
            "[operations.cut]\nfeed_mm_min = 'fast'",
            "2:15: ",
            "a number is needed here, not the text \"fast\"",
        ),
        (
            "[operations.cut]\npasses = -1",
            "2:10: ",
            "a whole number from 0 is needed here, not -1",
        ),
        (
            "[operations.cut]\nskip = 'no'",
            "2:8: ",
            "true or false is needed here",
        ),
        (
            "[operations.cut]\nfill = 0.1",
            "2:8: ",
            "{ spacing_mm = 0.1 }",
        ),
        ("operations = 3", "1:14: ", "a table of names and values"),
        ("order = 'cut'", "1:9: ", "a list in [ ]"),
        ("[colors]\nred = 'cut", "2:", "string"),
        ("[colors]\n\nreddish = 'cut'", "3:1: ", "rgb("),
        ("[colors]\n'#ff000080' = 'cut'", "2:1: ", "opaque"),
        (
            "[colors]\nred = 'cut'\n'#f00' = 'score'",
            "2:1: ",
            "at once",
        ),
        ("[fills]\nred = 'cutt'", "2:7: ", "cut"),
        (
            "[ids]\nx = 'y'\n[operations.x]",
            "2:5: ",
            "add [operations.y]",
        ),
        ("[operations.cut]\nfeed = 3", "2:1: ", "feed_mm_min"),
        ("[operations.cut]\nfeed_mm_min = 0", "2:15: ", "above 0"),
        ("[operations.cut]\nfeed_mm_min = nan", "2:15: ", "above 0"),
        ("[operations.cut]\npower = 0", "2:9: ", "above 0"),
        (
            "[operations.cut]\npower_percent = 101",
            "2:17: ",
            "100 at most",
        ),
        (
            "[operations.cut]\npower = 1\npower_percent = 1",
            "3:17: ",
            "one of them",
        ),
        ("[operations.cut]\npasses = 0", "2:10: ", "1 to 100"),
        ("[operations.cut]\npasses = 101", "2:10: ", "1 to 100"),
        ("[operations.cut]\nmode = 'M4'", "2:8: ", "dynamic"),
        ("[operations.cut]\nfill = {}", "2:", "spacing_mm"),
        (
            "[operations.cut]\nfill = { spacing_mm = 1e-9 }",
            "2:23: ",
            "at least 0.001; give the width",
        ),
        (
            "[operations.cut]\nfill = { spacing_mm = 1, angle_deg = inf }",
            "2:38: ",
            "finite",
        ),
        ("[operations.ignore]", "1:13: ", "never run"),
        ("order = ['cut']", "1:10: ", "add [operations.cut]"),
        ("order = []\n[operations.a]", "1:9: ", "leaves out a"),
        ("order = ['a', 'a']\n[operations.a]", "1:15: ", "twice"),
    ] {
        let why = Operations::from_toml(text).unwrap_err().to_string();
        assert!(
            why.starts_with(place) && why.contains(words),
            "{text}: {why}"
        );
    }
}
