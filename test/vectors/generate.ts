// Writes the vectors into the folder named as argument:
//
//   npx esbuild test/vectors/generate.ts --bundle --platform=node --format=esm \
//     --outfile=dist/generate-vectors.mjs && node dist/generate-vectors.mjs test/vectors
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { vectorFiles } from "./vectors.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name the folder to write into");
const files = vectorFiles();
for (const [name, text] of files) writeFileSync(join(folder, name), text);
console.log(`${files.size} vectors written`);
