//! A disk that remembers: ext4 on a loop device over a file that qemu exports, with every write also in a log. All of
//! it is mounted in a mount namespace of its own, so that a failed test leaves nothing behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::house::text;

/// The programs it takes.
const TOOLS: [&str; 6] = ["qemu-storage-daemon", "losetup", "mkfs.ext4", "unshare", "nsenter", "mount"];
/// How large the disk is.
const DISK_BYTES: u64 = 96 << 20;
/// How large the log may become.
const LOG_BYTES: u64 = 2 << 30;
/// How blklogwrites begins its log.
const LOG_MAGIC: u64 = 0x006a_7366_7773_6872;
const SECTOR: usize = 512;

/// The disk, mounted or not.
pub struct Device {
    dir: PathBuf,
    namespace: Child,
    daemon: Option<String>,
    looped: Option<String>,
}

impl Device {
    /// The disk in the folder `dir`, formatted; or why there can be none here.
    pub fn new(dir: &Path) -> Result<Device, String> {
        for tool in TOOLS {
            let found = Command::new("sh").args(["-c", "command -v \"$0\"", tool]).output();
            if !found.is_ok_and(|found| found.status.success()) {
                return Err(format!("no {tool}"));
            }
        }
        let sleeper = ["--mount", "--propagation", "private", "sleep", "3600"];
        let namespace = Command::new("unshare").args(sleeper).stderr(Stdio::null()).spawn();
        let namespace = namespace.map_err(|error| error.to_string())?;
        thread::sleep(Duration::from_millis(200));
        let mut device = Device { dir: dir.to_path_buf(), namespace, daemon: None, looped: None };
        fs::create_dir_all(device.mounted()).map_err(|error| error.to_string())?;
        device.attach()?;
        Ok(device)
    }

    /// Where the disk is mounted, inside the namespace.
    pub fn mounted(&self) -> PathBuf {
        self.dir.join("mounted")
    }

    /// What a command begins with that is to see the disk.
    pub fn inside(&self) -> [String; 4] {
        ["nsenter", "-m", "-t", &self.namespace.id().to_string()].map(str::to_owned)
    }

    /// Runs a line of shell where the disk is seen, and gives what it printed.
    pub fn shell(&self, line: &str) -> Result<String, String> {
        let inside = self.inside();
        let done = Command::new(&inside[0]).args(&inside[1..]).args(["sh", "-c", line]).output();
        let done = done.map_err(|error| error.to_string())?;
        match done.status.success() {
            true => Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned()),
            false => Err(format!("{line}: {}", String::from_utf8_lossy(&done.stderr).trim())),
        }
    }

    pub fn mount(&self) -> Result<(), String> {
        let disk = self.looped.as_deref().ok_or("no loop device")?;
        self.shell(&format!("mount -t ext4 {disk} '{}'", text(&self.mounted()))).map(drop)
    }

    pub fn unmount(&self) -> Result<(), String> {
        self.shell(&format!("umount '{}' && sync", text(&self.mounted()))).map(drop)
    }

    /// Every byte of the disk as it is now; it must not be mounted.
    pub fn image(&self) -> Vec<u8> {
        fs::read(self.dir.join("disk")).expect("the disk is a file")
    }

    /// Everything that was ever written to it: where on the disk, and what.
    pub fn log(&self) -> Vec<(u64, Vec<u8>)> {
        let log = fs::read(self.dir.join("log")).expect("the log is a file");
        let number = |at: usize| u64::from_le_bytes(log[at..at + 8].try_into().expect("eight bytes"));
        assert_eq!(number(0), LOG_MAGIC, "this is no log of blklogwrites");
        let (mut at, mut writes) = (SECTOR, Vec::new());
        for _ in 0..number(16) {
            let (sector, sectors, flags) = (number(at), number(at + 8) as usize, number(at + 16));
            at += SECTOR;
            // A discard has no bytes.
            if flags & 4 == 0 {
                let bytes = sectors * SECTOR;
                writes.push((sector * SECTOR as u64, log[at..at + bytes].to_vec()));
                at += bytes;
            }
        }
        writes
    }

    fn attach(&mut self) -> Result<(), String> {
        let [disk, log, export, pid] = ["disk", "log", "export", "pid"].map(|name| self.dir.join(name));
        let sized = |path: &Path, bytes| fs::File::create(path).and_then(|file| file.set_len(bytes));
        sized(&disk, DISK_BYTES).map_err(|error| error.to_string())?;
        sized(&log, LOG_BYTES).map_err(|error| error.to_string())?;
        sized(&export, 0).map_err(|error| error.to_string())?;
        self.shell(&format!(
            "qemu-storage-daemon --blockdev driver=file,node-name=disk,filename='{}' \
             --blockdev driver=file,node-name=log,filename='{}' \
             --blockdev driver=blklogwrites,node-name=both,file=disk,log=log,log-sector-size=512 \
             --export type=fuse,id=export,node-name=both,mountpoint='{}',writable=on \
             --pidfile '{}' --daemonize",
            text(&disk),
            text(&log),
            text(&export),
            text(&pid)
        ))?;
        self.daemon = fs::read_to_string(&pid).ok().map(|pid| pid.trim().to_owned());
        self.looped = Some(self.shell(&format!("losetup -f --show '{}'", text(&export)))?);
        let disk = self.looped.as_deref().expect("set a line above");
        self.shell(&format!("mkfs.ext4 -q -b 4096 {disk}")).map(drop)
    }

    /// Lets go of the disk, so that its image and log are whole.
    pub fn detach(&mut self) {
        if let Some(looped) = self.looped.take() {
            let _ = self.shell(&format!("losetup -d {looped}"));
        }
        if let Some(daemon) = self.daemon.take() {
            let wait =
                format!("kill {daemon}; for i in $(seq 100); do kill -0 {daemon} || exit 0; sleep 0.1; done");
            let _ = self.shell(&wait);
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.unmount();
        self.detach();
        let _ = self.namespace.kill();
        let _ = self.namespace.wait();
    }
}
