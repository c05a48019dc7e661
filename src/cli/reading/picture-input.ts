import { BreakglassError } from "../../core/errors.ts";
import { noSlip, tooMuch } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { draftOfCode } from "../../scan/read-code.ts";
import { progress } from "../terminal/progress.ts";
import { cleanScan } from "./clean-scan.ts";
import { named, type GivenSlip } from "./given-slip.ts";
import { scanThread } from "./scan-thread.ts";
import type { ScanAnswer } from "./scan-worker.ts";

/**
 * After so many milliseconds without a sign that it goes on, a file is given up. It bounds its own
 * work long before, but for what a decoder does by itself.
 */
const SILENCE_MAX = 15_000;
/** The same for a file of many pages, each of which takes its time. */
const TIME_MAX = 60_000;

/**
 * All slips whose codes can be read in a picture or PDF.
 *
 * @param name how messages call the file
 * @throws BreakglassError `picture`, `input-too-large` or `no-slip`, naming the file
 */
export async function slipsInPicture(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  stop: AbortSignal,
): Promise<GivenSlip[]> {
  try {
    progress(`looking for slips in ${name}`);
    const scan = (await cleanScan(bytes)) ?? (await scanApart(bytes, stop));
    // A picture of a slip is that slip; one that a thread read has gone with it.
    if (bytes.length > 0) bytes.fill(0);
    const { found, foreign, pages } = scan;
    if (found.length === 0) throw noSlip(foreign);
    return found.map(({ text, page }, i) => ({
      draft: draftOfCode(text),
      where:
        found.length === 1 ? name : `slip ${i + 1} in ${name}${pages > 1 ? ` (page ${page})` : ""}`,
      from: scan.drawn ? "drawn page" : "picture",
    }));
  } catch (error) {
    throw named(name, error);
  }
}

/**
 * Scans in a thread of its own, since what a hostile file makes a decoder do can be ended in no
 * other way.
 */
function scanApart(bytes: Uint8Array<ArrayBuffer>, stop: AbortSignal): Promise<Scan> {
  return new Promise((resolve, reject) => {
    const worker = scanThread();
    const end = (): void => {
      clearTimeout(timer);
      clearTimeout(silence);
      stop.removeEventListener("abort", end);
      void worker.terminate();
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const timer = setTimeout(() => fail(tooMuch()), TIME_MAX);
    const silence = setTimeout(() => fail(tooMuch()), SILENCE_MAX);
    stop.addEventListener("abort", end);
    worker.on("message", (answer: ScanAnswer) => {
      if ("goesOn" in answer) silence.refresh();
      else if ("scan" in answer) {
        end();
        resolve(answer.scan);
      } else fail(new BreakglassError(answer.code, answer.message, answer.hint));
    });
    worker.on("error", () => fail(tooMuch()));
    worker.postMessage(bytes, [bytes.buffer]);
  });
}
