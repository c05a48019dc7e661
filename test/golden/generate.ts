// Wrote test/golden/v1, once. What is there is frozen: this writes over nothing, and a later version
// of a format gets a folder and a generator of its own. To see that it made what is there:
//
//   npx esbuild test/golden/generate.ts --bundle --platform=node --format=esm \
//     --external:pdfkit --external:fontkit --external:qrcode --external:dejavu-fonts-ttf \
//     --outfile=dist/generate-golden.mjs && node dist/generate-golden.mjs FOLDER
import { execFileSync } from "../child.ts";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { issue } from "../../src/cli/issuing/issue.ts";
import type { IssueOptions } from "../../src/cli/issuing/issue-plan.ts";
import { encodeSlip, type SetHeader } from "../../src/core/slip.ts";
import { recover } from "../core/read.ts";
import { seeded } from "../core/seeded.ts";
import { typedSlip } from "../core/typed.ts";
import { concat, makeSet } from "../vectors/scenario.ts";
import { goldenJournals } from "./journals.ts";
import { summaryOf } from "./summary.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name the folder to write into");

function write(path: string, content: string | Uint8Array): void {
  const file = join(folder!, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { flag: "wx" });
}

type Wanted = Partial<SetHeader> & { readonly password: string };

const SETS: Readonly<Record<string, Wanted>> = {
  "concat-2": { ...concat(2), password: "Tz4!wq-Lm8 vR2#x" },
  "concat-3": { ...concat(3), password: "pa\u00dfwort mit \u20ac und \u{1f511}, lang genug" },
  "shamir-2of3": { password: "kR7#mX2-vQ9+Jd5=bN3?" },
  "shamir-2of3-blinded": { blinded: true, password: "  blanks at both ends  " },
  "shamir-3of5": { threshold: 3, total: 5, password: "Vf6(nY2_hC9&sK4%wG7*" },
  "shamir-3of5-blinded": { blinded: true, threshold: 3, total: 5, password: "73914680" },
  "shamir-16of16": { threshold: 16, total: 16, password: "Zx3;Qp8:Wm5,".repeat(21) + "last" },
  "shamir-16of16-blinded": {
    ...{ blinded: true, threshold: 16, total: 16 },
    password: "correct-Horse-battery-Staple-7-".repeat(8),
  },
};

for (const [name, wanted] of Object.entries(SETS)) {
  const slips = makeSet(`golden/v1/${name}`, wanted);
  write(`slips/${name}/typed.txt`, slips.map((slip) => `${typedSlip(slip)}\n`).join(""));
  write(`slips/${name}/qr.txt`, slips.map((slip) => `${encodeSlip(slip).qr}\n`).join(""));
  write(`slips/${name}/password`, wanted.password);
}

/** Issued with these flags, with a page size and a kind of secret for each. */
const PAGES: Readonly<Record<string, IssueOptions>> = {
  "concat-2": { split: "concat:2" },
  "concat-3": { split: "concat:3", length: "33", page: "Letter" },
  "shamir-2of3": {},
  "shamir-3of5-pin": { split: "3of5", secret: "pin" },
  "shamir-2of2-long": { split: "2of2", length: "256", page: "Letter" },
  "shamir-2of2-discreet": { split: "2of2", secret: "passphrase", discreet: "Blue" },
};

const ISSUED = new Date(Date.UTC(2026, 10, 23, 12));

/** One for each slip, as the flags take them; more than there are slips would be refused. */
function holders(total: number): IssueOptions {
  const each = (what: string): string[] =>
    Array.from({ length: total }, (_, i) => `Sample ${what} ${i + 1}`);
  return {
    custodian: each("Custodian"),
    alternate: each("Alternate"),
    location: each("safe, room"),
  };
}

for (const [name, flags] of Object.entries(PAGES)) {
  const total = Number(/\d+$/.exec(flags.split ?? "2of3")![0]);
  const out = join(folder, "pages", name);
  await issue(
    {
      ...{ account: "bg-1@contoso.onmicrosoft.com", register: false, out, ...holders(total) },
      ...{ organisation: "Sample Bank AG", alsoNeeded: ["FIDO2 key", "PIN"], acceptWeak: true },
      ...flags,
    },
    seeded(`golden/v1/pages/${name}`),
    () => ISSUED,
  );
  const text = readdirSync(out).map((file) =>
    execFileSync("pdftotext", [join(out, file), "-"], { encoding: "utf8" }),
  );
  // A password is given only if its digest holds.
  write(`pages/${name}/password`, recover({ documents: text, acceptCorrections: false }));
}

for (const [name, bytes] of Object.entries(goldenJournals())) {
  write(`journals/${name}.jsonl`, bytes);
  write(`journals/${name}.json`, `${JSON.stringify(summaryOf(bytes), null, 2)}\n`);
}

cpSync(fileURLToPath(new URL("../templates", import.meta.url)), join(folder, "templates"), {
  recursive: true,
  errorOnExist: true,
  force: false,
  filter: (path) => !/\.(html|css)$/.test(path),
});

const sums = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort()
  .map((path) => {
    const sum = createHash("sha256").update(readFileSync(path)).digest("hex");
    return `${sum}  ${path.slice(folder.length + 1)}\n`;
  });
write("SHA256SUMS", sums.join(""));
console.log(`${sums.length} files written`);
