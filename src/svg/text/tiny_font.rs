//! A font of a few square letters, made byte by byte: tests need no installed font.

/// Units of an em.
pub(super) const UNITS: u16 = 1000;

/// Width of every letter but the blank, in those units.
pub(super) const WIDTH: u16 = 600;

type Corners = &'static [(i16, i16)];

/// Letters of the font with their outline. `-` has no height, as in fonts that are
/// drawn with one line.
const LETTERS: [(char, Corners); 6] = [
    // What stands for letters that the font has not.
    ('\0', &[(0, 0), (550, 0), (550, 900), (0, 900)]),
    (' ', &[]),
    ('-', &[(0, 300), (400, 300)]),
    ('A', &[(0, 0), (500, 0), (500, 500), (0, 500)]),
    ('B', &[(0, 0), (500, 0), (500, 700), (0, 700)]),
    ('C', &[(0, 0), (500, 0), (250, 500)]),
];

/// The bytes of a TrueType font of that family.
pub(super) fn tiny_font(family: &str) -> Vec<u8> {
    let (glyf, loca) = outlines();
    let tables: [(&[u8; 4], Vec<u8>); 9] = [
        (b"cmap", cmap()),
        (b"glyf", glyf),
        (b"head", head()),
        (
            b"hhea",
            words(&[
                1, 0, 800, 0xff38, 0, WIDTH, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 6,
            ]),
        ),
        (b"hmtx", words(&[WIDTH, 0].repeat(LETTERS.len()))),
        (b"loca", loca),
        (
            b"maxp",
            words(&[1, 0, 6, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (b"name", name(family)),
        (
            b"post",
            words(&[3, 0, 0, 0, 0xff9c, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
    ];
    let mut font = words(&[1, 0, tables.len() as u16, 128, 3, 16]);
    let mut at = font.len() + 16 * tables.len();
    for (tag, table) in &tables {
        font.extend(*tag);
        font.extend([0; 4]);
        font.extend((at as u32).to_be_bytes());
        font.extend((table.len() as u32).to_be_bytes());
        at += table.len().next_multiple_of(4);
    }
    for (_, table) in &tables {
        font.extend(table);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    font
}

fn words(list: &[u16]) -> Vec<u8> {
    list.iter().flat_map(|w| w.to_be_bytes()).collect()
}

fn outlines() -> (Vec<u8>, Vec<u8>) {
    let (mut glyf, mut loca) = (Vec::new(), words(&[0]));
    for (_, corners) in LETTERS {
        if let [first, .., last] = corners {
            let [xs, ys]: [Vec<i16>; 2] = [
                corners.iter().map(|c| c.0).collect(),
                corners.iter().map(|c| c.1).collect(),
            ];
            let bounds = [
                *xs.iter().min().unwrap(),
                *ys.iter().min().unwrap(),
                *xs.iter().max().unwrap(),
                *ys.iter().max().unwrap(),
            ];
            assert!(first != last, "contours close themselves");
            glyf.extend(words(&[1]));
            glyf.extend(bounds.iter().flat_map(|v| v.to_be_bytes()));
            glyf.extend(words(&[corners.len() as u16 - 1, 0]));
            // All points are on the curve; coordinates follow as steps of two bytes.
            glyf.extend(vec![1; corners.len()]);
            for list in [xs, ys] {
                let mut before = 0;
                for v in list {
                    glyf.extend((v - before).to_be_bytes());
                    before = v;
                }
            }
            glyf.resize(glyf.len().next_multiple_of(2), 0);
        }
        loca.extend(((glyf.len() / 2) as u16).to_be_bytes());
    }
    (glyf, loca)
}

fn head() -> Vec<u8> {
    let mut head = words(&[1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, UNITS]);
    head.extend([0; 16]);
    head.extend(words(&[0, 0, 600, 900, 0, 8, 2, 0, 0]));
    head
}

/// Format 12: ranges of characters, here of one each.
fn cmap() -> Vec<u8> {
    let letters = &LETTERS[1..];
    let size = 16 + 12 * letters.len() as u32;
    let mut cmap = words(&[0, 1, 3, 10, 0, 12, 12, 0]);
    cmap.extend(size.to_be_bytes());
    cmap.extend(0_u32.to_be_bytes());
    cmap.extend((letters.len() as u32).to_be_bytes());
    for (i, (c, _)) in letters.iter().enumerate() {
        for v in [u32::from(*c), u32::from(*c), i as u32 + 1] {
            cmap.extend(v.to_be_bytes());
        }
    }
    cmap
}

/// Family, style and PostScript name.
fn name(family: &str) -> Vec<u8> {
    let utf16 = |s: &str| -> Vec<u8> { s.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    let texts = [
        (1, utf16(family)),
        (2, utf16("Regular")),
        (6, utf16(&format!("{}-Regular", family.replace(' ', "")))),
    ];
    let mut name = words(&[0, 3, 6 + 12 * 3]);
    let mut at = 0;
    for (id, text) in &texts {
        let size = text.len() as u16;
        name.extend(words(&[3, 1, 0x409, *id, size, at]));
        at += size;
    }
    name.extend(texts.iter().flat_map(|(_, text)| text));
    name
}
