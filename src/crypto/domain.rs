//! The roles in which something is signed, one type each.
//!
//! A role's namespace is part of what is signed, so a signature is valid in one role only: `sanduq-author` cannot pass
//! for `sanduq-bundle`, for us as for `ssh-keygen -Y verify -n`. The list is closed: no other folder can add a role.

use std::fmt;

/// A role in which something is signed.
pub trait Domain: sealed::Sealed + fmt::Debug + Clone + Copy + PartialEq + Eq + 'static {
    /// The SSHSIG namespace of the role.
    const NAMESPACE: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! domains {
    ($($(#[$doc:meta])* $name:ident = $namespace:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Domain for $name {
            const NAMESPACE: &'static str = $namespace;
        }
    )*};
}

domains! {
    /// The list that closes a bundle, by its one-time keys.
    Bundle = "sanduq-bundle";
    /// Who vouches for a bundle, by the contributor's keys for one organisation.
    Author = "sanduq-author";
    /// An organisation's public card, by its card key.
    Card = "sanduq-card";
    /// A claim of authorship made later, by the key that a phrase carries.
    Proof = "sanduq-proof";
    /// An organisation's answer to a contributor.
    Reply = "sanduq-reply";
    /// An entry of the chain of custody, by an officer's key.
    Event = "sanduq-event";
    /// A copy made from an original.
    Derivative = "sanduq-derivative";
}
