//! A disk of any size: a tmpfs in a mount namespace of its own, in which a test runs itself again.

// Each test binary takes what it needs of this.
#![allow(dead_code)]

use std::path::Path;
use std::process::Command;

/// Set for the process within the namespace.
const INSIDE: &str = "SANDUQ_TEST_FULL_DISK";
/// Runs the test `name` within a mount namespace, or says why not; true if this is the process within.
pub fn inside(name: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let able =
        |flags: &str| Command::new("unshare").args([flags, "true"]).status().is_ok_and(|s| s.success());
    let Some(flags) = ["-m", "-rm"].into_iter().find(|flags| able(flags)) else {
        let named = name.rsplit("::").next().expect("a name");
        println!("SKIPPED {named}: no mount namespaces here");
        return false;
    };
    let run = Command::new("unshare")
        .arg(flags)
        .arg(std::env::current_exe().expect("this test"))
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("unshare was just tried");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}\n{err}");
    out.lines().filter(|line| line.starts_with("MEASURED ")).for_each(|line| println!("{line}"));
    false
}

pub fn mount(options: &str, at: &Path) {
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).status();
    assert!(mounted.expect("mount").success());
}

pub fn remount(options: &str, at: &Path) {
    let mounted = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(at).status();
    assert!(mounted.expect("mount").success());
}

pub fn unmount(at: &Path) {
    assert!(Command::new("umount").arg(at).status().expect("umount").success());
}
