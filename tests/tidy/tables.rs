//! The tables of docs/ARCHITECTURE.md, read as they stand. A table is found by its heading, and a cell in
//! backquotes is a name: "| `ring` | `crypto/` |" gives `ring` and `crypto/`.

/// What the plan of the house says.
pub struct Tables {
    /// Folder without its slash, and its floor.
    pub floors: Vec<(String, u8)>,
    /// Crate, and the places that may name it; none for `anywhere`.
    pub doors: Vec<(String, Option<Vec<String>>)>,
    /// Every source file that the map names, relative to `src/`.
    pub map: Vec<String>,
    /// Place, and the names it does not know.
    pub unknown: Vec<(String, Vec<String>)>,
}

impl Tables {
    pub fn read(page: &str) -> Tables {
        let floors = table(page, "## The floors")
            .into_iter()
            .map(|row| {
                let floor = row[0].trim().parse().expect("a floor is a number");
                (names(&row[1])[0].trim_end_matches('/').to_string(), floor)
            })
            .collect();
        let doors = table(page, "## The doors")
            .into_iter()
            .map(|row| {
                let places = (row[1].trim() != "anywhere").then(|| names(&row[1]));
                (names(&row[0])[0].clone(), places)
            })
            .collect();
        let unknown = table(page, "## Names a folder does not know")
            .into_iter()
            .map(|row| (names(&row[0])[0].clone(), names(&row[1])))
            .collect();
        let map = table(page, "## The map")
            .into_iter()
            .flat_map(|row| {
                let folder = names(&row[0])[0].clone();
                names(&row[1]).into_iter().map(move |name| format!("{folder}{name}.rs"))
            })
            .collect();
        Tables { floors, doors, map, unknown }
    }

    pub fn floor(&self, folder: &str) -> Option<u8> {
        self.floors.iter().find(|(name, _)| name == folder).map(|(_, floor)| *floor)
    }
}

/// The body rows of the first table under `heading`.
fn table(page: &str, heading: &str) -> Vec<Vec<String>> {
    let start = page.find(heading).unwrap_or_else(|| panic!("no heading {heading:?}"));
    let rows: Vec<Vec<String>> = page[start..]
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::to_string).collect())
        .collect();
    assert!(!rows.is_empty(), "no table under {heading:?}");
    rows
}

/// What stands in backquotes.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_string).collect()
}
