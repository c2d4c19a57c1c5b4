//! Files in and out, and what is said on standard error.

use crate::Failure;
use crate::args::Cut;
use std::fs::{self, File};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use trajet::Source;
use trajet::diag::{Code, Diagnostic, Diagnostics, RenderOptions, Severity, render};
use trajet::estimate::{Breakdown, Estimate};
use trajet::gcode::{Dialect, RunLimits};
use trajet::job::{Job, OpenOptions, OptimizeOptions};
use trajet::machine::{self, Machine};
use trajet::operations::Operations;
use trajet::pass::Objective;
use trajet::svg::Fonts;

/// The exit code where an input could not be used or a result not written.
pub(crate) const UNUSABLE: u8 = 1;
/// The exit code where all is done, and there are findings of severity error or unsafe.
const FOUND: u8 = 3;

/// How the program ends when all is done and this is the gravest finding.
pub(crate) fn done(worst: Option<Severity>) -> ExitCode {
    if worst >= Some(Severity::Error) {
        ExitCode::from(FOUND)
    } else {
        ExitCode::SUCCESS
    }
}

/// A line for the person at the terminal.
pub(crate) fn say(text: &str) {
    // Nobody listens when this fails; the exit code still tells.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints what there is to say about `file`, with the lines of its source.
pub(crate) fn say_all(file: &Path, source: Option<&Source>, diagnostics: &Diagnostics) {
    let options = RenderOptions::default().with_color(wants_color(&std::io::stderr()));
    let text = render(&file.display().to_string(), source, diagnostics, &options);
    // Nobody listens when this fails; the exit code still tells.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Files up to this size are read once more to show the lines that are spoken of.
const SHOWN: u64 = 16 << 20;

/// The source of a file that was not held while it was read, when something is
/// said about a line of it; `None` for what cannot be read twice or is too large.
pub(crate) fn source_to_show(path: &Path, diagnostics: &Diagnostics) -> Option<Source> {
    if is_dash(path) || diagnostics.into_iter().all(|d| d.line.is_none()) {
        return None;
    }
    let meta = fs::metadata(path).ok()?;
    if !meta.is_file() || meta.len() > SHOWN {
        return None;
    }
    Some(Source::new(fs::read(path).ok()?))
}

/// Whether colours are wanted on `stream`: it is a terminal that has them, and
/// NO_COLOR (no-color.org) is not set or empty.
pub(crate) fn wants_color(stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|v| v == "dumb");
    stream.is_terminal() && !is_set("NO_COLOR") && !dumb
}

/// Whether `path` stands for standard input or output.
pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A file to be read, or standard input for `-`.
pub(crate) fn reader(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if is_dash(path) {
        return Ok(Box::new(std::io::stdin()));
    }
    if path.is_dir() {
        return Err(format!(
            "cannot read {}: it is a directory; name a file in it",
            path.display()
        ));
    }
    let file = File::open(path).map_err(|e| cannot_read(path, &e))?;
    Ok(Box::new(file))
}

/// Reads a file, or standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    rest(path, reader(path)?, Vec::new())
}

/// All bytes of the file whose first are `bytes`.
pub(crate) fn rest(path: &Path, mut read: impl Read, bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let mut bytes = bytes;
    let _ = read
        .read_to_end(&mut bytes)
        .map_err(|e| cannot_read(path, &e))?;
    Ok(bytes)
}

fn cannot_read(path: &Path, e: &std::io::Error) -> Failure {
    format!("cannot read {}: {e}", path.display())
}

/// A failure with a file: a message that begins with a place in the file goes
/// right behind its name.
pub(crate) fn at(path: &Path, e: &trajet::Error) -> Failure {
    let text = e.to_string();
    let place = text.starts_with(|c: char| c.is_ascii_digit());
    let gap = if place { ":" } else { ": " };
    format!("{}{gap}{text}", path.display())
}

/// A result that is ready, but not yet where it belongs: what can fail has been
/// tried, and no file has been touched.
pub(crate) enum Ready<'a> {
    /// Goes into a stream: standard output (`-`), a pipe or a device.
    Stream(&'a Path, &'a [u8]),
    /// Stands whole in a temporary file beside the file that it replaces.
    File(tempfile::NamedTempFile, PathBuf),
}

/// Makes a result ready for `path`.
pub(crate) fn prepare<'a>(path: &'a Path, bytes: &'a [u8]) -> Result<Ready<'a>, Failure> {
    let why = |e: std::io::Error| cannot_write(path, &e);
    if is_dash(path) {
        return Ok(Ready::Stream(path, bytes));
    }
    if path.is_dir() {
        return Err(format!(
            "cannot write {}: it is a directory; name a file in it",
            path.display()
        ));
    }
    // A pipe or a device must stay what it is: a file in its place is no result.
    if fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        return Ok(Ready::Stream(path, bytes));
    }
    // A link stays a link: the file that it names is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = folder_of(&target);
    if !folder.is_dir() {
        return Err(format!(
            "cannot write {}: there is no folder {}",
            path.display(),
            folder.display()
        ));
    }
    let mut file = tempfile::Builder::new()
        .prefix(".trajet-")
        .tempfile_in(folder)
        .map_err(why)?;
    file.write_all(bytes).map_err(why)?;
    file.as_file().sync_all().map_err(why)?;
    keep_permissions(&target, file.path()).map_err(why)?;
    Ok(Ready::File(file, target))
}

/// Puts a result where it belongs: a file is either the whole result or what it was.
pub(crate) fn finish(ready: Ready<'_>) -> Result<(), Failure> {
    let (path, bytes) = match ready {
        Ready::Stream(path, bytes) => (path, bytes),
        Ready::File(file, target) => {
            let _ = file
                .persist(&target)
                .map_err(|e| cannot_write(&target, &e.error))?;
            return Ok(());
        }
    };
    let written = if is_dash(path) {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush())
    } else {
        let stream = fs::OpenOptions::new().write(true).open(path);
        stream.and_then(|mut out| out.write_all(bytes))
    };
    match written {
        // The reader has all that it wanted (`| head`).
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done.map_err(|e| cannot_write(path, &e)),
    }
}

/// Writes one result.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    finish(prepare(path, bytes)?)
}

fn cannot_write(path: &Path, why: &std::io::Error) -> Failure {
    format!("cannot write {}: {why}", path.display())
}

/// Whether two paths name one file, which need not exist yet.
pub(crate) fn is_same(a: &Path, b: &Path) -> bool {
    let resolved = |path: &Path| {
        fs::canonicalize(path).or_else(|_| {
            let folder = fs::canonicalize(folder_of(path))?;
            Ok::<_, std::io::Error>(folder.join(path.file_name().unwrap_or_default()))
        })
    };
    a == b || matches!((resolved(a), resolved(b)), (Ok(a), Ok(b)) if a == b)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    }
}

/// A temporary file is private; the result gets what the old file had, or what
/// a new file gets.
fn keep_permissions(old: &Path, new: &Path) -> std::io::Result<()> {
    if let Ok(meta) = fs::metadata(old) {
        return fs::set_permissions(new, meta.permissions());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(new, fs::Permissions::from_mode(0o644))
    }
    #[cfg(not(unix))]
    Ok(())
}

/// The machine of that name: a preset, or a settings file as it is, with what
/// there is to say about it.
pub(crate) fn machine(name: &str) -> Result<(Machine, Diagnostics), Failure> {
    if let Some(preset) = machine::preset(name) {
        let guesses = machine::guesses(&preset);
        return Ok((preset, guesses));
    }
    let path = Path::new(name);
    if !is_dash(path) && !path.exists() {
        return Err(format!(
            "no machine {name}: it is neither a file nor a preset (`trajet machine list` has those)"
        ));
    }
    if is_dash(path) {
        return machine::read("machine", &read(path)?).map_err(|e| format!("{name}: {e}"));
    }
    machine::read_file(path).map_err(|e| format!("{name}: {e}"))
}

/// No machine was given; times are those of a preset.
const MACHINE_ASSUMED: Code = Code("machine/assumed");
/// No machine was given; times are those of the settings that stand in the program.
const MACHINE_OF_PROGRAM: Code = Code("machine/of-program");

/// The preset that stands for a machine that was not given.
const ASSUMED: &str = "diode-laser";

/// The machine of a program or drawing for which none was given: that of a slicer's
/// settings in it, or a stated assumption.
pub(crate) fn machine_of(path: &Path) -> Result<(Machine, Diagnostics), Failure> {
    let mut why_not = None;
    if is_dash(path) {
        why_not = Some("what a slicer says in a program is not read from standard input".into());
    } else if fs::metadata(path).is_ok_and(|m| m.is_file()) {
        let file = File::open(path).map_err(|e| cannot_read(path, &e))?;
        let name = path.display().to_string();
        match machine::read_program(&name, file) {
            Ok(Some((machine, guesses))) => {
                let what = format!(
                    "no machine is given; times are those of {}, as a slicer left it in the file",
                    machine.name
                );
                let mut said = Diagnostics::new();
                said.push(
                    Diagnostic::new(MACHINE_OF_PROGRAM, Severity::Note, what)
                        .with_help("the machine's own settings, given with --machine, know more"),
                );
                said.extend(guesses);
                return Ok((machine, said));
            }
            Ok(None) => {}
            Err(e) => why_not = Some(format!("a slicer's settings cannot be used: {e}")),
        }
    }
    assumed(why_not.as_deref())
}

/// Whether a machine that [`machine_of`] gives is that of a slicer, which tells too how its
/// file is to be read.
pub(crate) fn is_of_program(machine: &Machine) -> bool {
    machine.sources.get("firmware").is_some_and(|s| !s.guess)
}

/// The machine that stands for one that was not given; `why_not` is why nothing better
/// could be found.
fn assumed(why_not: Option<&str>) -> Result<(Machine, Diagnostics), Failure> {
    let (machine, guesses) = machine(ASSUMED)?;
    let mut what = format!("no machine is given; times are those of the preset {ASSUMED}");
    if let Some(why) = why_not {
        what.push_str("; ");
        what.push_str(why);
    }
    let mut said = Diagnostics::new();
    said.push(
        Diagnostic::new(MACHINE_ASSUMED, Severity::Note, what)
            .with_help("name a preset or give the machine's settings with --machine"),
    );
    said.extend(guesses);
    Ok((machine, said))
}

/// How long a job takes: a program as it is, a drawing in the order in which
/// `optimize` would write it.
pub(crate) fn estimate(path: &Path, job: &Job, machine: &Machine) -> Result<Estimate, Failure> {
    Ok(breakdown(path, job, machine)?.0)
}

/// The same with where the time goes; lines are those of the program that is written.
pub(crate) fn breakdown(
    path: &Path,
    job: &Job,
    machine: &Machine,
) -> Result<(Estimate, Breakdown), Failure> {
    let why = |e: trajet::Error| format!("{}: {e}", path.display());
    if !job.is_drawing() {
        let (source, how) = (job.source(), job.reading());
        return Ok(trajet::estimate::breakdown(source, how, machine));
    }
    let objective = Objective::Time(Box::new(machine.clone()));
    let done = job
        .optimize(&objective, &OptimizeOptions::default())
        .map_err(why)?;
    let source = Source::new(done.gcode);
    Ok(trajet::estimate::breakdown(&source, done.reading, machine))
}

/// An option for drawings was given, but the file is a program.
const ONLY_FOR_DRAWINGS: Code = Code("job/only-for-drawings");

/// What there is to say about a program where options for drawings were given.
fn only_for_drawings(cut: &Cut) -> Diagnostics {
    let mut found = Diagnostics::new();
    for name in cut.for_drawings() {
        found.push(Diagnostic::new(
            ONLY_FOR_DRAWINGS,
            Severity::Warning,
            format!("{name} is for drawings and changes nothing in a program"),
        ));
    }
    found
}

/// The table of operations that the command line gives, if it gives one.
fn operations(cut: &Cut) -> Result<Operations, Failure> {
    let mut table = Operations::default();
    if let Some(path) = &cut.operations {
        let text = String::from_utf8(read(path)?)
            .map_err(|_| format!("{}: the table is not UTF-8 text", path.display()))?;
        table = Operations::from_toml(&text).map_err(|e| at(path, &e))?;
    }
    Ok(match cut.unmapped {
        Some(choice) => table.with_unmapped(choice.into()),
        None => table,
    })
}

/// How files are read.
pub(crate) struct Reading {
    options: OpenOptions,
    /// What is said of each program.
    about_programs: Diagnostics,
}

impl Reading {
    /// With what the command line says, and the machine that it names, if any.
    pub(crate) fn new(cut: &Cut, machine: Option<&Machine>) -> Result<Self, Failure> {
        let mut options = OpenOptions::default().with_operations(operations(cut)?);
        (options.dpi, options.width, options.scale) = (cut.dpi, cut.width, cut.scale);
        if let Some(feed) = cut.feed {
            options = options.with_feed(feed / 60.0);
        }
        if let Some(power) = cut.power {
            options = options.with_power(power);
        }
        let of_machine = machine.map(|m| Dialect::of(&m.firmware));
        if let Some(dialect) = cut.dialect.unwrap_or(of_machine) {
            options = options.with_dialect(dialect);
        }
        // Nothing is opened before a drawing holds text.
        let fonts = cut
            .font_dir
            .iter()
            .fold(Fonts::system(), |fonts, folder| fonts.with_dir(folder));
        options = options.with_fonts(fonts);
        if let Some(lines) = cut.loop_limit {
            options = options.with_limits(RunLimits::default().with_lines(lines));
        }
        Ok(Self {
            options,
            about_programs: only_for_drawings(cut),
        })
    }

    /// The same where `given` is what the command line says.
    pub(crate) fn said_of(mut self, given: &Cut) -> Self {
        self.about_programs = only_for_drawings(given);
        self
    }

    /// What there is to say about a program, whatever is in it.
    pub(crate) fn about_programs(&self) -> Diagnostics {
        self.about_programs.clone()
    }

    /// How far loops of programs may go.
    pub(crate) const fn limits(&self) -> RunLimits {
        self.options.limits
    }

    /// The dialect to read programs in; `None`: what stands in them tells.
    pub(crate) const fn dialect(&self) -> Option<&'static Dialect> {
        self.options.dialect
    }

    /// The same with a tolerance, mm.
    pub(crate) fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.options = self.options.with_tolerance(tolerance);
        self
    }
}

/// Opens a G-code or SVG file.
pub(crate) fn open(
    path: &Path,
    machine: Option<&Machine>,
    reading: &Reading,
) -> Result<Job, Failure> {
    open_bytes(path, read(path)?, machine, reading)
}

/// Opens the bytes of a G-code or SVG file.
pub(crate) fn open_bytes(
    path: &Path,
    bytes: Vec<u8>,
    machine: Option<&Machine>,
    reading: &Reading,
) -> Result<Job, Failure> {
    let mut job = Job::open(bytes, machine, &reading.options).map_err(|e| at(path, &e))?;
    if !job.is_drawing() {
        job.diagnostics.extend(reading.about_programs());
    }
    Ok(job)
}
