//! stub
use crate::cli::context::Context;
use crate::ui::Trouble;
pub fn run(_context: &mut Context, _dir: Option<&std::path::Path>) -> Result<(), Trouble> {
    Ok(())
}
