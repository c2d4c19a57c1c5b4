//! The command line of `trajet machine`, and what machines have buttons for.

use clap::{Args as Group, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Machine {
    /// Write a profile of a machine from its settings as they come.
    Import(Import),
    /// List the machines that are known by name.
    List(List),
    /// Show all figures of a machine, with where each comes from.
    Show(Show),
}

#[derive(Debug, Group)]
pub(crate) struct Import {
    /// A file of settings: a GRBL `$$` dump, a G-code file with a slicer's settings in it,
    /// a profile, or a preset's name; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// Where the profile goes; `-` is standard output.
    #[arg(short, long, value_name = "OUT.toml", default_value = "-")]
    pub(crate) output: PathBuf,
    /// What the machine is called [default: as in the file, else the file's name].
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Group)]
pub(crate) struct List {
    /// Report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Show {
    /// A preset's name, or a file of settings; `-` is standard input.
    #[arg(value_name = "NAME|FILE")]
    pub(crate) machine: String,
    /// Report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A share of feeds that GRBL has.
pub(super) fn feed_override(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(v) if (10.0..=200.0).contains(&v) => Ok(v),
        _ => Err("give 10 to 200, in per cent".into()),
    }
}

/// A share of rapids that GRBL has.
pub(super) fn rapid_override(text: &str) -> Result<f64, String> {
    match text {
        "100" => Ok(100.0),
        "50" => Ok(50.0),
        "25" => Ok(25.0),
        _ => Err("give 100, 50 or 25, in per cent".into()),
    }
}
