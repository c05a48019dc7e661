// Slips printed one after the other in one process, as `issue` prints them:
//
//   node slips.js FOLDER COUNT
import { join } from "node:path";
import { writeNewFiles } from "../../src/cli/printing/slip-files.ts";
import { loadStationery } from "../../src/cli/printing/stationery.ts";
import { generate, passwordRecipe } from "../../src/core/password.ts";
import { drawSetId, splitSecret } from "../../src/core/split.ts";
import { renderPdf } from "../../src/paper/pdf.ts";
import { slipPages } from "../../src/paper/slip-page.ts";
import { seeded } from "../core/seeded.ts";

const [folder, count] = [process.argv[2]!, Number(process.argv[3])];
const random = seeded("slips");
const header = { scheme: "shamir", blinded: false, threshold: 2, total: 3 } as const;
const details = {
  ...{ organisation: "Sample Bank AG", account: "bg-1@contoso.onmicrosoft.com", generation: 1 },
  ...{ issued: "2026-11-23", replaceBy: "2027-02-21", custodian: "Sample Custodian" },
  ...{ alternate: "Sample Alternate", location: "Safe A, Sample Street" },
  ...{ alsoNeeded: ["FIDO2 key"], anchor: undefined },
};

const started = process.hrtime.bigint();
const { fonts, wording } = loadStationery(join(process.cwd(), "templates"));
let early = 0;
for (let i = 0; i < count; i += 3) {
  const secret = generate(passwordRecipe("entra", 24, []), random);
  const slips = splitSecret(secret, { ...header, setId: drawSetId(random) }, random);
  for (const slip of slips) {
    const pages = slipPages(slip, details, { pageSize: "A4", wording, fonts });
    const options = { title: "slip", language: "en", created: new Date(0), fonts };
    const bytes = await renderPdf(pages, options);
    writeNewFiles(folder, [{ name: `slip-${i + slip.index}.pdf`, bytes }]);
  }
  if (i === 99) early = process.memoryUsage().rss;
}
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const { rss } = process.memoryUsage();
console.log(JSON.stringify({ rate: count / seconds, rss, early }));
