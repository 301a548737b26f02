//! Killed at a random time, and killed or failed at each of their system calls that change a file, the real programs
//! leave the state before or the state after (assurance D1, D2, D3), over every command that writes. So they do where
//! a write is cut short, and where there is no memory.
//! Whatever the fault hit, the next command just works, what a command had finished is there, no success was claimed
//! that is none, what failed said so in words, and no sync that failed was tried again.
//!
//! Each round starts from the same prepared world, on a file system in memory where there is one: SIGKILL loses
//! nothing that was written, synced or not, so only the order of writes is tried here, as often as can be.
//! `SANDUQ_KILLS` sets the number of kills for each command, and `SANDUQ_FAULTS=all` tries every sort of failure at each call.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

#[path = "crash/care.rs"]
mod care;
#[path = "crash/desk.rs"]
mod desk;
#[path = "crash/finish.rs"]
mod finish;
#[path = "crash/gone.rs"]
mod gone;
#[path = "linkable/index.rs"]
mod index;
#[path = "crash/keep.rs"]
mod keep;
#[path = "crash/keys.rs"]
mod keys;
#[path = "crash/officer.rs"]
mod officer;
#[path = "crash/send.rs"]
mod send;
#[path = "crash/syncs.rs"]
mod syncs;
#[path = "crash/tell.rs"]
mod tell;
#[path = "crash/trial.rs"]
mod trial;
