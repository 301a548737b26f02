//! A disk that remembers: ext4 on a loop device over a file that qemu exports, with every write also in a log. All of
//! it is mounted in a mount namespace of its own, so that a failed test leaves nothing behind.

// Each test binary takes what it needs of this.
#![allow(dead_code)]

use std::fs;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::house::text;

/// The programs it takes.
const TOOLS: [&str; 6] = ["qemu-storage-daemon", "losetup", "mkfs.ext4", "unshare", "nsenter", "mount"];
/// How large the log may become.
const LOG_BYTES: u64 = 2 << 30;
/// How blklogwrites begins its log.
const LOG_MAGIC: u64 = 0x006a_7366_7773_6872;
/// Everything in a log is of whole sectors.
pub const SECTOR: usize = 512;
/// In the flags of a record: all that was written before has reached the medium.
const FLUSH: u64 = 1;
/// This write itself has.
const REACHED: u64 = 2;
/// These bytes are given up; the log does not hold them.
const DISCARD: u64 = 4;

/// One thing that was asked of the disk.
pub struct Record {
    pub place: u64,
    pub bytes: Vec<u8>,
    flags: u64,
}

impl Record {
    pub fn is_flush(&self) -> bool {
        self.flags & FLUSH != 0
    }

    /// Whether no later loss of power takes this write back, whatever is flushed.
    pub fn has_reached(&self) -> bool {
        self.flags & REACHED != 0
    }
}

/// The disk, mounted or not.
pub struct Device {
    dir: PathBuf,
    namespace: Child,
    daemon: Option<String>,
    looped: Option<String>,
}

impl Device {
    /// A disk of so many bytes in the folder `dir`, formatted; or why there can be none here.
    pub fn new(dir: &Path, bytes: u64) -> Result<Device, String> {
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
        sized(&device.disk(), bytes)?;
        device.attach()?;
        device.format()?;
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

    /// What was written is in the image and in the log afterwards. It syncs this disk alone: the others may belong to
    /// tests that count on what is not synced.
    pub fn unmount(&self) -> Result<(), String> {
        let (mounted, export) = (self.mounted(), self.dir.join("export"));
        self.shell(&format!("umount '{}' && sync '{}'", text(&mounted), text(&export))).map(drop)
    }

    /// Every byte of the disk as it is now; it must not be mounted.
    pub fn image(&self) -> Vec<u8> {
        fs::read(self.disk()).expect("the disk is a file")
    }

    /// Makes the disk what an image says, with a log that is empty; it must not be attached.
    pub fn begin_from(&mut self, image: &[u8]) -> Result<(), String> {
        fs::write(self.disk(), image).map_err(|error| error.to_string())?;
        self.attach()
    }

    /// Everything that was ever written to it: where on the disk, and what.
    pub fn log(&self) -> Vec<(u64, Vec<u8>)> {
        self.records().into_iter().map(|record| (record.place, record.bytes)).collect()
    }

    /// Everything in the log so far, in the order in which it happened.
    pub fn records(&self) -> Vec<Record> {
        let log = fs::File::open(self.dir.join("log")).expect("the log is a file");
        let read = |at: u64, len: usize| -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; len];
            log.read_exact_at(&mut bytes, at).map(|()| bytes)
        };
        let mut records = Vec::new();
        let mut at = SECTOR as u64;
        while let Ok(head) = read(at, SECTOR) {
            let [sector, sectors, flags] = [0, 8, 16].map(|field| number(&head, field));
            if sectors == 0 && flags == 0 {
                break;
            }
            at += SECTOR as u64;
            let mut bytes = vec![0; sectors as usize * SECTOR];
            if flags & DISCARD == 0 {
                log.read_exact_at(&mut bytes, at).expect("the log holds what was written");
                at += bytes.len() as u64;
            }
            records.push(Record { place: sector * SECTOR as u64, bytes, flags });
        }
        assert_eq!(number(&read(0, SECTOR).expect("a log begins"), 0), LOG_MAGIC, "no log of blklogwrites");
        records
    }

    fn disk(&self) -> PathBuf {
        self.dir.join("disk")
    }

    /// All at once, so that the log tells of no later work of the system's own.
    fn format(&self) -> Result<(), String> {
        let disk = self.looped.as_deref().ok_or("no loop device")?;
        self.shell(&format!("mkfs.ext4 -q -b 4096 -E lazy_itable_init=0,lazy_journal_init=0 {disk}"))
            .map(drop)
    }

    fn attach(&mut self) -> Result<(), String> {
        let [disk, log, export, pid] = ["disk", "log", "export", "pid"].map(|name| self.dir.join(name));
        sized(&log, LOG_BYTES)?;
        sized(&export, 0)?;
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
        Ok(())
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

/// Makes a file of so many zero bytes.
fn sized(path: &Path, bytes: u64) -> Result<(), String> {
    fs::File::create(path).and_then(|file| file.set_len(bytes)).map_err(|error| error.to_string())
}

fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}
