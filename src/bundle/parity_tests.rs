use super::*;
use crate::crypto::hybrid::Identity;

fn volume(len: u64, slices: u16, parity: u16) -> Volume {
    Volume::new(len, slices, parity, Identity::generate().to_recipient()).unwrap()
}

/// Content that looks random.
fn content(volume: &Volume) -> Vec<Vec<u8>> {
    let mut state = 1_u64;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    (0..volume.slices()).map(|_| (0..volume.slice_len()).map(|_| byte()).collect()).collect()
}

fn encoded(volume: &Volume, slices: &[Vec<u8>], stripe: u64) -> Vec<Vec<u8>> {
    let mut parts = vec![Vec::new(); usize::from(volume.parts())];
    let mut read = |slice: u16, at: u64, piece: &mut [u8]| {
        piece.copy_from_slice(&slices[usize::from(slice) - 1][at as usize..][..piece.len()]);
        Ok(())
    };
    let mut take = |number: u16, piece: &[u8]| {
        parts[usize::from(number) - 1].extend_from_slice(piece);
        Ok(())
    };
    encode_striped(volume, stripe, &mut read, &mut take).unwrap();
    parts
}

#[test]
fn stripes_give_what_whole_slices_give() {
    for (slices, parity) in [(1, 1), (1, 3), (3, 2), (5, 5), (40, 7), (130, 20)] {
        let volume = volume(u64::from(slices) * 640, slices, parity);
        let content = content(&volume);
        let whole = encoded(&volume, &content, volume.slice_len());
        assert_eq!(whole[..content.len()], content);
        for stripe in [64, 128, 192] {
            assert_eq!(
                encoded(&volume, &content, stripe),
                whole,
                "{slices} and {parity} in stripes of {stripe}"
            );
        }
        assert!(whole[content.len()..].iter().all(|part| part.len() == 640));
    }
}

#[test]
fn any_parts_as_many_as_there_are_slices_give_the_others() {
    let volume = volume(7 * 256, 7, 4);
    let content = content(&volume);
    let parts = encoded(&volume, &content, 64);
    // Every choice of 7 of 11.
    for choice in (0_u32..1 << 11).filter(|choice| choice.count_ones() == 7) {
        let from: Vec<u16> = volume.numbers().filter(|number| choice >> (number - 1) & 1 == 1).collect();
        let mut found = BTreeMap::<u16, Vec<u8>>::new();
        let mut read = |number: u16, at: u64, piece: &mut [u8]| {
            piece.copy_from_slice(&parts[usize::from(number) - 1][at as usize..][..piece.len()]);
            Ok(())
        };
        let mut take = |number: u16, piece: &[u8]| {
            found.entry(number).or_default().extend_from_slice(piece);
            Ok(())
        };
        rebuild(&volume, &from, &mut read, &mut take).unwrap();
        let missing: Vec<u16> = (1..=7).filter(|number| !from.contains(number)).collect();
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), missing);
        assert!(found.iter().all(|(number, slice)| *slice == content[usize::from(*number) - 1]));
    }
}

#[test]
fn the_working_space_is_bounded() {
    for (len, slices, parity) in
        [(10 << 30, 160, 10), (8 << 30, 4096, 255), (4 << 30, 2, 255), (700 << 20, 1, 1), (64, 1, 1)]
    {
        let volume = volume(len, slices, parity);
        let rows = (u64::from(parity).next_power_of_two() + u64::from(slices)).next_power_of_two();
        let stripe = stripe_len(&volume);
        assert!(stripe * rows <= STRIPE_MEMORY_BYTES && stripe <= STRIPE_BYTES_MAX);
        assert!(stripe >= 64 && stripe.is_multiple_of(64), "{stripe}");
    }
}
