//! An invented time-stamping authority: openssl, with a root and a certificate that it made for this test.

#![allow(dead_code, reason = "each test file takes what it needs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The configuration of a small authority.
const CONFIG: &str = "\
[req]
distinguished_name = name
prompt = no
[name]
CN = Invented Root
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamps]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha1, sha256, sha512
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ordering = yes
tsa_name = yes
";

pub struct Authority(PathBuf);

impl Authority {
    /// Nothing where there is no openssl.
    pub fn found(dir: &Path) -> Option<Authority> {
        fs::create_dir_all(dir).unwrap();
        fs::write(dir.join("config"), CONFIG).unwrap();
        fs::write(dir.join("serial"), "01\n").unwrap();
        let authority = Authority(dir.to_path_buf());
        Command::new("openssl").arg("version").output().ok()?;
        let new = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config config";
        authority
            .openssl(&format!("req -x509 {new} -extensions root -days 3650 -keyout root.key -out root.pem"))
            .unwrap();
        authority
            .openssl(&format!("req {new} -subj /O=Invented/CN=Stamps -keyout tsa.key -out tsa.csr"))
            .unwrap();
        let sign =
            "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 3650 -extfile config";
        authority.openssl(&format!("{sign} -extensions stamps -out tsa.pem")).unwrap();
        Some(authority)
    }

    pub fn root(&self) -> PathBuf {
        self.0.join("root.pem")
    }

    /// Runs openssl here.
    fn openssl(&self, words: &str) -> Result<String, String> {
        let done = Command::new("openssl").args(words.split(' ')).current_dir(&self.0).output().unwrap();
        let [out, err] =
            [&done.stdout, &done.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        if done.status.success() { Ok(out) } else { Err(err) }
    }

    /// What it answers about these bytes, hashed in this way; `more` goes to the reply.
    pub fn stamp_by(&self, data: &[u8], digest: &str, more: &str) -> Vec<u8> {
        fs::write(self.0.join("data"), data).unwrap();
        self.openssl(&format!("ts -query -data data -{digest} -cert -out query")).unwrap();
        let signer = "-config config -inkey tsa.key -signer tsa.pem";
        self.openssl(&format!("ts -reply -queryfile query {signer} -out response{more}")).unwrap();
        fs::read(self.0.join("response")).unwrap()
    }

    pub fn stamp(&self, data: &[u8]) -> Vec<u8> {
        self.stamp_by(data, "sha256", "")
    }

    /// The token in an answer, by itself.
    pub fn token(&self, response: &[u8]) -> Vec<u8> {
        fs::write(self.0.join("response"), response).unwrap();
        self.openssl("ts -reply -in response -token_out -out token").unwrap();
        fs::read(self.0.join("token")).unwrap()
    }

    /// Whether openssl verifies a response over these bytes.
    pub fn verifies(&self, data: &[u8], response: &[u8]) -> bool {
        fs::write(self.0.join("data"), data).unwrap();
        fs::write(self.0.join("response"), response).unwrap();
        self.openssl("ts -verify -data data -in response -CAfile root.pem").is_ok()
    }
}
