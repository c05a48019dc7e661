import { BreakglassError } from "../../core/errors.ts";
import { setName, slipName } from "../../core/slip.ts";
import { hasTerminal } from "../system/is-terminal.ts";
import { oneLine, say } from "../system/output.ts";
import { reportError } from "../system/report-error.ts";
import { Terminal } from "../terminal/terminal.ts";
import { OUTCOMES, Printer, type Outcome } from "./printer.ts";
import type { CameOut, PrintPlan, SlipDocument, SlipOutput } from "./slip-document.ts";

/** What the queue and the print system's log show of a slip. */
const TITLE = "slip";

/** What the register notes of a slip that was not printed at a terminal. */
const NO_PAUSE = "printed without a pause between the slips";
const SPOILED = "sent to the printer, did not come out as it should, and was printed again";
const LEFT = "came out, and the set was abandoned";

const PRINT_IT = "Nobody else at the printer? Press Enter to print it. ";
const ABANDON = "Abandon the whole set? Whatever came out of it is void then.";

/** Somebody at the printer gives the set up. */
class Abandonment extends Error {
  override readonly name = "Abandonment";
  override readonly message = "somebody abandoned it at the printer";
}

/**
 * Slips on a printer, one after the other. At a terminal each custodian takes the own page away
 * before the next is printed, and a page that did not come out is printed again, for its bytes are
 * still in memory; nothing of it is written to a disk here.
 */
export class PrinterOutput implements SlipOutput {
  readonly to = "printer";
  readonly place = "the slips that were printed";
  readonly #printer: Printer;
  readonly #plan: PrintPlan;
  /** The slip that came out and that nobody has taken away yet. */
  #inTray: SlipDocument | undefined;

  private constructor(printer: Printer, plan: PrintPlan) {
    this.#printer = printer;
    this.#plan = plan;
  }

  /** @throws BreakglassError `no-terminal` or `printer` */
  static async open(plan: PrintPlan): Promise<PrinterOutput> {
    if (plan.pause && !hasTerminal())
      throw new BreakglassError(
        "no-terminal",
        "there is no terminal to pause at between two slips, so custodians would see each other's",
        "run this in a terminal, or add --no-pause if nobody is at the printer but those who may see all slips",
      );
    const printer = await Printer.open(plan.name, say);
    if (!plan.pause && !printer.isSure)
      throw new BreakglassError(
        "printer",
        "without ipptool nobody would know whether a slip came out",
        "install it (Debian: cups-ipp-utils), or print at a terminal, without --no-pause",
      );
    return new PrinterOutput(printer, plan);
  }

  get closing(): readonly string[] {
    return [
      this.#printer.leftNothing
        ? "the print system has forgotten every slip; a printer may remember: switch it off now"
        : "careful: the print system may keep copies of the slips (CUPS: for a day); see docs/printing.md, and switch the printer off now",
    ];
  }

  readonly next =
    "check every slip from paper (breakglass check), then recover (breakglass recover)";

  async put(documents: readonly SlipDocument[], cameOut: CameOut): Promise<readonly string[]> {
    if (this.#plan.pause) await this.#putWithPauses(documents, cameOut);
    else await this.#putAtOnce(documents, cameOut);
    return documents.map(({ slip }) => slipName(slip));
  }

  async #putAtOnce(documents: readonly SlipDocument[], cameOut: CameOut): Promise<void> {
    const out: SlipDocument[] = [];
    for (const document of documents) {
      say(`printing ${slipName(document.slip)}`);
      const outcome = await this.#print(document);
      if (outcome !== "completed") throw abandoned(document, out, OUTCOMES[outcome]);
      cameOut([document.slip], NO_PAUSE);
      out.push(document);
    }
  }

  async #putWithPauses(documents: readonly SlipDocument[], cameOut: CameOut): Promise<void> {
    const terminal = new Terminal();
    const out: SlipDocument[] = [];
    let current = documents[0]!;
    try {
      for (const document of documents) {
        current = document;
        const { slip, custodian } = document;
        terminal.say(
          `${slipName(slip)}${custodian === "-" ? "" : ` is for ${oneLine(custodian)}`}`,
        );
        while ((await terminal.pause(PRINT_IT)).trim() !== "")
          terminal.say("Enter alone prints it; Ctrl-C abandons the set");
        while (!(await this.#isOut(terminal, document))) {
          cameOut([slip], SPOILED);
          this.#inTray = undefined;
        }
        cameOut([slip]);
        out.push(document);
        this.#inTray = undefined;
      }
    } catch (error) {
      if (this.#inTray !== undefined) out.push(this.#inTray);
      this.leave(cameOut);
      if (error instanceof Abandonment) throw abandoned(current, out, error.message);
      if (!(error instanceof BreakglassError) || error.code !== "interrupted") throw error;
      const { message, hint } = abandoned(current, out, "interrupted");
      throw new BreakglassError("interrupted", message, hint);
    } finally {
      terminal.close();
    }
  }

  /** A page that nobody took away is there all the same, and somebody has to destroy it. */
  leave(cameOut: CameOut): void {
    const left = this.#inTray;
    this.#inTray = undefined;
    if (left !== undefined) cameOut([left.slip], LEFT);
  }

  /**
   * Prints a slip, and asks what became of it.
   *
   * @returns whether the page is out; if not, it is to be printed again
   * @throws Abandonment if the set is abandoned
   * @throws BreakglassError `interrupted`
   */
  async #isOut(terminal: Terminal, document: SlipDocument): Promise<boolean> {
    let good = false;
    const told: { wish?: "enough" | "abandon" } = {};
    const stop = stopWanted(terminal).then((wish) => {
      told.wish = wish;
    });
    try {
      const outcome = await this.#print(document, stop);
      good = outcome === "completed" || outcome === "unknown";
      if (good) this.#inTray = document;
      if (told.wish === "abandon") throw new Abandonment();
      terminal.say(OUTCOMES[outcome]);
    } catch (error) {
      if (!(error instanceof BreakglassError) || error.code !== "printer") throw error;
      // What matters then is which slips are out, and not what the printer says of this one.
      if (told.wish === "abandon") throw new Abandonment();
      reportError(error);
    }
    if (good) terminal.say("take the page, look that it is whole and sharp, fold it, print inside");
    const question = good
      ? "Press Enter when it is folded (p: print it again, a: abandon the set). "
      : "p prints it again, a abandons the set, g goes on if a good page came out after all: ";
    for (;;) {
      const reply = (await terminal.ask(question)).trim().toLowerCase();
      if (reply === (good ? "" : "g")) return true;
      if (reply === "a" && (await terminal.confirm(ABANDON))) throw new Abandonment();
      if (reply === "p") {
        terminal.say("destroy whatever came out of this slip now: it shows the slip all the same");
        return false;
      }
    }
  }

  async #print({ file, pageSize }: SlipDocument, enough?: Promise<void>): Promise<Outcome> {
    return this.#printer.print(file.bytes, TITLE, pageSize, {
      tell: say,
      patience: this.#plan.patience * 1000,
      ...(enough === undefined ? {} : { enough }),
    });
  }
}

/** Settles when the person says that the printer has had time enough, or that it is all over. */
async function stopWanted(terminal: Terminal): Promise<"enough" | "abandon"> {
  terminal.say("printing; type s and Enter to stop waiting for the printer, a to abandon the set");
  for (;;) {
    const typed = (await terminal.ask("")).trim().toLowerCase();
    if (typed === "s") return "enough";
    if (typed === "a") {
      if (await terminal.confirm(ABANDON)) return "abandon";
    } else if (typed !== "")
      terminal.say("s and Enter stops waiting for the printer; a and Enter abandons the set");
  }
}

/** @param out the slips that came out, the one at which it ended among them if it did */
function abandoned(
  document: SlipDocument,
  out: readonly SlipDocument[],
  reason: string,
): BreakglassError {
  const { slip } = document;
  const numbers = out.map((each) => each.slip.index).join(", ");
  const missing = out.includes(document) ? "" : `, for slip ${slip.index} was not printed`;
  return new BreakglassError(
    "printer",
    `set ${setName(slip.setId)} is void${missing}: ${reason}`,
    out.length === 0
      ? "destroy what came out, if anything did; then see to the printer, and issue again"
      : `destroy what came out (slip ${numbers} above all) before a witness; then see to the printer, and issue again`,
  );
}
