//! Other people's programs against ours: what we seal they open, what they seal we open, what we sign they verify,
//! and what they sign we take. A program that is missing makes its test say `SKIPPED name: why`; `tests/run`
//! installs them all.

#[path = "foreign/age.rs"]
mod age;
#[path = "foreign/bundle.rs"]
mod bundle;
#[path = "foreign/couriers.rs"]
mod couriers;
mod house;
#[path = "foreign/lists.rs"]
mod lists;
#[path = "foreign/parity.rs"]
mod parity;
#[path = "foreign/replies.rs"]
mod replies;
#[path = "foreign/signatures.rs"]
mod signatures;
#[path = "foreign/tools.rs"]
mod tools;
