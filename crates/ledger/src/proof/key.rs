//! The key that signs what leaves the machine, in a file of its own beside the ledger, and its public half in the
//! one-line form of signed notes (C2SP). Knows nothing of what is signed.

use crate::entropy::Entropy;
use crate::error::{LedgerError, Unfit};
use crate::hash::hex;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use vocabulary::BookId;
use zeroize::Zeroizing;

/// What stands before Ed25519 keys in signed notes.
const ED25519: u8 = 1;
/// How the line of a private key begins.
const PRIVATE: &str = "PRIVATE+KEY+";

/// Whose statements they are: the book's line in every one of them, and the name of its key.
pub(crate) fn origin(book: BookId) -> String {
    format!("yiben/{book}")
}

/// The file of the signing key: it lies beside the ledger.
pub(crate) fn sign_path(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".sign");
    PathBuf::from(name)
}

/// A public key with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    pub(crate) name: String,
    key: VerifyingKey,
}

impl PublicKey {
    /// Reads `name+id+base64`; the id must be that of the key.
    pub(crate) fn parse(text: &str) -> Option<PublicKey> {
        let mut parts = text.splitn(3, '+');
        let (name, id, data) = (parts.next()?, parts.next()?, parts.next()?);
        let data = STANDARD.decode(data).ok()?;
        let (kind, key) = data.split_first()?;
        if *kind != ED25519 || name.is_empty() || name.contains(char::is_whitespace) {
            return None;
        }
        let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
        let found = PublicKey {
            name: name.to_owned(),
            key,
        };
        (hex(&found.id()) == id).then_some(found)
    }

    /// By which a signature names its key.
    pub(crate) fn id(&self) -> [u8; 4] {
        let mut hash = Sha256::new();
        hash.update(self.name.as_bytes());
        hash.update(b"\n");
        hash.update(self.bytes());
        let hash = hash.finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    fn bytes(&self) -> [u8; 33] {
        let mut out = [ED25519; 33];
        out[1..].copy_from_slice(self.key.as_bytes());
        out
    }

    /// The line that is made known.
    pub(crate) fn line(&self) -> String {
        let (id, key) = (hex(&self.id()), STANDARD.encode(self.bytes()));
        format!("{}+{id}+{key}", self.name)
    }

    /// Whether the signature holds, of the ways to write one only the strict one.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = <&[u8; 64]>::try_from(signature) else {
            return false;
        };
        let signature = Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

/// The key that signs.
pub(crate) struct SignKey {
    name: String,
    key: SigningKey,
}

impl SignKey {
    /// The key in this file; `None` when there is no file.
    pub(crate) fn read(path: &Path, book: BookId) -> Result<Option<SignKey>, LedgerError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fault(path, &error)),
        };
        let unfit = |reason| LedgerError::Evidence {
            what: path.display().to_string(),
            reason,
        };
        let read = || -> Option<SignKey> {
            let line = text.strip_suffix('\n')?.strip_prefix(PRIVATE)?;
            let mut parts = line.splitn(3, '+');
            let (name, id, data) = (parts.next()?, parts.next()?, parts.next()?);
            let data = Zeroizing::new(STANDARD.decode(data).ok()?);
            let (kind, seed) = data.split_first()?;
            let found = SignKey {
                name: name.to_owned(),
                key: SigningKey::from_bytes(seed.try_into().ok()?),
            };
            (*kind == ED25519 && hex(&found.public().id()) == id).then_some(found)
        };
        let found = read().ok_or_else(|| unfit(Unfit::SignFile))?;
        if found.name != origin(book) {
            return Err(unfit(Unfit::OtherBook));
        }
        Ok(Some(found))
    }

    /// A new key in a new file: written whole under another name, synced, then named. Never over an old one.
    pub(crate) fn create(
        path: &Path,
        book: BookId,
        entropy: &mut dyn Entropy,
    ) -> Result<SignKey, LedgerError> {
        let mut seed = Zeroizing::new([0; 32]);
        entropy.fill(&mut *seed);
        let made = SignKey {
            name: origin(book),
            key: SigningKey::from_bytes(&seed),
        };
        let mut data = Zeroizing::new(vec![ED25519]);
        data.extend_from_slice(&*seed);
        let line = Zeroizing::new(format!(
            "{PRIVATE}{}+{}+{}\n",
            made.name,
            hex(&made.public().id()),
            *Zeroizing::new(STANDARD.encode(&*data))
        ));
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let write = || -> std::io::Result<()> {
            match std::fs::remove_file(&part) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt;
                options.mode(0o600);
            }
            let mut file = options.open(&part)?;
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
            // A link, unlike a new name, is refused where a key lies already.
            let linked = std::fs::hard_link(&part, path);
            std::fs::remove_file(&part)?;
            linked?;
            if cfg!(unix) {
                let folder = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty());
                std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
            }
            Ok(())
        };
        write().map_err(|error| fault(path, &error))?;
        Ok(made)
    }

    /// Its public half.
    pub(crate) fn public(&self) -> PublicKey {
        PublicKey {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// The line under a text that it signs.
    pub(crate) fn line_under(&self, text: &str) -> String {
        let mut data = self.public().id().to_vec();
        data.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("\u{2014} {} {}\n", self.name, STANDARD.encode(data))
    }
}

fn fault(path: &Path, error: &std::io::Error) -> LedgerError {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            LedgerError::ReadOnly(path.to_owned())
        }
        _ => LedgerError::File {
            path: path.to_owned(),
            reason: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, 7.1, tests 1 to 3: secret key, public key, message, signature.
    const VECTORS: [[&str; 4]; 3] = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
    ];

    fn bytes(text: &str) -> Vec<u8> {
        (0..text.len() / 2)
            .map(|i| u8::from_str_radix(&text[i * 2..i * 2 + 2], 16).expect("hex"))
            .collect()
    }

    #[test]
    fn published_signatures_hold_and_others_do_not() {
        for [secret, public, message, signature] in VECTORS {
            let seed: [u8; 32] = bytes(secret).try_into().expect("32 bytes");
            let key = SignKey {
                name: "n".to_owned(),
                key: SigningKey::from_bytes(&seed),
            };
            assert_eq!(hex(key.public().key.as_bytes()), public);
            let message = bytes(message);
            assert_eq!(hex(&key.key.sign(&message).to_bytes()), signature);
            let signature = bytes(signature);
            assert!(key.public().signed(&message, &signature));
            for bit in (0..512).step_by(11) {
                let mut other = signature.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(!key.public().signed(&message, &other), "bit {bit}");
            }
        }
    }

    #[test]
    fn a_key_is_made_once_and_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = sign_path(&folder.path().join("a.db"));
        assert!(SignKey::read(&path, 12).expect("no fault").is_none());
        let mut entropy = |bytes: &mut [u8]| bytes.fill(7);
        let made = SignKey::create(&path, 12, &mut entropy).expect("a key");
        let read = SignKey::read(&path, 12).expect("no fault").expect("a key");
        assert_eq!(made.public(), read.public());
        let line = made.public().line();
        assert_eq!(PublicKey::parse(&line), Some(made.public()));
        assert!(PublicKey::parse(&line.replace("yiben/12", "yiben/13")).is_none());
        assert!(
            SignKey::create(&path, 12, &mut entropy).is_err(),
            "never over an old key"
        );
        assert!(SignKey::read(&path, 13).is_err(), "another book's key");
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 1, "nothing half written is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path)
                .expect("a file")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
