// Symbols to type from one slip of a generated 24-character password:
//
//   npx esbuild test/bench/core-typing.ts --bundle --platform=node --format=esm \
//     | node --input-type=module -
import { generate, passwordRecipe } from "../../src/core/password.ts";
import { encodeSlip, type SetHeader } from "../../src/core/slip.ts";
import { drawSetId, splitSecret } from "../../src/core/split.ts";
import { seeded } from "../core/seeded.ts";

const random = seeded("typing");
const secret = generate(passwordRecipe("entra", 24, []), random);
const shamir = { scheme: "shamir", threshold: 2, total: 3 } as const;
const concat = { scheme: "concat", blinded: true } as const;
const sets: Record<string, Omit<SetHeader, "setId">> = {
  "Shamir 2 of 3": { ...shamir, blinded: false },
  "Shamir 2 of 3, blinded": { ...shamir, blinded: true },
  "concatenation in 2": { ...concat, threshold: 2, total: 2 },
  "concatenation in 3": { ...concat, threshold: 3, total: 3 },
};

console.log("| slip | lines | symbols to type |\n|---|---|---|");
for (const [name, header] of Object.entries(sets)) {
  const [slip] = splitSecret(secret, { ...header, setId: drawSetId(random) }, random);
  const { lines } = encodeSlip(slip!);
  console.log(`| ${name} | ${lines.length} | ${lines.join("").length} |`);
}
