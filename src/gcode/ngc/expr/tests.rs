use super::super::extent::extent;
use super::*;
use proptest::prelude::*;

/// `#n` is n, `#<abc>` is its length, `#<no..>` is not there.
struct Table;

impl Environment for Table {
    fn numbered(&self, index: u32) -> Option<f64> {
        Some(f64::from(index))
    }

    fn named(&self, name: &[u8]) -> Option<f64> {
        (!name.starts_with(b"no")).then_some(name.len() as f64)
    }
}

fn value(text: &str) -> f64 {
    let (value, used) =
        evaluate(text.as_bytes(), &Table).unwrap_or_else(|f| panic!("{text}: {f:?}"));
    assert_eq!(Some(used), extent(text.as_bytes()), "{text}");
    value
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + b.abs())
}

#[test]
fn values() {
    for (text, expected) in [
        ("1.5", 1.5),
        ("--5", 5.0),
        ("-+5", -5.0),
        ("- 1. 5 Y2", -1.5),
        ("[2**3**2]", 64.0),
        ("[-2**2]", 4.0),
        ("[0-2**2]", -4.0),
        ("[2**-1]", 0.5),
        ("[2*-3]", -6.0),
        ("[2--3]", 5.0),
        ("[1 OR 0 AND 0]", 0.0),
        ("[1 xor 1 or 1]", 1.0),
        ("[2 GT 1 AND 3 LT 4]", 1.0),
        ("[1+2 EQ 3]", 1.0),
        ("[9+8*7/6+5-4*3**2+1]", 9.0 + 56.0 / 6.0 + 5.0 - 36.0 + 1.0),
        ("[2 - 3 * 4 / 5]", -0.4),
        ("[7 MOD 4 * 2]", 6.0),
        ("sin[30]", 0.5),
        ("s q R t [ 4 ] X", 2.0),
        ("atan[1]/[-1]", 135.0),
        ("[atan[1]/[1]/9]", 5.0),
        ("-sqrt[4]", -2.0),
        ("acos[0]", 90.0),
        ("fix[-2.8]", -3.0),
        ("fup[-2.8]", -2.0),
        ("round[-2.5]", -3.0),
        ("round[2.5]", 3.0),
        ("[1 + acos[0] - [#3 ** [4.0/2]]]", 82.0),
        ("#7", 7.0),
        ("##7", 7.0),
        ("#[1+2]", 3.0),
        ("[#1+2]", 3.0),
        ("-#5", -5.0),
        ("#+5", 5.0),
        ("# 1 2", 12.0),
        ("#[2.99995]", 3.0),
        ("#sqrt[16]", 4.0),
        ("#<abc>", 3.0),
        ("#<A B\tc d>", 4.0),
        ("#<_ini[sec]x>", 10.0),
        ("##<abc>", 3.0),
        ("exists[#<abc>]", 1.0),
        ("exists[#<nope>]", 0.0),
        ("EXISTS [ # < no > ]", 0.0),
        ("exists[#5]", 1.0),
        ("exists[#6000]", 0.0),
        ("exists[##<abc>]", 1.0),
        ("[exists[#<no>]+1]", 1.0),
    ] {
        assert!(close(value(text), expected), "{text}: {}", value(text));
    }
}

#[test]
fn faults_have_a_kind_and_a_place() {
    use FaultKind::*;
    let open = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    let infinite = "9".repeat(400);
    for (text, kind, at) in [
        ("", NoValue, 0),
        ("  ", NoValue, 0),
        ("-", NoValue, 1),
        (".", NoValue, 0),
        ("X", UnknownFunction, 0),
        ("=", NoValue, 0),
        ("#", NoValue, 1),
        ("[1", UnbalancedBracket, 0),
        ("[1+[2", UnbalancedBracket, 3),
        ("[1+", UnbalancedBracket, 0),
        ("[1;]", BadOperator, 2),
        ("[]", NoValue, 1),
        ("[1+]", NoValue, 3),
        ("[1 2 3.4.5]", BadOperator, 8),
        ("[1 (c) + 2]", BadOperator, 3),
        ("[1 eg 2]", BadOperator, 3),
        ("[sine[1]]", NoArgument, 4),
        ("foo[1]", UnknownFunction, 0),
        ("sin 30", NoArgument, 3),
        ("atan[1]", NoArgument, 7),
        ("atan[1]/2", NoArgument, 7),
        ("exists[5]", NotAParameter, 7),
        ("exists[#<a>+1]", NotAParameter, 11),
        ("exists[#1", NotAParameter, 9),
        ("#<abc", OpenName, 1),
        ("[1+#<nope>]", UnknownParameter, 3),
        ("#[1.0002]", NotAnInteger, 0),
        ("#0", NoSuchParameter, 0),
        ("#-3", NoSuchParameter, 0),
        ("#5602", NoSuchParameter, 0),
        ("##5602", NoSuchParameter, 1),
        ("[1/0]", Domain, 2),
        ("[[0-1]**0.5]", Domain, 6),
        ("[2+sqrt[-1]]", Domain, 3),
        ("ln[0]", Domain, 0),
        ("asin[2]", Domain, 0),
        ("[1 MOD 0]", Domain, 3),
        ("[0**-1]", NotFinite, 2),
        ("exp[1000]", NotFinite, 9),
        (infinite.as_str(), NotFinite, 400),
        (open.as_str(), TooDeep, DEEPEST as u32),
    ] {
        let shown: String = text.chars().take(40).collect();
        let fault = evaluate(text.as_bytes(), &Table).unwrap_err();
        assert_eq!(fault, Fault { kind, at }, "{shown}");
    }
    assert_eq!(index(5601.0), Ok(LAST_NUMBER));
    let name = format!("#<{}>", "n".repeat(300));
    assert_eq!(
        evaluate(name.as_bytes(), &Table).unwrap_err().kind,
        NameTooLong
    );
}

#[test]
fn the_limit_of_nesting_is_met_exactly() {
    let nest = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
    assert!(close(value(&nest(DEEPEST)), 1.0));
    assert_eq!(
        evaluate(nest(DEEPEST + 1).as_bytes(), &Table)
            .unwrap_err()
            .kind,
        FaultKind::TooDeep
    );
    // Signs cancel out and take no room.
    assert!(close(value(&format!("{}1", "-".repeat(100_001))), -1.0));
}

#[derive(Clone, Debug)]
enum Node {
    Number(u32),
    Parameter(u32),
    Indirect(Box<Node>),
    Name(String),
    Negative(Box<Node>),
    Function(usize, Box<Node>),
    Atan(Box<Node>, Box<Node>),
    /// A first value, and operators each with its right side.
    Chain(Box<Node>, Vec<(usize, Node)>),
}

type Unary = (&'static str, fn(f64) -> f64);
const FUNCTIONS: [Unary; 10] = [
    ("abs", f64::abs),
    ("acos", |v| v.acos().to_degrees()),
    ("asin", |v| v.asin().to_degrees()),
    ("cos", |v| v.to_radians().cos()),
    ("exp", f64::exp),
    ("fix", f64::floor),
    ("fup", f64::ceil),
    ("ln", f64::ln),
    ("sin", |v| v.to_radians().sin()),
    ("sqrt", f64::sqrt),
];

fn truth(b: bool) -> f64 {
    if b { 1.0 } else { 0.0 }
}

type Binary = (&'static str, u8, fn(f64, f64) -> f64);
const OPERATORS: [Binary; 13] = [
    ("**", 0, f64::powf),
    ("*", 1, |a, b| a * b),
    ("/", 1, |a, b| if b.abs() > 0.0 { a / b } else { f64::NAN }),
    ("mod", 1, |a, b| {
        if b.abs() > 0.0 {
            a.rem_euclid(b)
        } else {
            f64::NAN
        }
    }),
    ("+", 2, |a, b| a + b),
    ("-", 2, |a, b| a - b),
    ("eq", 3, |a, b| truth((a - b).abs() < 1e-4)),
    ("ne", 3, |a, b| truth((a - b).abs() >= 1e-4)),
    ("gt", 3, |a, b| truth(a > b)),
    ("le", 3, |a, b| truth(a - b < 1e-4)),
    ("and", 4, |a, b| truth(a.abs() > 0.0 && b.abs() > 0.0)),
    ("or", 4, |a, b| truth(a.abs() > 0.0 || b.abs() > 0.0)),
    ("xor", 4, |a, b| truth((a.abs() > 0.0) ^ (b.abs() > 0.0))),
];

impl Node {
    fn print(&self, out: &mut String) {
        match self {
            Node::Number(n) => out.push_str(&format!("{}.{}", n / 10, n % 10)),
            Node::Parameter(n) => out.push_str(&format!("#{n}")),
            Node::Indirect(inside) => {
                out.push('#');
                inside.print(out);
            }
            Node::Name(name) => out.push_str(&format!("#<{name}>")),
            Node::Negative(inside) => {
                out.push('-');
                inside.print(out);
            }
            Node::Function(f, inside) => {
                out.push_str(FUNCTIONS[*f].0);
                Node::bracket(inside, out);
            }
            Node::Atan(y, x) => {
                out.push_str("atan");
                Node::bracket(y, out);
                out.push('/');
                Node::bracket(x, out);
            }
            Node::Chain(first, rest) => {
                out.push('[');
                first.print(out);
                for (operator, right) in rest {
                    out.push_str(OPERATORS[*operator].0);
                    right.print(out);
                }
                out.push(']');
            }
        }
    }

    fn bracket(inside: &Node, out: &mut String) {
        out.push('[');
        inside.print(out);
        out.push(']');
    }

    /// The value by plain recursion; `None` where the language has none.
    fn value(&self) -> Option<f64> {
        let v = match self {
            Node::Number(n) => f64::from(*n) / 10.0,
            Node::Parameter(n) => f64::from(*n),
            Node::Indirect(inside) => {
                let v = inside.value()?;
                let i = v.round();
                ((v - i).abs() <= 1e-4 && (1.0..=5601.0).contains(&i)).then_some(i)?
            }
            Node::Name(name) => name.replace(' ', "").len() as f64,
            Node::Negative(inside) => -inside.value()?,
            Node::Function(f, inside) => FUNCTIONS[*f].1(inside.value()?),
            Node::Atan(y, x) => y.value()?.atan2(x.value()?).to_degrees(),
            Node::Chain(first, rest) => {
                let values: Option<Vec<f64>> = std::iter::once(first.as_ref())
                    .chain(rest.iter().map(|(_, right)| right))
                    .map(Node::value)
                    .collect();
                let operators: Vec<usize> = rest.iter().map(|(o, _)| *o).collect();
                chain(&values?, &operators)?
            }
        };
        v.is_finite().then_some(v)
    }
}

/// Splits at the last of the loosest operators.
fn chain(values: &[f64], operators: &[usize]) -> Option<f64> {
    let Some(loosest) = operators.iter().map(|o| OPERATORS[*o].1).max() else {
        return Some(values[0]);
    };
    let at = operators.iter().rposition(|o| OPERATORS[*o].1 == loosest)?;
    let left = chain(&values[..=at], &operators[..at])?;
    let right = chain(&values[at + 1..], &operators[at + 1..])?;
    let v = OPERATORS[operators[at]].2(left, right);
    v.is_finite().then_some(v)
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        (0_u32..200).prop_map(Node::Number),
        (1_u32..60).prop_map(Node::Parameter),
        "[a-mA-M_ ][a-z 0-9]{0,5}".prop_map(Node::Name),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed().prop_map(Node::Negative),
            boxed().prop_map(Node::Indirect),
            (0..FUNCTIONS.len(), boxed()).prop_map(|(f, n)| Node::Function(f, n)),
            (boxed(), boxed()).prop_map(|(y, x)| Node::Atan(y, x)),
            (
                boxed(),
                prop::collection::vec((0..OPERATORS.len(), inner.clone()), 0..5)
            )
                .prop_map(|(first, rest)| Node::Chain(first, rest)),
        ]
    })
}

/// Blanks and upper case where they mean nothing.
fn disguise(plain: &str, noise: &[u8]) -> String {
    let mut out = String::new();
    for (i, c) in plain.chars().enumerate() {
        let n = noise[i % noise.len()];
        if n.is_multiple_of(3) {
            out.push(' ');
        }
        out.push(if n.is_multiple_of(2) {
            c.to_ascii_uppercase()
        } else {
            c
        });
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn agrees_with_plain_recursion(node in node(), noise in prop::collection::vec(any::<u8>(), 1..9)) {
        let mut plain = String::new();
        node.print(&mut plain);
        let text = disguise(&plain, &noise);
        match (evaluate(text.as_bytes(), &Table), node.value()) {
            (Ok((value, used)), Some(expected)) => {
                prop_assert!(close(value, expected), "{text}: {value} {expected}");
                prop_assert_eq!(used, text.len());
                prop_assert_eq!(extent(text.as_bytes()), Some(used));
            }
            (Err(fault), None) => prop_assert!((fault.at as usize) <= text.len()),
            (got, expected) => prop_assert!(false, "{text}: {got:?} {expected:?}"),
        }
    }

    #[test]
    fn any_bytes_have_an_answer(text in "[-+#<>\\[\\]a-z0-9./* ;()]{0,40}") {
        let text = text.as_bytes();
        let length = extent(text);
        if let Some(n) = length {
            prop_assert!(n <= text.len());
        }
        if let Ok((value, used)) = evaluate(text, &Table) {
            prop_assert!(value.is_finite());
            prop_assert_eq!(length, Some(used));
        }
    }
}
