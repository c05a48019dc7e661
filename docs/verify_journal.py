#!/usr/bin/env python3
"""Verifies a breakglass journal (docs/journal-format.md) with Python's standard library alone:

    python3 verify_journal.py journal.jsonl [ANCHOR ...]

An ANCHOR is what a slip or minutes have as the register's anchor, such as
2-d179b8328a6388a6b4ce45ee92e24e. Ends with status 1 if anything does not hold.
"""
import hashlib
import json
import re
import sys

path, *anchors = sys.argv[1:]
with open(path, "rb") as file:
    *lines, torn = file.read().split(b"\n")

hashes = ["0" * 64]
for number, line in enumerate(lines, 1):
    hashed = line[: -len(',"hash":"' + "0" * 64 + '"}')]
    own = hashlib.sha256(hashed).hexdigest()
    if line != hashed + f',"hash":"{own}"}}'.encode():
        sys.exit(f"line {number} is damaged: its hash does not hold")
    entry = json.loads(line)
    if entry["n"] != number or entry["prev"] != hashes[-1]:
        sys.exit(f"line {number} does not follow on the line before")
    hashes.append(own)

print(f"the chain of {len(lines)} entries holds")
print(f"anchor {len(lines)}-{hashes[-1][:30]}")
if torn:
    print(f"careful: {len(torn)} bytes after the last line end are no entry")

known = [""] + [own[:30] for own in hashes[1:]]
for anchor in anchors:
    typed = "".join(anchor.split()).lower()
    read = re.fullmatch("([1-9][0-9]{0,14})-([0-9a-f]{30})", typed)
    if read is None:
        sys.exit(f"{anchor}: this is no anchor: a number, a hyphen and 30 digits")
    at, digits = int(read[1]), read[2]
    if digits in known[:at] + known[at + 1 :]:
        sys.exit(f"{anchor}: these digits are another entry's: its number is mistyped")
    if at > len(lines):
        sys.exit(f"{anchor}: this journal is an older copy: it ends before")
    wrong = sum(digit != right for digit, right in zip(digits, known[at]))
    if wrong > 2:
        sys.exit(f"{anchor}: this journal was rewritten")
    if wrong > 0:
        sys.exit(f"{anchor}: mistyped: entry {at}'s, but for one or two digits")
    print(f"{anchor}: agrees; {len(lines) - at} later entries are not covered by it")
