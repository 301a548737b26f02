//! The store in trouble: what failed or was cut off never was, and what was changed from outside is noticed.

use super::*;

#[test]
fn a_dropped_change_never_was() {
    let (dir, mut store) = fresh();
    let kept = add(&mut store, 1, &pattern(100_000, 1), Pool::Items);
    let (packs, journal) = (pack_files(&dir), fs::read(dir.path().join("journal")).unwrap());
    for _ in 0..2 {
        let mut change = store.begin().unwrap();
        put(&mut change, 1, &pattern(2 << 20, 2), Pool::Items);
        put(&mut change, 2, &pattern(10, 3), Pool::Items);
        put(&mut change, 3, &pattern(2 << 20, 4), Pool::Outbox);
        change.remove_object(&kept.object).unwrap();
        change.index_text(1, "word").unwrap();
        assert_eq!(change.count::<Note>().unwrap(), 3);
        drop(change);
        assert_eq!(store.count::<Note>().unwrap(), 1);
        assert_eq!(pack_files(&dir), packs);
        assert_eq!(fs::read(dir.path().join("journal")).unwrap(), journal);
        assert!(store.search("word").unwrap().is_empty());
    }
    assert_eq!(read(&store, &kept.object), pattern(100_000, 1));
    add(&mut store, 4, b"goes on", Pool::Items);
}

#[test]
fn an_object_that_was_not_finished_never_was() {
    let (dir, mut store) = fresh();
    let mut change = store.begin().unwrap();
    let mut writer = change.create_object(Pool::Outbox).unwrap();
    writer.write_all(&pattern(5 << 20, 1)).unwrap();
    drop(writer);
    let stored = put(&mut change, 1, &pattern(100_000, 2), Pool::Items);
    change.commit().unwrap();
    assert_eq!(pack_files(&dir).len(), 1);
    assert_eq!(read(&reopen_after(store, &dir), &stored.object), pattern(100_000, 2));
}

#[test]
fn a_source_that_fails_leaves_nothing() {
    struct Breaks(u32);
    impl Read for Breaks {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.0 -= 1;
            if self.0 == 0 { Err(io::Error::other("the stick was pulled")) } else { Ok(buf.len()) }
        }
    }
    let (dir, mut store) = fresh();
    let mut change = store.begin().unwrap();
    let failed = change.put_file(&mut Breaks(20), Pool::Items, &mut |_| {});
    assert!(matches!(failed, Err(StoreError::Source(_))));
    put(&mut change, 1, b"the next one", Pool::Items);
    change.commit().unwrap();
    assert!(pack_files(&dir).is_empty());
}

#[test]
fn the_journal_alone_makes_the_same_index() {
    let (dir, mut store) = fresh();
    for number in 0..20 {
        add(&mut store, number, &pattern(10_000 * number as usize, number), Pool::Items);
        let mut change = store.begin().unwrap();
        change.index_text(number, &format!("note number {number}")).unwrap();
        if number % 3 == 0 {
            let note: Note = change.get(&number.to_be_bytes()).unwrap().unwrap();
            change.remove_object(&note.object).unwrap();
            change.delete::<Note>(&note.key()).unwrap();
        }
        change.commit().unwrap();
    }
    let rebuilt = Index::create(&dir.path().join("rebuilt"), &key(1)).unwrap();
    let path = dir.path().join("journal");
    let mut journal = Journal::open(&path, &key(1), Extent::EMPTY).unwrap();
    take_in(&rebuilt, &mut journal).unwrap();
    assert_eq!(rebuilt.journal_extent().unwrap(), store.index.journal_extent().unwrap());
    for kind in ["note", "store.object", "store.inline", "store.digest", "store.pack", SEARCH_KIND] {
        let rows = |index: &Index| {
            let mut rows = Vec::new();
            let mut take = |bytes: &[u8]| {
                rows.push(bytes.to_vec());
                Ok(())
            };
            index.each(kind, &[], &mut take).unwrap();
            rows
        };
        assert_eq!(rows(&rebuilt), rows(&store.index), "{kind}");
    }
    for query in ["number", "number 7", "17", "1"] {
        let mut found = Vec::new();
        let take = |number| {
            found.push(number);
            Ok::<_, StoreError>(())
        };
        rebuilt.search(query, None, u64::MAX, take).unwrap();
        assert_eq!(found, store.search(query).unwrap());
    }
}

#[test]
fn a_change_of_many_blocks_counts_only_when_whole() {
    let (dir, mut store) = fresh();
    let mut change = store.begin().unwrap();
    for number in 0..800 {
        put(&mut change, number, &pattern(INLINE_BYTES_MAX, number), Pool::Items);
    }
    change.commit().unwrap();
    let blocks = store.index.journal_extent().unwrap().blocks;
    assert!(blocks > 2, "{blocks}");
    drop(store);
    let whole = fs::read(dir.path().join("journal")).unwrap();
    let rebuilt = |len: usize| {
        let dir = folder();
        let path = dir.path().join("journal");
        files::write_new(&path, &whole[..len]).unwrap();
        let index = Index::create(&dir.path().join("index"), &key(1)).unwrap();
        let mut journal = Journal::open(&path, &key(1), Extent::EMPTY).unwrap();
        take_in(&index, &mut journal).unwrap();
        journal.cut_torn().unwrap();
        (index.count("note").unwrap(), fs::metadata(&path).unwrap().len())
    };
    assert_eq!(rebuilt(whole.len()), (800, whole.len() as u64));
    for cut in [1, 5, 1000, 1_100_000, whole.len() - 17] {
        assert_eq!(rebuilt(whole.len() - cut), (0, Extent::EMPTY.len()), "{cut}");
    }
}

/// Killed as SQLite had made its rollback journal and not yet written to it: the empty file lay there for every
/// command that only read, and was on no list.
#[test]
fn a_rollback_journal_of_nothing_is_gone_after_the_next_opening() {
    for remains in [&[][..], &[0; 512]] {
        let (dir, store) = fresh();
        drop(store);
        let path = dir.path().join("index-journal");
        std::fs::write(&path, remains).unwrap();
        drop(Store::open(dir.path(), &key(1)).unwrap());
        assert!(!path.exists(), "{} bytes", remains.len());
    }
}

#[test]
fn what_is_not_ours_or_damaged_is_an_error_and_never_a_fresh_vault() {
    let (dir, mut store) = fresh();
    add(&mut store, 1, b"testimony", Pool::Items);
    drop(store);
    let part =
        |part| move |e: StoreError| matches!(e, StoreError::Damaged { part: found, .. } if found == part);
    let open = || Store::open(dir.path(), &key(1)).map(drop).unwrap_err();
    let wrong_key = Store::open(dir.path(), &key(2)).map(drop).unwrap_err();
    assert!(part(Part::Index)(wrong_key));
    for (name, damaged) in [("index", Part::Index), ("journal", Part::Journal)] {
        let path = dir.path().join(name);
        let good = fs::read(&path).unwrap();
        for bad in
            [&b""[..], &good[..good.len() / 2], &good[..good.len() - 1], b"sanduq-journal/2\n", &[0; 9000]]
        {
            // A whole page less is noticed only where the missing page is read.
            fs::write(&path, bad).unwrap();
            let opened = Store::open(dir.path(), &key(1)).and_then(|store| store.check());
            assert!(part(damaged)(opened.unwrap_err()), "{name} {}", bad.len());
            if name == "index" && bad.is_empty() {
                assert_eq!(fs::metadata(&path).unwrap().len(), 0);
            }
        }
        fs::remove_file(&path).unwrap();
        assert!(part(damaged)(open()), "{name}");
        assert!(!path.exists());
        fs::write(&path, good).unwrap();
    }
    assert_eq!(reopen(&dir).count::<Note>().unwrap(), 1);
    fs::remove_dir_all(dir.path().join("packs")).unwrap();
    assert!(part(Part::Pack)(open()));
}

#[test]
fn every_changed_byte_of_a_pack_is_noticed() {
    let (dir, mut store) = fresh();
    let stored = add(&mut store, 1, &pattern(70_000, 1), Pool::Items);
    let path = dir.path().join("packs").join(&pack_files(&dir)[0].0);
    let good = fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(997).chain([good.len() - 1]) {
        let mut bad = good.clone();
        bad[at] ^= 0x40;
        fs::write(&path, &bad).unwrap();
        assert_eq!(store.check().unwrap(), [stored.object], "byte {at}");
    }
    for len in [0, 1, 1000, good.len() - 1] {
        fs::write(&path, &good[..len]).unwrap();
        assert_eq!(store.check().unwrap(), [stored.object], "{len} bytes");
    }
    fs::remove_file(&path).unwrap();
    assert!(store.open_object(&stored.object).unwrap().read(&mut [0; 10]).is_err());
    fs::write(&path, &good).unwrap();
    assert!(store.check().unwrap().is_empty());
}

#[test]
fn when_the_medium_is_full_the_old_state_stays_and_room_is_enough_to_go_on() {
    let dir = folder();
    let packs = Arc::new(Memory::default());
    let mut store = Store::create_with(dir.path(), &key(1), packs.clone()).unwrap();
    let kept = add(&mut store, 1, &pattern(100_000, 1), Pool::Items);
    for room in (0..2_200_000).step_by(300_000) {
        packs.set_room(Some(room));
        let mut change = store.begin().unwrap();
        let failed = change.put_file(&mut &pattern(3 << 20, 2)[..], Pool::Items, &mut |_| {});
        assert!(matches!(failed, Err(StoreError::NoSpace { .. })));
        drop(change);
        assert_eq!(read(&store, &kept.object), pattern(100_000, 1));
    }
    packs.set_room(None);
    let stored = add(&mut store, 2, &pattern(3 << 20, 2), Pool::Items);
    assert!(stored.fresh && store.check().unwrap().is_empty());
}

/// A stick fails while a change is taken back: the journal still holds the change, but its packs were removed, and at
/// the next opening the change became true without its bytes.
#[test]
fn packs_stay_when_the_journal_cannot_be_cut() {
    let (dir, mut store) = fresh();
    let mut change = store.begin().unwrap();
    put(&mut change, 1, &pattern(3 << 20, 1), Pool::Items);
    for number in 2..300 {
        put(&mut change, number, &pattern(INLINE_BYTES_MAX, number), Pool::Items);
    }
    change.fail_journal();
    drop(change);
    assert_eq!(pack_files(&dir).len(), 1);
    assert!(matches!(store.begin().map(drop), Err(StoreError::Stopped)));
    drop(store);
    let mut store = reopen(&dir);
    assert!(pack_files(&dir).is_empty() && store.all::<Note>().unwrap().is_empty());
    add(&mut store, 1, b"goes on", Pool::Items);
}

/// A model of what must be there, and a store that crashes at every stage of its changes.
struct Twin {
    dir: TempDir,
    packs: Arc<Memory>,
    dice: Dice,
    model: BTreeMap<u64, Vec<u8>>,
}

impl Twin {
    fn open(&self) -> Store {
        Store::open_with(self.dir.path(), &key(1), self.packs.clone(), Lock::file(self.dir.path()).unwrap())
            .unwrap()
    }

    /// Makes a random change, and gives what the model would be with it.
    fn change(&mut self, change: &mut Change<'_>) -> BTreeMap<u64, Vec<u8>> {
        let mut model = self.model.clone();
        for _ in 0..=self.dice.below(4) {
            let number = self.dice.below(12);
            if let Some(note) = change.get::<Note>(&number.to_be_bytes()).unwrap() {
                change.remove_object(&note.object).unwrap();
                change.delete::<Note>(&note.key()).unwrap();
                model.remove(&number);
            } else {
                // Now and then, for what waits in the outbox is padded to many times its length.
                let pool = if self.dice.below(12) == 0 { Pool::Outbox } else { Pool::Items };
                let bytes = pattern(self.dice.below(7) as usize * 20_000, self.dice.below(2));
                put(change, number, &bytes, pool);
                model.insert(number, bytes);
            }
        }
        model
    }

    fn compare(&self, store: &Store) {
        let notes: Vec<Note> = store.all().unwrap();
        assert_eq!(
            notes.iter().map(|n| n.number).collect::<Vec<_>>(),
            Vec::from_iter(self.model.keys().copied())
        );
        for note in notes {
            assert!(read(store, &note.object) == self.model[&note.number], "note {}", note.number);
        }
        let known: Vec<_> = store.all::<PackRow>().unwrap().into_iter().map(|r| (r.pack, r.len)).collect();
        assert_eq!(self.packs.list().unwrap(), known);
    }
}

#[test]
fn whenever_it_crashes_it_is_the_state_before_or_after() {
    let dir = folder();
    let packs = Arc::new(Memory::default());
    drop(Store::create_with(dir.path(), &key(1), packs.clone()).unwrap());
    let mut twin = Twin { dir, packs, dice: Dice::new(1988), model: BTreeMap::new() };
    for round in 0..300 {
        let mut store = twin.open();
        twin.compare(&store);
        let mut change = store.begin().unwrap();
        let after = twin.change(&mut change);
        match twin.dice.below(6) {
            0 => {
                change.commit().unwrap();
                twin.model = after;
            }
            1 => drop(change),
            2 => change.crash(change::Stage::Begun),
            3 => change.crash(change::Stage::PacksSynced),
            4 => change.crash(change::Stage::JournalTorn),
            _ => {
                change.crash(change::Stage::JournalSynced);
                twin.model = after;
            }
        }
        drop(store);
        if round % 2 == 0 {
            twin.packs.crash(&mut twin.dice);
        }
    }
}

/// A machine with bad memory hashed something else than it kept: its segments open, and only the digest tells.
#[test]
fn evidence_that_is_not_what_its_digest_says_is_damaged() {
    let (_dir, mut store) = fresh();
    let mut change = store.begin().unwrap();
    let content = pattern(100_000, 1);
    let right = change.put_claimed(&mut &content[..], Sums::of(&content), &mut |_| {}).unwrap();
    let wrong = change.put_claimed(&mut &content[..], Digest::of(b"other").into(), &mut |_| {}).unwrap();
    change.commit().unwrap();
    assert_ne!(right.object, wrong.object);
    assert_eq!(store.check().unwrap(), [wrong.object]);
}
