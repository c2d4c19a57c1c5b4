//! Which files a command line reads and writes: no result takes the place of what it is
//! made with, and standard input is read once.

use super::{Command, Cut, Machine};
use crate::files;
use std::path::Path;
use trajet::machine;

/// The files of a command line.
#[derive(Default)]
struct Places<'a> {
    /// What is worked on: a result may replace these.
    inputs: Vec<&'a Path>,
    /// What the results are made with, with its name.
    kept: Vec<(&'static str, &'a Path)>,
    /// Where results go.
    outputs: Vec<&'a Path>,
}

impl<'a> Places<'a> {
    /// A machine that is no preset is a file.
    fn machine(mut self, what: &'static str, name: Option<&'a String>) -> Self {
        let file = name.filter(|n| machine::preset(n).is_none());
        self.kept.extend(file.map(|n| (what, Path::new(n))));
        self
    }

    fn file(mut self, what: &'static str, path: Option<&'a Path>) -> Self {
        self.kept.extend(path.map(|p| (what, p)));
        self
    }

    fn cut(self, cut: &'a Cut) -> Self {
        self.file("the table of operations", cut.operations.as_deref())
    }

    fn of(command: &'a Command) -> Self {
        let all = |inputs: &'a [std::path::PathBuf]| Self {
            inputs: inputs.iter().map(AsRef::as_ref).collect(),
            ..Self::default()
        };
        let own = "the settings of the machine";
        match command {
            Command::Optimize(o) => {
                let mut places = Self::default().machine(own, o.machine.as_ref()).cut(&o.cut);
                places.inputs.push(&o.input);
                places.outputs.push(&o.output);
                places.outputs.extend(o.map.as_deref());
                places
            }
            Command::Estimate(e) => all(&e.inputs).machine(own, e.machine.as_ref()).cut(&e.cut),
            Command::Quote(q) => all(&q.inputs)
                .machine(own, Some(&q.machine))
                .file("the tariff", Some(&q.tariff))
                .cut(&q.cut),
            Command::Check(c) => all(&c.inputs).machine(own, c.machine.as_ref()).cut(&c.cut),
            Command::Machine(Machine::Import(i)) => {
                let mut places = Self::default().machine("the settings", Some(&i.file));
                places.outputs.push(&i.output);
                places
            }
            Command::Machine(_) => Self::default(),
            Command::PostProcess(p) => {
                let mut places = Self::default().machine(own, p.machine.as_ref()).machine(
                    "the settings of the stealth mode",
                    p.stealth_machine.as_ref(),
                );
                places.inputs.push(&p.input);
                // In place only times are written anew, and settings in the file stay.
                places.outputs.extend(p.output.as_deref());
                places
            }
            Command::Calibrate(c) => {
                let mut places = Self::default()
                    .machine(own, Some(&c.machine))
                    .file("the log", Some(&c.log));
                places.outputs.extend(c.output.as_deref());
                places
            }
        }
    }
}

/// Whether the files of a command line do not stand in each other's way.
pub(super) fn agree(command: &Command) -> Result<(), String> {
    let places = Places::of(command);
    let read = places.kept.iter().map(|(_, path)| path);
    let dashes = read.chain(&places.inputs).filter(|p| files::is_dash(p));
    if dashes.count() > 1 {
        return Err("- is named more than once; standard input can be read once".into());
    }
    let is_file = |path: &&&Path| !files::is_dash(path);
    for out in places.outputs.iter().filter(is_file) {
        for (what, path) in &places.kept {
            if !files::is_dash(path) && files::is_same(path, out) {
                return Err(format!("{what} would be replaced; name another file"));
            }
        }
    }
    Ok(())
}
