// Reads damaged slips, those that `issue` wrote, with breakglass, zbarimg and zxing's own program:
//
//   node scans.js FOLDER PICTURES SLIP.pdf...
//
// FOLDER is for the pictures, PICTURES how many of each kind of damage. What is found goes to
// standard output as JSON, a line for each kind.
import { execFileSync, spawnSync } from "../child.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { scanFile } from "../../src/scan/scan.ts";
import { ENGINES } from "../scan/engines.ts";
import { pngOf, readPgm } from "../scan/pnm.ts";
import { DAMAGES, diceOf, type ScannedPage } from "./damage.ts";

const [folder, count, ...slips] = process.argv.slice(2) as [string, string, ...string[]];
const pictures = Number(count);

/** Scans a slip at 200 dpi, and finds its code. */
async function scanned(pdf: string, i: number): Promise<ScannedPage & { text: string }> {
  const stem = join(folder, `slip-${i}`);
  execFileSync("pdftoppm", ["-r", "200", "-gray", "-singlefile", pdf, stem]);
  const picture = readPgm(`${stem}.pgm`);
  prepareZXingModule({ overrides: { wasmBinary: ENGINES.zxing as ArrayBuffer } });
  const [code] = await readBarcodes(pngOf(picture), { formats: ["QRCode"] });
  const { topLeft, bottomRight } = code!.position;
  const place = { left: topLeft.x, top: topLeft.y, size: bottomRight.x - topLeft.x };
  return { picture, code: place, text: code!.text };
}

/** What a program finds. */
function program(name: string, ...args: string[]): string {
  const ran = spawnSync(name, args, { encoding: "utf8", timeout: 60_000 });
  if (ran.error !== undefined) throw ran.error;
  return ran.stdout;
}

const pages = await Promise.all(slips.map(scanned));
let seed = 0;
for (const [kind, damage] of Object.entries(DAMAGES)) {
  const result = { kind, pictures, ours: 0, zbar: 0, zxing: 0, wrong: 0, slowest: 0 };
  for (let i = 0; i < pictures; i++) {
    const page = pages[i % pages.length]!;
    const level = pictures > 1 ? i / (pictures - 1) : 1;
    const png = pngOf(damage(page, level, diceOf(++seed * 7919)));
    const path = join(folder, "damaged.png");
    writeFileSync(path, png);
    const started = performance.now();
    const { found } = await scanFile(png, ENGINES);
    result.slowest = Math.max(result.slowest, performance.now() - started);
    if (found.some(({ text }) => text === page.text)) result.ours++;
    result.wrong += found.filter(({ text }) => text !== page.text).length;
    if (program("zbarimg", "-q", "--raw", path).includes(page.text)) result.zbar++;
    if (program("ZXingReader", path).includes(page.text)) result.zxing++;
  }
  console.log(JSON.stringify(result));
}
