import { existsSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../custody/commands.ts";
import { activeSet, pendingSet, type Register } from "../../custody/register.ts";
import { isoDate } from "../../custody/times.ts";
import { PAPERS, type Paper } from "../../paper/papers.ts";
import { needRegister } from "../journal/register-folder.ts";
import { writeNewFiles } from "../printing/slip-files.ts";
import { parseChoice } from "../system/options.ts";
import { answer, oneLine, say } from "../system/output.ts";
import { askAccount, needAccount } from "../terminal/ask-account.ts";
import { askFor } from "../terminal/questions.ts";
import type { CeremonyOptions } from "./ceremony-pages.ts";

/** `breakglass ceremony`: prints a script, minutes, envelope labels or the runbook; nothing secret. */
export async function ceremony(
  wanted: string | undefined,
  named: string | undefined,
  options: CeremonyOptions,
  now: Date,
): Promise<void> {
  const folder = needRegister(options.register);
  const asked = await askFor("PAPER", "Which paper", wanted, { known: PAPERS, closed: true });
  const paper = parseChoice("ceremony", PAPERS, asked === "drill" ? "drill-check" : asked);
  // Nobody waits for the register before the first question, nor for what makes pages before the last.
  const { openRegister } = await import("../journal/journal-file.ts");
  const state = openRegister(folder);
  for (const note of state.notes) say(`note: ${note}`);
  const account = needAccount(state.register, await askAccount(state.register, named));
  noteOtherSet(paper, account, state.register, options);
  const out = await askFor("--out", "Folder for the paper", options.out);
  const { paperPdf, rotationProblems } = await import("./ceremony-pages.ts");
  const order = { state, account, options, now };
  const problems = paper === "rotate" ? rotationProblems(order) : [];
  if (problems.length > 0)
    say(
      oneLine(
        `note: as the script has it, the rotation would be refused: ${problems.join("; ")}; name others for every slip, in order (--custodian, --alternate, --location), here and for rotate`,
      ),
    );
  const bytes = await paperPdf(paper, order);
  const name = [paper, account.replaceAll(/[^\w.-]/g, "_"), isoDate(now)].join("-");
  const [path] = writeNewFiles(out, [{ name: freeName(out, name), bytes }]);
  answer(`${oneLine(path!)}\n`);
}

/** Who has a set in mind may not know that a paper is for the one after it. */
function noteOtherSet(
  paper: Paper,
  account: string,
  register: Register,
  options: CeremonyOptions,
): void {
  const isNext = paper === "issue" || (paper === "labels" && options.set === undefined);
  const held = activeSet(register, account);
  if (!isNext || held === undefined || pendingSet(register, account) !== undefined) return;
  const { set, generation } = held;
  say(
    paper === "labels"
      ? `note: these are for the set after ${set} (generation ${generation}); for its own bags: --set ${set}`
      : `note: ${account} has a password on slips already (set ${set}); the script of its next set is ${COMMANDS.rotateScript(account)}`,
  );
}

/** A second paper of one day lies beside the first: nothing is overwritten, and nobody is held up. */
function freeName(folder: string, name: string): string {
  for (let number = 1; ; number++) {
    const file = number === 1 ? `${name}.pdf` : `${name}-${number}.pdf`;
    if (!existsSync(join(folder, file))) return file;
  }
}
