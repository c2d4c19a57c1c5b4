//! The command line.

mod machine;
mod places;

use crate::files;
use clap::error::ErrorKind;
use clap::{Args as Group, CommandFactory, Parser, Subcommand, ValueEnum};
pub(crate) use machine::{Import, List, Machine, Show};
use machine::{feed_override, rapid_override};
use std::path::PathBuf;
use trajet::diag::codes;
use trajet::gcode::Dialect;
use trajet::job::{Before, LEAST_TOLERANCE};
use trajet::operations;
use trajet::pass::{self, Pipeline};

/// Shorter laser, mill and plotter jobs, with their true duration and price.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Exit codes: 0 done; 1 an input could not be used or a result not written; \
                  2 wrong command line; 3 done, and something in an input is unsafe or an error."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a job that burns the same with less travel.
    Optimize(Optimize),
    /// Say how long jobs take.
    Estimate(Estimate),
    /// Say what jobs cost.
    Quote(Quote),
    /// Say what is wrong with files before they run.
    Check(Check),
    /// Settings of machines: bring them in from a file, list those known by name, show one.
    #[command(subcommand)]
    Machine(Machine),
    /// Put the true times into a slicer's file: M73 and the slicer's own comments.
    PostProcess(PostProcess),
    /// Fit a machine to a log of jobs and how long they took.
    Calibrate(Calibrate),
}

/// What a file does not say.
#[derive(Clone, Debug, Group)]
pub(crate) struct Cut {
    /// What colours, layers, classes and ids of drawings mean [default: red is cut, blue
    /// scored, black engraved].
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) operations: Option<PathBuf>,
    /// What is done with colours of drawings that have no operation [default: the table's, else cut].
    #[arg(long, value_enum)]
    pub(crate) unmapped: Option<Unmapped>,
    /// Feed for operations of drawings that give none, mm/min.
    #[arg(long, allow_negative_numbers = true, value_name = "MM_PER_MIN", value_parser = positive)]
    pub(crate) feed: Option<f64>,
    /// S value for operations of drawings that give none [default: the machine's greatest].
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = positive)]
    pub(crate) power: Option<f64>,
    /// Pixels of drawings to the inch [default: those of the program that wrote it, else 96].
    #[arg(long, allow_negative_numbers = true, value_name = "N", value_parser = positive)]
    pub(crate) dpi: Option<f64>,
    /// Width of the page of drawings as it is to be, mm.
    #[arg(long, allow_negative_numbers = true, value_name = "MM", value_parser = positive, conflicts_with = "scale")]
    pub(crate) width: Option<f64>,
    /// What the lengths of drawings are multiplied by.
    #[arg(long, allow_negative_numbers = true, value_name = "FACTOR", value_parser = positive)]
    pub(crate) scale: Option<f64>,
    /// Whose G-code it is: grbl, grblhal, marlin, klipper, smoothieware,
    /// reprapfirmware, linuxcnc, fanuc, haas, or auto [default: the machine's, else auto].
    #[arg(long, value_name = "NAME", value_parser = dialect)]
    pub(crate) dialect: Option<Choice>,
    /// Lines that loops and subroutines of a program may run [default: 10000000].
    #[arg(long, value_name = "LINES")]
    pub(crate) loop_limit: Option<u64>,
    /// A folder of fonts for text in drawings, beside those of the system; may be given
    /// again.
    #[arg(long, value_name = "DIR", value_parser = folder)]
    pub(crate) font_dir: Vec<PathBuf>,
}

impl Cut {
    /// The options that were given and are for drawings only.
    pub(crate) fn for_drawings(&self) -> Vec<&'static str> {
        [
            ("--operations", self.operations.is_some()),
            ("--unmapped", self.unmapped.is_some()),
            ("--feed", self.feed.is_some()),
            ("--power", self.power.is_some()),
            ("--dpi", self.dpi.is_some()),
            ("--width", self.width.is_some()),
            ("--scale", self.scale.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unmapped {
    /// They are cut, before the operation cut.
    Cut,
    /// They are left out.
    Skip,
    /// Nothing is made of the drawing.
    Error,
}

impl From<Unmapped> for operations::Unmapped {
    fn from(choice: Unmapped) -> Self {
        match choice {
            Unmapped::Cut => Self::Cut,
            Unmapped::Skip => Self::Skip,
            Unmapped::Error => Self::Error,
        }
    }
}

/// A dialect, or whatever stands in the file.
pub(crate) type Choice = Option<&'static Dialect>;

/// The dialect of that name.
fn dialect(name: &str) -> Result<Choice, String> {
    if name == "auto" {
        return Ok(None);
    }
    Dialect::by_name(name).map(Some).ok_or_else(|| {
        let names: Vec<&str> = Dialect::all().iter().map(|d| d.name).collect();
        format!("give auto or one of {}", names.join(", "))
    })
}

#[derive(Debug, Group)]
pub(crate) struct Optimize {
    /// G-code or SVG file; `-` is standard input.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    /// Where the G-code goes; `-` is standard output.
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    pub(crate) output: PathBuf,
    /// A preset's name, a trajet TOML profile, or settings as they come.
    #[arg(long, value_name = "M")]
    pub(crate) machine: Option<String>,
    /// What is made small [default: time with --machine, else travel].
    #[arg(long, value_enum)]
    pub(crate) objective: Option<Objective>,
    /// How far any burned point may move, mm.
    #[arg(long, allow_negative_numbers = true, value_name = "MM", default_value_t = 0.01, value_parser = tolerance)]
    pub(crate) tolerance: f64,
    /// Where random choices begin.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// How hard to search for the order, counted in tries and not in time.
    #[arg(long, value_enum, default_value = "normal")]
    pub(crate) effort: Effort,
    /// Stop searching after so many seconds, with the best order until then; what comes
    /// out then depends on the machine.
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = positive)]
    pub(crate) time_budget: Option<f64>,
    /// What is done where lines lie on each other: auto takes them out of drawings only;
    /// partial leaves paths that are burned again as a whole, which are passes.
    #[arg(long, value_enum, value_name = "WHAT", default_value = "none")]
    pub(crate) remove_overlaps: Overlaps,
    /// How near a line must lie to another one to be burned by it, mm.
    #[arg(long, allow_negative_numbers = true, value_name = "MM", default_value_t = 0.02, value_parser = positive)]
    pub(crate) overlap_distance: f64,
    /// Cut paths where others of the same operation meet them, so that nets of lines are
    /// drawn in fewer trails; kept only where it makes the job shorter.
    #[arg(long, value_enum, value_name = "WHERE", default_value = "none")]
    pub(crate) split: Split,
    /// What is done with engraving rasters: keep leaves their rows alone; order cuts them
    /// into islands, orders these, and skips white where that is faster.
    #[arg(long, value_enum, value_name = "WHAT", default_value = "keep")]
    pub(crate) rasters: Rasters,
    /// Make arcs of runs of short lines, within the tolerance; kept only where the job takes
    /// no longer with them.
    #[arg(long)]
    pub(crate) fit_arcs: bool,
    /// Make helices, too, of lines on one slope, where arcs are fitted.
    #[arg(long)]
    pub(crate) helices: bool,
    /// Leave out points of runs of lines, within the tolerance; kept only where the job takes
    /// no longer without them.
    #[arg(long)]
    pub(crate) simplify: bool,
    /// Run these passes only: inside-first, dedupe, split, reorder, merge, arc-fit, simplify.
    /// Naming dedupe means programs too, as --remove-overlaps partial does; naming split
    /// means ends.
    #[arg(long, value_name = "PASS", value_delimiter = ',', value_parser = pass)]
    pub(crate) only: Vec<String>,
    /// Do not run these passes; without inside-first, outlines may be cut before what is
    /// in them.
    #[arg(long, value_name = "PASS", value_delimiter = ',', value_parser = pass, conflicts_with = "only")]
    pub(crate) skip: Vec<String>,
    /// Finish each part before the next begins: a part is an outermost closed contour with
    /// all that lies inside it.
    #[arg(long)]
    pub(crate) group_parts: bool,
    /// Burn each closed path in one go; without, another that touches it is burned on the
    /// way, without a lift.
    #[arg(long)]
    pub(crate) whole_outlines: bool,
    /// Paths that come before others, each side by #id, .class or the name of a layer of a
    /// drawing, or by lines of a program, such as 12 or 12-40; may be given again.
    #[arg(long, value_name = "FIRST=THEN")]
    pub(crate) before: Vec<Before>,
    /// Let what lies near a path cool so many seconds before it begins, as far as another
    /// order can do it; no dwell is put in.
    #[arg(long, allow_negative_numbers = true, value_name = "SECONDS", value_parser = positive)]
    pub(crate) cool: Option<f64>,
    /// How near a path must lie to another one to be heated by it, mm.
    #[arg(long, allow_negative_numbers = true, value_name = "MM", default_value_t = pass::Cool::DISTANCE, value_parser = positive, requires = "cool")]
    pub(crate) cool_distance: f64,
    /// In which order the passes of an operation are burned: all passes of a path at once,
    /// all paths of a pass at once, or as the source has them.
    #[arg(long, value_enum, value_name = "ORDER", default_value = "source")]
    pub(crate) passes: Passes,
    /// Threads; 0 is one per core. The result does not depend on it.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=1024))]
    pub(crate) threads: u16,
    /// Start closed paths anywhere on their lines and arcs, not at corners only: less
    /// travel, but the mark where the beam starts is seen more. Takes two to three times
    /// as long.
    #[arg(long)]
    pub(crate) start_anywhere: bool,
    /// Say also how far the travel is from the least that any order can have, by a lower
    /// bound that is proved; takes up to a minute for 20,000 paths.
    #[arg(long)]
    pub(crate) bound: bool,
    /// Draw the job before and after into this SVG file.
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) map: Option<PathBuf>,
    /// Report as JSON: on standard output, or on standard error when the G-code goes there.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) cut: Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Objective {
    /// Time of rapids on the machine.
    Time,
    /// Length of travel.
    Travel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Effort {
    /// A kick a path.
    Fast,
    /// Ten kicks a path.
    Normal,
    /// A hundred kicks a path.
    Best,
}

impl From<Effort> for pass::Effort {
    fn from(effort: Effort) -> Self {
        match effort {
            Effort::Fast => Self::Fast,
            Effort::Normal => Self::Normal,
            Effort::Best => Self::Best,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rasters {
    /// Rows keep their order and are run as they are.
    Keep,
    /// Islands are ordered, and white is skipped.
    Order,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Overlaps {
    /// All in drawings, none in programs.
    Auto,
    /// They are burned as often as they are there.
    None,
    /// Parts of paths are burned once; no path goes altogether.
    Partial,
    /// All is burned once.
    All,
}

impl From<Overlaps> for trajet::pass::Overlaps {
    fn from(what: Overlaps) -> Self {
        match what {
            Overlaps::Auto => Self::Auto,
            Overlaps::None => Self::Keep,
            Overlaps::Partial => Self::Partial,
            Overlaps::All => Self::All,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Passes {
    /// As in the source; pass after pass for drawings.
    Source,
    /// All passes of a path, then the next path.
    Path,
    /// All paths of a pass, then the next pass.
    Layer,
}

impl From<Passes> for pass::PassOrder {
    fn from(order: Passes) -> Self {
        match order {
            Passes::Source => Self::Source,
            Passes::Path => Self::Path,
            Passes::Layer => Self::Layer,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Split {
    /// Nowhere.
    None,
    /// Where an end lies on another path: T-junctions.
    Ends,
    /// Where they cross, too.
    Crossings,
}

impl From<Split> for Option<pass::Meeting> {
    fn from(place: Split) -> Self {
        match place {
            Split::None => None,
            Split::Ends => Some(pass::Meeting::Ends),
            Split::Crossings => Some(pass::Meeting::Crossings),
        }
    }
}

#[derive(Debug, Group)]
pub(crate) struct Estimate {
    /// G-code or SVG files; `-` is standard input.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) inputs: Vec<PathBuf>,
    /// A preset's name, a trajet TOML profile, or settings as they come [default: what a
    /// slicer says in the file, else diode-laser].
    #[arg(long, value_name = "M")]
    pub(crate) machine: Option<String>,
    /// Share of the programmed feeds that is run, 10 to 200 % [default: the machine's, 100].
    #[arg(long, allow_negative_numbers = true, value_name = "PERCENT", value_parser = feed_override)]
    pub(crate) feed_override: Option<f64>,
    /// Share of the speed of rapids that is run on GRBL, 100, 50 or 25 % [default: the
    /// machine's, 100].
    #[arg(long, allow_negative_numbers = true, value_name = "PERCENT", value_parser = rapid_override)]
    pub(crate) rapid_override: Option<f64>,
    /// Say also where the time goes: by kind, operation, layer, lines and speed, and the
    /// slowest spots.
    #[arg(long)]
    pub(crate) top: bool,
    /// Report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) cut: Cut,
}

#[derive(Debug, Group)]
#[command(
    after_help = "A slicer's post-processing hook: it calls the program with the file as the last \
                  argument. The file is replaced as a whole, or stays as it was.\n\
                  Exit codes: 0 done, whatever there is to say about the file; 1 the file could \
                  not be used or written; 2 wrong command line."
)]
pub(crate) struct PostProcess {
    /// The slicer's G-code; `-` is standard input, and the result goes to standard output.
    #[arg(value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// Where the result goes instead; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// The printer: a preset's name or a settings file [default: the slicer's settings in
    /// the file].
    #[arg(long, value_name = "M")]
    pub(crate) machine: Option<String>,
    /// The printer in its stealth mode, for Q and S of M73; without it these are left alone.
    #[arg(long, value_name = "M")]
    pub(crate) stealth_machine: Option<String>,
    /// Put M73 into a file that has none, wherever the percent or the minutes change.
    #[arg(long)]
    pub(crate) add_progress: bool,
    /// Say what would be done, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Whose G-code it is: marlin, klipper, reprapfirmware and so on, or auto [default: the
    /// machine's].
    #[arg(long, value_name = "NAME", value_parser = dialect)]
    pub(crate) dialect: Option<Choice>,
}

#[derive(Debug, Group)]
pub(crate) struct Calibrate {
    /// A table of G-code files and measured seconds, a line each, with `;` or `,` between
    /// them; files are named from where the log is.
    #[arg(value_name = "LOG.csv")]
    pub(crate) log: PathBuf,
    /// The machine as it is known: a preset's name or a settings file.
    #[arg(long, value_name = "M")]
    pub(crate) machine: String,
    /// Where the fitted machine goes, as a profile; `-` is standard output.
    #[arg(short, long, value_name = "machine.toml")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct Quote {
    /// G-code or SVG files; `-` is standard input.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) inputs: Vec<PathBuf>,
    /// A preset's name, a trajet TOML profile, or settings as they come.
    #[arg(long, value_name = "M")]
    pub(crate) machine: String,
    /// The tariff.
    #[arg(long, value_name = "T.toml")]
    pub(crate) tariff: PathBuf,
    /// A material of the tariff.
    #[arg(long, value_name = "NAME")]
    pub(crate) material: Option<String>,
    /// How many times the jobs are made.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) quantity: u32,
    /// A customer group of the tariff.
    #[arg(long, value_name = "GROUP")]
    pub(crate) customer: Option<String>,
    /// Language of the quote.
    #[arg(long, value_enum, default_value = "en")]
    pub(crate) lang: Lang,
    /// Form of the quote.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) cut: Cut,
}

#[derive(Debug, Group)]
#[command(
    after_help = "Exit codes: 0 nothing above a warning; 1 an input could not be read; \
                  2 wrong command line; 3 findings of severity error or unsafe.\n\
                  Findings go to standard output, in colour on a terminal unless NO_COLOR is set."
)]
pub(crate) struct Check {
    /// G-code or SVG files; `-` is standard input.
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub(crate) inputs: Vec<PathBuf>,
    /// A preset's name, a trajet TOML profile, or settings as they come: the machine's bed,
    /// speeds and power are checked too.
    #[arg(long, value_name = "M")]
    pub(crate) machine: Option<String>,
    /// Report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Language of titles and explanations.
    #[arg(long, value_enum, default_value = "en")]
    pub(crate) lang: Lang,
    /// Explain a code, for example check/outside-bed, and do nothing else.
    #[arg(long, value_name = "CODE", value_parser = code, conflicts_with = "inputs")]
    pub(crate) explain: Option<codes::Entry>,
    #[command(flatten)]
    pub(crate) cut: Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

impl From<Lang> for trajet::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Fr => Self::Fr,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// Schema `trajet.quote/1`.
    Json,
    /// One row a line.
    Csv,
    /// A page to print.
    Html,
}

/// The command line of this run. Where its parts contradict each other, the
/// program ends as for any other wrong command line.
pub(crate) fn parse() -> Args {
    let args = Args::parse();
    let agreed = places::agree(&args.command).and_then(|()| match &args.command {
        Command::Optimize(o) => results_agree(o).map_err(String::from),
        _ => Ok(()),
    });
    if let Err(why) = agreed {
        Args::command()
            .error(ErrorKind::ArgumentConflict, why)
            .exit();
    }
    args
}

/// Each result has a place of its own, and a map does not replace the job.
fn results_agree(o: &Optimize) -> Result<(), &'static str> {
    let Some(map) = &o.map else { return Ok(()) };
    if files::is_same(map, &o.output) {
        Err("--map and --output name the same place; one would replace the other")
    } else if files::is_dash(map) && o.json {
        Err("--map and --json cannot both go to standard output; give --map a file")
    } else if !files::is_dash(map) && files::is_same(map, &o.input) {
        Err("--map would replace the input; name another file")
    } else {
        Ok(())
    }
}

/// A tolerance that the library takes.
fn tolerance(text: &str) -> Result<f64, String> {
    match positive(text)? {
        v if v >= LEAST_TOLERANCE => Ok(v),
        _ => Err(format!("give at least {LEAST_TOLERANCE} mm")),
    }
}

/// The name of a pass.
fn pass(name: &str) -> Result<String, String> {
    let standard = Pipeline::standard(LEAST_TOLERANCE).map_err(|e| e.to_string())?;
    let all = standard
        .with_split(pass::Split::default())
        .with(pass::ArcFit::default())
        .with(pass::Simplify::default());
    match all.only(&[name]) {
        Ok(_) => Ok(name.into()),
        Err(e) => Err(e.to_string()),
    }
}

/// A folder that can be looked into.
fn folder(text: &str) -> Result<PathBuf, String> {
    match std::fs::read_dir(text) {
        Ok(_) => Ok(text.into()),
        Err(e) => Err(format!("the folder cannot be read: {e}")),
    }
}

/// A finite number above 0.
fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(v) if v.is_finite() && v > 0.0 => Ok(v),
        _ => Err("give a number above 0".into()),
    }
}

/// A code that trajet has.
fn code(text: &str) -> Result<codes::Entry, String> {
    codes::find(text).ok_or_else(|| {
        let family = text.split_once('/').map_or(text, |(f, _)| f);
        let of_family = |c: &str| c.split_once('/').is_some_and(|(f, _)| f == family);
        let mut near: Vec<_> = codes::all().map(|e| e.code).collect();
        if near.iter().any(|c| of_family(c)) {
            near.retain(|c| of_family(c));
        }
        format!("there is no such code; there are {}", near.join(", "))
    })
}
