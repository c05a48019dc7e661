#!/usr/bin/env python3
"""Read paper slips (slip-format.md, version 1) and give the password back.

    python3 read_slips.py [--accept-corrections] [--set NAME] [FILE ...]

A FILE (none or - is standard input) is UTF-8 text: slips' code lines as typed, or the texts of their QR codes.
Type ? for a symbol you can't read, "3) ?" for a lost line 3. The password goes to standard output, with no newline
but on a terminal; what was corrected, or why there is no password, to standard error. Exit status: 0 done, 2 usage,
3 a slip can't be read, 4 too few slips, 5 slips that do not go together, 6 wrong result."""
import argparse, hashlib, operator, re, sys
from functools import reduce
from itertools import combinations, product

VALUE = {c: v for v, c in enumerate("0123456789ABCDEFGHJKMNPQRSTVWXYZ")}
VALUE.update({c.lower(): v for c, v in VALUE.items()}, O=0, o=0, I=1, i=1, L=1, l=1)
VALUE["?"] = None                     # and any other character becomes -1
BLANK = "\t-\r \x85\xa0\xad\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
QR_TEXT = re.compile("(?<![0-9A-Za-z])[Bb][Gg]([0-9]{1,2}):(.*)", re.S)
CODE_LINE = re.compile(f"[{BLANK}]*([1-9]|[12][0-9]|[Ss])[{BLANK}]*\\)(.*)", re.S)
STATUS = {"too-few": 4, "conflict": 5, "mixed-sets": 5, "misfit": 5, "wrong-result": 6}

class Fail(Exception): "Fail(class, what is wrong)"

def sha(label, data): return hashlib.sha256(b"breakglass/v1/" + label + data).digest()
def symbols(text): return [VALUE.get(c, -1) for c in re.sub(f"[{BLANK}\\-\u2010-\u2015\u2212]", "", text)]
def number(values): return int("".join(f"{v:05b}" for v in values), 2)

def xor(parts): return bytes(reduce(operator.xor, column) for column in zip(*parts))

def field(polynomial, size):          # -> the powers of 2, and a function for a * b / c
    exp = [1]
    while len(exp) < size - 1: exp.append(exp[-1] * 2 ^ (polynomial if exp[-1] * 2 >= size else 0))
    log = {v: i for i, v in enumerate(exp)}
    return exp, lambda a, b, c=1: a and b and exp[(log[a] + log[b] - log[c]) % (size - 1)]

ALPHA, mul = field(0b100101, 32)
_, mul256 = field(0x11D, 256)
TIMES = [bytes(mul256(a, b) for b in range(256)) for a in range(256)]

def find_slips(data):                 # -> [(number after BG, {line's number: its text})]; the spare line is 0
    slips, current, last = [], {}, 0
    try: text = data.decode("utf-8")
    except UnicodeDecodeError: raise Fail("no-slip", "this is not text")
    for page in text.split("\f"):
        fresh = True
        for row in re.split("\r\n|[\n\r\x85\u2028\u2029]", page):
            qr, code = QR_TEXT.search(row), CODE_LINE.match(row)
            if len(row) > 2048: continue
            if qr:
                slips.append((int(qr[1]), dict(enumerate(qr[2].split(":"), 1))))
                current = {}
            elif code:
                n = 0 if code[1] in "Ss" else int(code[1])
                if not current or n == 1 or n in current or fresh and not (last and n in (0, last + 1)):
                    current = {}
                    slips.append((1, current))
                current[n], last, fresh = code[2], n, False
    if len(data) > 2 ** 20 or len(slips) > 64: raise Fail("input-too-large", "more than 1 MiB or 64 slips")
    if not slips: raise Fail("no-slip", "no slip in the text")
    return slips

def fill(word, four):                 # the codeword with these 4 places free; word[0] is the line's number
    word, x = list(word), ALPHA[20::-1]
    for u in four:
        word[u] = 0
        for i in set(range(21)) - set(four):
            term = mul(word[i], x[i], x[u])
            for v in set(four) - {u}: term = mul(term, x[i] ^ x[v], x[u] ^ x[v])
            word[u] ^= term
    return word

def correct(word, wrong):             # the codeword in reach: 2 x wrong + unreadable <= 4
    unread = [i for i, v in enumerate(word) if v in (None, -1)]
    known = [i for i in range(21) if i not in unread]
    if len(unread) > 4: return None
    wrong = min(wrong, (4 - len(unread)) // 2)
    for some in combinations(known, wrong):
        found = fill(word, (unread + list(some) + [i for i in known if i not in some])[:4])
        if sum(found[i] != word[i] for i in known) <= wrong: return found

def read_line(n, line):               # -> [(its 20 symbols, what was changed or "")], or None if misplaced
    tries = {20: [(line, "")],
             19: [(line[:i] + [None] + line[i:], f" {i + 1} left out,") for i in range(20)],
             21: [(line[:i] + line[i + 1:], f" {i + 1} too many,") for i in range(21)]}
    found = {}
    for given, change in tries.get(len(line), []) if n < 30 else []:
        word = correct([n] + given, 0 if change else 2)
        if word and word[0] == n:
            change += "".join(f" {i} wrong," for i, v in enumerate(given, 1) if v not in (None, word[i]))
            found.setdefault(bytes(word[1:]), change and f"line {n or 'S'}: symbol{change[:-1]}")
        elif word and word[0] < 30: return None
    return list(found.items())

def read_stream(stream):              # -> the set's name, what its slips have in common, index, payload
    bits = f"{number(stream):0{5 * len(stream)}b}"
    version, scheme, blinded, threshold, total, index, length, reserved = (
        int(bits[a:b], 2) for a, b in ((0, 5), (25, 26), (26, 27), (27, 31), (31, 35), (35, 39), (39, 48), (48, 50)))
    if version != 1: raise Fail("version", f"version {version} is not known")
    if (not 1 <= threshold <= total >= index or reserved or length > 270 or length < 5 + 10 * blinded
            or not scheme and (total > 2 or threshold < total or not blinded)):
        raise Fail("structure", "a field is against the rules")
    end = 10 - (-8 * length // 5)
    lines, given = (end + 8 + 15) // 16, len(stream) // 16
    if given != lines: raise Fail("line-missing" if given < lines else "line-count", f"{given} lines, not {lines}")
    if "1" in bits[50 + 8 * length:5 * end]: raise Fail("structure", "a padding bit is not 0")
    check = f"{int.from_bytes(sha(b'slip', stream[:end]), 'big'):0256b}"
    if not check.startswith(bits[5 * end:]): raise Fail("check-failed", "the check is another")
    payload = int(bits[50:50 + 8 * length], 2).to_bytes(length, "big")
    return stream[1:5], (scheme, blinded, threshold + 1, total + 1, scheme and length), index + 1, payload

def read_slip(bg, texts, accept):     # -> the slip, what was changed
    given = {n: symbols(text) for n, text in sorted(texts.items())}
    reads = {n: read_line(n, line) for n, line in given.items()}
    same = {n for n in reads if reads[n] and list(reads[n][0][0]) == given[n]}
    if bg != 1 or 1 in same and given[1][0] != 1: raise Fail("version", "BG or the first symbol is not 1")
    if max(given) > 29: raise Fail("line-count", "no slip has over 29 lines")
    misplaced = {n for n in reads if reads[n] is None}
    last = max(given) or 2            # no slip has under 2 lines
    gaps = [n for n in range(1, last + 1) if not reads.get(n)]
    lost = [n for n in gaps if given.get(n) and set(given[n]) == {None}]
    spare = bool(reads.get(0))

    def blame(why):                   # why nothing passed, by the first line in which it shows
        stands = [c for c, _ in reads.get(1) or []]
        length = number(stands[0][:10]) >> 2 & 511 if stands else None
        lines = (10 - (-8 * length // 5) + 8 + 15) // 16 if stands else None
        for n in sorted(given, key=lambda n: n or 99):
            if n in misplaced: return Fail("line-misplaced", f"line {n or 'S'} has another number's symbols")
            if not reads[n] and set(given[n]) != {None} and (n or last != lines):
                return Fail("line-unreadable", f"line {n or 'S'} can't be corrected")
        if stands and last > lines: return Fail("line-count", f"{last} lines, not {lines}")
        return Fail("line-missing", f"lines {gaps}") if gaps and (len(gaps) > 1 or not spare) else why

    if len(gaps) > spare: raise blame(None)

    def attempts():                   # -> stream, what was changed
        for drop in gaps or [0] + (sorted(set(reads) - same - {0}) + [last + 1]) * spare:
            if drop > last and not (fail and fail.args[0] == "line-missing"): break
            use = [n for n in reads if n != drop and (n or drop)]          # line drop is made from the others
            for choice in product(*(reads[n] for n in use)):
                lines, changes = {n: c[0] for n, c in zip(use, choice)}, [c[1] for c in choice if c[1]]
                if drop: lines[drop] = xor(list(lines.values()))
                if drop and drop not in lost: changes.append(f"line {drop}: made from the spare line")
                yield b"".join(lines[n][:16] for n in sorted(lines) if n), changes

    good, fail = {}, None
    for tried, (stream, changes) in enumerate(attempts()):
        if tried == 1024: break
        try: good.setdefault(stream, (read_stream(stream), changes))
        except Fail as why:
            guess = changes and why.args[0] != "line-missing"
            fail = fail or (Fail("check-failed", "the check is another") if guess else why)
    if len(good) > 1: raise Fail("ambiguous", "it could be corrected to several slips")
    if not good: raise blame(fail)
    slip, changes = good[min(good)]
    if changes and not accept:
        raise Fail("line-misplaced" if misplaced - {0} else "corrections-needed", "; ".join(changes))
    return slip, changes

def find_password(slips):
    kinds = {slip[:2] for slip in slips}
    if not kinds: raise Fail("too-few", "no slip of that set")
    if len(kinds) > 1: raise Fail("mixed-sets", "slips of more than one set")
    (name, (scheme, blinded, threshold, total, _)), = kinds
    given, passed, fit = {slip[2:] for slip in slips}, set(), set()
    have = sorted({index for index, _ in given})
    if len(have) < threshold: raise Fail("too-few", f"{threshold} slips needed, given {have} of {total}")
    for indexes in combinations(have, threshold):
        for payloads in product(*([p for i, p in given if i == index] for index in indexes)):
            bodies = [p[10 * blinded:] for p in payloads]
            if scheme:                # interpolate at 0
                for k, i in enumerate(indexes):
                    for j in set(indexes) - {i}: bodies[k] = bodies[k].translate(TIMES[mul256(1, j, i ^ j)])
                secret = xor(bodies)
            else: secret = xor([b[:4] for b in bodies]) + b"".join(b[4:] for b in bodies)
            if sha(b"secret", number(name).to_bytes(3, "big") + secret[4:])[:4] == secret[:4]:
                passed.add(secret[4:])
                fit.update(zip(indexes, payloads))
    if not passed: raise Fail("wrong-result", "the digest is another")
    if len(passed) > 1: raise Fail("conflict", "several passwords pass")
    if len({i for i, _ in fit}) < len(fit): raise Fail("conflict", "two contents of one slip fit")
    if given - fit: raise Fail("misfit", f"slip {sorted(i for i, _ in given - fit)} does not fit the others")
    return passed.pop()

def main():
    options = argparse.ArgumentParser(description="Read paper slips and give the password back.")
    options.add_argument("--accept-corrections", action="store_true")
    options.add_argument("--set", metavar="NAME", type=lambda name: bytes(symbols(name)))
    options.add_argument("files", nargs="*", metavar="FILE", default=["-"])
    args, slips, notes = options.parse_args(), [], []
    if "-" in args.files and sys.stdin.isatty():
        print("Type the slips' lines, then Ctrl-D (Windows: Ctrl-Z and Enter).", file=sys.stderr)
    try:
        for file in args.files:
            where = f"{file}: "
            with open(0 if file == "-" else file, "rb") as f: found = find_slips(f.read(2 ** 20 + 1))
            for k, (bg, texts) in enumerate(found, 1):
                where = f"{file}, slip {k}: "
                slip, changes = read_slip(bg, texts, args.accept_corrections)
                notes += [where + change for change in changes]
                if args.set in (None, slip[0]): slips.append(slip)
        where = ""
        password = find_password(slips)
    except Fail as why:
        print(f"{why.args[0]}: {where}{why.args[1]}", file=sys.stderr)
        sys.exit(STATUS.get(why.args[0], 3))
    except OSError as why: options.error(str(why))
    for note in notes: print(note, file=sys.stderr)
    sys.stdout.buffer.write(password + b"\n" * sys.stdout.isatty())

if __name__ == "__main__": main()
