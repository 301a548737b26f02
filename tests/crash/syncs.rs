//! A sync that failed is never tried again (docs/spec/vault.md): after it the system may hold pages that it will not
//! write, and a second sync that succeeds would prove nothing of them. What is synced later is what was written, cut or
//! named later.

/// What changes a file or the names in a folder, and what makes it last.
pub const CALLS: &str = "write,pwrite64,ftruncate,fsync,fdatasync,openat,mkdir,mkdirat,rename,renameat,renameat2,unlink,\
                         unlinkat,rmdir,link,linkat";
/// What changes the file itself.
const WRITES: [&str; 3] = ["write", "pwrite64", "ftruncate"];

/// The path of a call's first argument, as `strace -y` shows it.
pub fn file(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once('<')?;
    rest.split_once('>').map(|(path, _)| path)
}

/// Fails the test where the file or folder whose sync failed is synced again, although nothing of it changed since.
pub fn assert_none_is_tried_again(trace: &str, at: &str) {
    let mut lines =
        trace.lines().map(|line| line.split_once(' ').map_or(line, |(_, call)| call.trim_start()));
    let Some(failed) = lines.by_ref().find(|line| line.contains("(INJECTED)")) else { return };
    let failed = file(failed).unwrap_or_else(|| panic!("{at}: which file? {failed}"));
    let mut changed = false;
    for line in lines {
        let call = line.split_once('(').map_or("", |(call, _)| call);
        let same = file(line) == Some(failed);
        if same && call.ends_with("sync") {
            return assert!(changed, "{at}: {failed} was synced again as it was:\n{trace}");
        }
        changed |= same && WRITES.contains(&call);
        changed |= !call.ends_with("sync") && line.contains(&format!("\"{failed}/"));
    }
}
