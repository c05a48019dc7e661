// What somebody would write in an hour with pdfkit and qrcode: documents of one page that look much
// like a slip, with the same embedded fonts and as much text, and nothing checked. The measure for
// the time that breakglass takes to print.
//
//   node test/bench/bare-slips.mjs FOLDER COUNT
import { createWriteStream } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import PDFDocument from "pdfkit";
import QRCode from "qrcode";

const [folder, count] = [process.argv[2], Number(process.argv[3])];
const font = (name) => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

const FACTS = [
  ["Account", "bg-1@contoso.onmicrosoft.com", "Custodian", "Sample Custodian"],
  ["Generation", "1", "Alternate", "Sample Alternate"],
  ["Issued", "2026-11-23", "Location", "Safe A, Sample Street"],
  ["Replace by", "2027-02-21", "Also needed", "FIDO2 key"],
  ["Register anchor", "not recorded", "Format", "1"],
];
const STEPS = [
  "Bring two slips of the set together. Write into the table below when and why each was opened.",
  "On a computer you trust, best without a network, start the program that reads the slips.",
  "Type the numbered lines of each slip, or paste the text of its code. Mistakes are shown.",
  "The password appears once there are enough slips. Afterwards it must be replaced at once.",
  "Without the program: the guide does it with a page of Python, or with another program.",
];
const CHECKS = [
  "Look: is the bag whole, the paper dry, every symbol legible?",
  "Start the check, type the numbered lines, and write the check word it shows into the table.",
  "Fold the sheet twice, print inside. One sheet is not opaque: put it into an inner sleeve.",
];
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const started = process.hrtime.bigint();
for (let i = 0; i < count; i++) await draw(join(folder, `slip-${i}.pdf`), i);
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
console.log(JSON.stringify({ rate: count / seconds, rss: process.memoryUsage().rss }));

async function draw(path, seed) {
  const lines = Array.from({ length: 5 }, (_, row) =>
    Array.from({ length: 20 }, (_, k) => ALPHABET[(seed * 7 + row * 11 + k * 13) % 32]).join(""),
  );
  const doc = new PDFDocument({ size: "A4", margin: 40, info: { Title: `slip ${seed}` } });
  const out = createWriteStream(path, { flags: "wx", mode: 0o600 });
  const done = new Promise((resolve) => out.on("finish", resolve));
  doc.pipe(out);
  doc.registerFont("regular", font("DejaVuSans"));
  doc.registerFont("bold", font("DejaVuSans-Bold"));
  doc.registerFont("mono", font("DejaVuSansMono-Bold"));
  const put = (name, size, text, x, y) =>
    doc.font(name).fontSize(size).text(text, x, y, { lineBreak: false });
  put("bold", 11, "Sample Bank AG", 40, 40);
  put("regular", 9, "Emergency access slip: keep sealed", 380, 40);
  put("bold", 26, "K7Q2  slip 1 of 3", 40, 60);
  put("regular", 10, "any two of these three slips recover the password", 300, 70);
  FACTS.forEach(([a, b, c, d], row) => {
    put("regular", 7.5, a, 40, 105 + row * 14);
    put("bold", 9, b, 110, 105 + row * 14);
    put("regular", 7.5, c, 300, 105 + row * 14);
    put("bold", 9, d, 370, 105 + row * 14);
  });
  put("bold", 9, "To recover the password", 40, 185);
  STEPS.forEach((step, row) => put("regular", 9, `${row + 1}.  ${step}`, 40, 198 + row * 12));
  put(
    "bold",
    9,
    "Two generations here? Try the higher complete set first, then the lower.",
    40,
    260,
  );
  put("bold", 9, "Secret part: do not photograph, copy or read aloud", 40, 290);
  lines.forEach((line, row) => {
    const groups = line.match(/.{4}/g);
    put(
      "mono",
      17,
      `${row + 1}) ${groups.slice(0, 4).join(" ")}  ${groups[4]}`,
      40,
      315 + row * 22,
    );
  });
  const { modules } = QRCode.create(`BG1:${lines.slice(0, 4).join(":")}`, {
    errorCorrectionLevel: "H",
  });
  const side = 115 / modules.size;
  for (let y = 0; y < modules.size; y++)
    for (let x = 0; x < modules.size; x++)
      if (modules.get(y, x)) doc.rect(430 + x * side, 300 + y * side, side, side);
  doc.fill("black");
  put("bold", 9, "To check this slip", 40, 570);
  CHECKS.forEach((step, row) => put("regular", 9, `${row + 1}.  ${step}`, 40, 583 + row * 12));
  ["Custodian", "Witness", "Ceremony lead"].forEach((who, k) =>
    put("regular", 7.5, `${who}: name, date, signature`, 40 + k * 175, 650),
  );
  ["Opened (UTC)", "Old bag", "Why", "Check word", "New bag", "Who"].forEach((title, k) =>
    put("regular", 7.5, title, 42 + k * 86, 670),
  );
  for (let row = 0; row < 6; row++) doc.moveTo(40, 685 + row * 22).lineTo(555, 685 + row * 22);
  for (let k = 1; k < 6; k++) doc.moveTo(40 + k * 86, 665).lineTo(40 + k * 86, 795);
  doc.stroke();
  doc.end();
  await done;
}
