//! What a process costs, as Linux counts it: processor time, memory, and the state of the machine.

use anyhow::{Context, Result};
use std::fs;

/// `/proc/<pid>/stat` counts in these steps; Linux has told every program so since 2.6, whatever it counts in itself.
const STEP_SECONDS: f64 = 0.01;

/// Processor seconds of a process so far: all its threads, also those that have ended.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    // The name in brackets may hold spaces; behind it the fields are counted from 3.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let steps = |number: usize| fields.get(number - 3).and_then(|field| field.parse::<f64>().ok());
    let (user, system) = steps(14).zip(steps(15)).with_context(|| format!("{path} has no times"))?;
    Ok((user + system) * STEP_SECONDS)
}

/// Resident memory now and at its highest, in MB (10^6 bytes).
pub(crate) fn memory_mb(pid: u32) -> Result<(f64, f64)> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let field = |name: &str| -> Option<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kib| kib * 1024.0 / 1e6)
    };
    field("VmRSS:").zip(field("VmHWM:")).with_context(|| format!("{path} has no memory"))
}

/// One line about the machine.
pub(crate) fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("?", |(_, m)| m);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory.lines().next().and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let gib = kib.unwrap_or(0.0) / f64::from(1 << 20);
    format!("{cores} cores of {model}, {gib:.0} GiB, Linux {}", kernel.trim())
}

/// How many tasks wanted to run over the last minute; above the number of cores something else is running.
pub(crate) fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|field| field.parse().ok()).unwrap_or(0.0)
}
