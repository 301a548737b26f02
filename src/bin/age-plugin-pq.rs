//! `age-plugin-pq`: lets an age that has no post-quantum recipients of its own (before 1.3) seal to `age1pq1…` and
//! open what was sealed to it. age starts it by name; a person calls it for one thing, to spell an identity in the
//! way such an age hands it over:
//!
//! ```sh
//! age-plugin-pq --identity < identity > identity-for-old-age
//! age -d -i identity-for-old-age FILE
//! ```
//!
//! It is for officers, auditors and tests, and is no part of a contributor's program.

use age_core::format::{FileKey, Stanza};
use age_core::primitives::bech32_encode;
use age_plugin::identity::{self, IdentityPluginV1};
use age_plugin::recipient::{self, RecipientPluginV1};
use age_plugin::{Callbacks, PluginHandler, run_state_machine};
use bech32::Hrp;
use sanduq::crypto::Secret;
use sanduq::crypto::harden_process;
use sanduq::crypto::hybrid::{AgeIdentity, AgeRecipient, Identity, Recipient};
use std::alloc::System;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::process::ExitCode;
use zeroizing_alloc::ZeroAlloc;

/// What stands in `age1pq1…` and `AGE-PLUGIN-PQ-1…`.
const NAME: &str = "pq";
const IDENTITY_PREFIX: Hrp = Hrp::parse_unchecked("age-plugin-pq-");
/// Bytes of an identity file: a line, and room for comments.
const INPUT_BYTES_MAX: u64 = 64 * 1024;
const USAGE: &str = "usage: age-plugin-pq --identity < IDENTITY_FILE";

/// Every heap memory is wiped when it is given back, whoever held it: rows, texts, a line that was typed.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    harden_process();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [machine] if machine.starts_with("--age-plugin=") => {
            run_state_machine(machine.trim_start_matches("--age-plugin="), Plugin)
        }
        ["--identity" | "-identity"] => respell(),
        _ => Err(io::Error::other(USAGE)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("age-plugin-pq: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Identities of standard input, each in the plugin's spelling; comments as they are.
fn respell() -> io::Result<()> {
    let mut input = Secret::new(String::new());
    io::stdin().take(INPUT_BYTES_MAX).read_to_string(input.expose_mut())?;
    for line in input.expose().lines() {
        if line.is_empty() || line.starts_with('#') {
            println!("{line}");
            continue;
        }
        let identity: Identity = line.parse().map_err(io::Error::other)?;
        let mut spelled = Secret::new(bech32_encode(IDENTITY_PREFIX, identity.seed().expose()));
        spelled.expose_mut().make_ascii_uppercase();
        println!("{}", spelled.expose());
    }
    Ok(())
}

struct Plugin;

impl PluginHandler for Plugin {
    type RecipientV1 = Recipients;
    type IdentityV1 = Identities;

    fn recipient_v1(self) -> io::Result<Recipients> {
        Ok(Recipients::default())
    }

    fn identity_v1(self) -> io::Result<Identities> {
        Ok(Identities::default())
    }
}

fn identity_of(plugin: &str, bytes: &[u8]) -> Option<Identity> {
    Secret::from_slice(bytes).filter(|_| plugin == NAME).map(|seed| Identity::from_seed(&seed))
}

/// To whom a file is sealed.
#[derive(Default)]
struct Recipients(Vec<Recipient>);

impl RecipientPluginV1 for Recipients {
    fn add_recipient(&mut self, index: usize, plugin: &str, bytes: &[u8]) -> Result<(), recipient::Error> {
        let recipient = Recipient::from_bytes(bytes).ok().filter(|_| plugin == NAME);
        let message = "not a post-quantum recipient".to_string();
        self.0.push(recipient.ok_or(recipient::Error::Recipient { index, message })?);
        Ok(())
    }

    fn add_identity(&mut self, index: usize, plugin: &str, bytes: &[u8]) -> Result<(), recipient::Error> {
        let message = "not a post-quantum identity".to_string();
        let identity = identity_of(plugin, bytes).ok_or(recipient::Error::Identity { index, message })?;
        self.0.push(identity.to_recipient());
        Ok(())
    }

    /// None: an age that this plugin is for does not know labels and would refuse. So it does not refuse either to
    /// mix post-quantum recipients with others, which **never** protects more than the weakest of them.
    fn labels(&mut self) -> HashSet<String> {
        HashSet::new()
    }

    fn wrap_file_keys(
        &mut self,
        file_keys: Vec<FileKey>,
        _: impl Callbacks<recipient::Error>,
    ) -> io::Result<Result<Vec<Vec<Stanza>>, Vec<recipient::Error>>> {
        let wrap = |file_key: &FileKey| -> io::Result<Vec<Stanza>> {
            let mut stanzas = Vec::with_capacity(self.0.len());
            for recipient in &self.0 {
                stanzas.extend(recipient.wrap_file_key(file_key).map_err(io::Error::other)?.0);
            }
            Ok(stanzas)
        };
        file_keys.iter().map(wrap).collect::<io::Result<Vec<_>>>().map(Ok)
    }
}

/// Who opens a file.
#[derive(Default)]
struct Identities(Vec<Identity>);

impl Identities {
    /// The file key, or what is wrong with a stanza of our kind; nothing if no stanza is for these identities.
    fn unwrap(&self, file_index: usize, stanzas: &[Stanza]) -> Option<Result<FileKey, Vec<identity::Error>>> {
        for (stanza_index, stanza) in stanzas.iter().enumerate() {
            for identity in &self.0 {
                match identity.unwrap_stanza(stanza) {
                    None => {}
                    Some(Ok(file_key)) => return Some(Ok(file_key)),
                    Some(Err(error)) => {
                        let message = error.to_string();
                        return Some(Err(vec![identity::Error::Stanza {
                            file_index,
                            stanza_index,
                            message,
                        }]));
                    }
                }
            }
        }
        None
    }
}

impl IdentityPluginV1 for Identities {
    fn add_identity(&mut self, index: usize, plugin: &str, bytes: &[u8]) -> Result<(), identity::Error> {
        let message = "not a post-quantum identity".to_string();
        self.0.push(identity_of(plugin, bytes).ok_or(identity::Error::Identity { index, message })?);
        Ok(())
    }

    fn unwrap_file_keys(
        &mut self,
        files: Vec<Vec<Stanza>>,
        _: impl Callbacks<identity::Error>,
    ) -> io::Result<HashMap<usize, Result<FileKey, Vec<identity::Error>>>> {
        let opened = files.iter().enumerate();
        Ok(opened.filter_map(|(index, stanzas)| Some((index, self.unwrap(index, stanzas)?))).collect())
    }
}
