"""Which structures are for training and which are held out."""

import zlib

# Proteins that cross a membrane, by their entries' titles; all others count as soluble.
MEMBRANE = frozenset(
    "1H68 1OSM 6BQN 6MMM 9CHV 9CHX 8TSO 8TSQ 1KF6 1U19 7L2I 7L2J 6EHB 3SFD 5FN5".split(),
)
# Structures of one family stay on one side.
HELD_OUT_MEMBRANE = frozenset("1U19 7L2I 7L2J 6EHB 3SFD 5FN5".split())
# Proteins of membranes or pores that are neither clearly soluble nor have a belt of their own here.
LEFT_OUT = frozenset("5LY6 3J2W".split())


def part_of(name: str) -> str:
    """`train`, `test` or `none`, by the entry's name alone."""
    if name in LEFT_OUT:
        return "none"
    if name in MEMBRANE:
        return "test" if name in HELD_OUT_MEMBRANE else "train"
    return "test" if zlib.crc32(name.encode()) % 5 == 0 else "train"
