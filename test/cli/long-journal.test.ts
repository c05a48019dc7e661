import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { spawnSync } from "../child.ts";
import { nodeHash } from "../custody/book.ts";
import { breakglass, type Ran } from "./breakglass.ts";
import { programWith } from "./program-copy.ts";

// So long that its end is verified by a thread of its own.
const ENTRIES = 12_000;

const home = mkdtempSync(join(tmpdir(), "long-"));
const file = join(home, "journal.jsonl");
let sound: Buffer;

/** What an entry says, by its number: mostly reviews with long notes. */
function happening(n: number): object {
  const note = `${n} ${n % 1000 === 0 ? "Tür \u{1f511}" : "door"} `.padEnd(280, "words ");
  if (n === 1)
    return {
      kind: "register-opened",
      format: 1,
      tenant: "contoso",
      policy: { minimumAccounts: 1 },
    };
  if (n === 2) return { kind: "account-added", account: "bg-1", secret: "password" };
  if (n % 3000 === 0) return { kind: "account-blessed", account: "bg-1", note };
  return { kind: "process-reviewed", note };
}

beforeAll(() => {
  let prev = "0".repeat(64);
  const lines: string[] = [];
  for (let n = 1; n <= ENTRIES; n++) {
    const at = `${new Date(1_790_000_000_000 + n * 1000).toISOString().slice(0, 19)}Z`;
    const entry = { n, ...happening(n), at, actor: "Sample Lead", prev };
    const hashed = JSON.stringify(entry).slice(0, -1);
    prev = nodeHash(Buffer.from(hashed));
    lines.push(`${hashed},"hash":"${prev}"}\n`);
  }
  sound = Buffer.from(lines.join(""));
});

function statusOf(bytes: Uint8Array): Ran {
  writeFileSync(file, bytes);
  return breakglass(["status", "--json", "--register", home]);
}

/** The bytes with one letter of an entry's note another. */
function changed(n: number): Buffer {
  const bytes = Buffer.from(sound);
  const place = bytes.indexOf("words", bytes.indexOf(`"n":${n},`));
  bytes[place] = 0x57;
  return bytes;
}

test("a long journal says the same with the thread for it and without", () => {
  const apart = statusOf(sound);
  expect(apart.status).toBe(11);
  expect(JSON.parse(apart.stdout)).toMatchObject([{ entries: ENTRIES }]);
  const program = programWith("");
  onTestFinished(() => rmSync(dirname(dirname(program)), { recursive: true }));
  rmSync(join(dirname(program), "verify-worker.cjs"));
  const alone = spawnSync(process.execPath, [program, "status", "--json", "--register", home], {
    encoding: "utf8",
  });
  const { status, stdout, stderr } = alone;
  expect({ status, stdout, stderr }).toEqual(apart);
});

test.each([5, 4000, 9000, ENTRIES - 1, ENTRIES])(
  "in a long journal too a change of one letter is found: entry %i",
  (n) => {
    const { status, stdout, stderr } = statusOf(changed(n));
    expect({ status, stdout }).toEqual({ status: 7, stdout: "" });
    expect(stderr).toContain(`line ${n} of the journal is damaged: its hash does not hold`);
  },
);

test("a long journal that ends in the middle of a line is read up to there", () => {
  const { status, stdout, stderr } = statusOf(sound.subarray(0, -100));
  expect(status).toBe(11);
  expect(JSON.parse(stdout)).toMatchObject([{ entries: ENTRIES - 1 }]);
  expect(stdout + stderr).toContain("left where it is");
});

test("what has two parts only by its length is read as any other", () => {
  const begin = sound.subarray(0, sound.indexOf(`{"n":101,`));
  const torn = statusOf(Buffer.concat([begin, Buffer.alloc(5_000_000, "x")]));
  expect(torn.status).toBe(11);
  expect(JSON.parse(torn.stdout)).toMatchObject([{ entries: 100 }]);
  // Far longer than a line may be: nothing is made of what stands in it.
  const long = `[${"[],".repeat(2_000_000)}[]]\n`;
  const { status, stderr } = statusOf(Buffer.concat([begin, Buffer.from(long)]));
  expect(status).toBe(7);
  expect(stderr).toContain("line 101 of the journal is damaged: it is too long");
  expect(statusOf(Buffer.alloc(5_000_000, "x")).stderr).toContain("has no entry");
});

test("an end of a long journal that follows on something else is not believed", () => {
  const lines = sound.toString().split("\n");
  lines.splice(ENTRIES / 4, 1);
  const { status, stderr } = statusOf(Buffer.from(lines.join("\n")));
  expect(status).toBe(7);
  expect(stderr).toContain(`line ${ENTRIES / 4 + 1} of the journal is damaged`);
});
