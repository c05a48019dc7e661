import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

/** A small PDF of one page with so many strokes that drawing it takes minutes. */
export function slowPdf(folder: string): string {
  const file = join(folder, "slow.pdf");
  writeFileSync(file, onePage("0 0 m 600 800 l 300 9 200 700 9 9 c S\n".repeat(3_000_000)));
  return file;
}

function onePage(content: string): Buffer {
  const stream = deflateSync(content);
  const head = [
    "%PDF-1.4",
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj",
    `4 0 obj<</Filter/FlateDecode/Length ${stream.length}>>stream\n`,
  ].join("\n");
  const tail = "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
  return Buffer.concat([Buffer.from(head), stream, Buffer.from(tail)]);
}
