// The main job, from beginning to end, with nothing but Node: three slips for a sample account are
// printed into a folder, each is checked, and the password comes back from two of them. The lines
// are taken from the PDF files' text, as a person would type them from the paper.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PDFiumLibrary } from "@hyzyla/pdfium";

const binary = fileURLToPath(new URL("../dist/breakglass.cjs", import.meta.url));
const folder = process.argv[2] ?? mkdtempSync("demo-");

/** Runs breakglass as a person would, showing the command and what it says. */
function breakglass(...args) {
  const shown = args.map((arg) => (/^[\w@.:/-]+$/.test(arg) ? arg : `"${arg}"`)).join(" ");
  console.log(`\n$ breakglass ${shown}`);
  const { status, stdout } = spawnSync(process.execPath, [binary, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) {
    console.log(`breakglass ended with status ${status}`);
    process.exit(1);
  }
  return stdout;
}

const paths = breakglass(
  ...["issue", "bg-1@contoso.onmicrosoft.com", "--no-register", "--out", join(folder, "slips")],
  ...["--organisation", "Sample Bank AG", "--also-needed", "FIDO2 key"],
  ...["--custodian", "Sample One", "--alternate", "Sample Four", "--location", "Safe A"],
  ...["--custodian", "Sample Two", "--alternate", "Sample Five", "--location", "Safe B"],
  ...["--custodian", "Sample Three", "--alternate", "Sample Six", "--location", "Safe C"],
)
  .trim()
  .split("\n");
for (const path of paths) console.log(path);

const pdfium = await PDFiumLibrary.init();
const typed = [];
for (const path of paths) {
  const document = await pdfium.loadDocument(readFileSync(path));
  const text = [...document.pages()].map((page) => page.getText()).join("\n");
  document.destroy();
  const lines = text.split(/\r?\n/).filter((line) => /^(\d+|S)\) /.test(line));
  const file = join(folder, `${basename(path, ".pdf")}.txt`);
  writeFileSync(file, `${lines.join("\n")}\n`, { flag: "wx", mode: 0o600 });
  console.log(`\nwhat somebody types from ${basename(path)}, into ${basename(file)}:`);
  for (const line of lines) console.log(`    ${line}`);
  typed.push(file);
}
pdfium.destroy();

for (const file of typed) console.log(breakglass("check", file).trimEnd());

const password = breakglass("recover", "--stdout", typed[0], typed[2]);
console.log(`    ${password}`);
const other = breakglass("recover", "--stdout", typed[2], typed[1]);
console.log(`    ${other}`);
if (password !== other || password.length !== 24) {
  console.log("the two subsets do not give the same password");
  process.exit(1);
}
console.log(`
Slips 1 and 3 gave the password, and slips 3 and 2 gave the same one.
Open a slip: ${paths[0]}
These are samples: delete the folder ${folder} when you have looked at them.`);
