import { readDocument } from "../../core/document.ts";
import { readSlip, type SlipReading } from "../../core/reader.ts";
import { readCode } from "../../scan/read-code.ts";
import { inputName, readGiven } from "../system/input.ts";
import { inContext, type GivenSlip } from "./given-slip.ts";

/** What files hold, read in the order in which they were named. */
export class SlipInput {
  readonly #files: readonly string[];
  /** A picture takes a while, so the file after the one that was asked for is begun with it. */
  readonly #begun: Promise<GivenSlip[]>[] = [];
  readonly #stop = new AbortController();

  /** @param files paths; `-` is standard input */
  constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** How messages call one of the files. */
  nameOf(index: number): string {
    return inputName(this.#files[index]!, index + 1);
  }

  /**
   * All slips in one of the files, in order.
   *
   * @param index from 0
   * @throws BreakglassError `file`, `input-too-large`, `picture` or `no-slip`, naming the file
   */
  slips(index: number): Promise<GivenSlip[]> {
    for (const i of [index, index + 1])
      if (i < this.#files.length && this.#begun[i] === undefined) {
        this.#begun[i] = slipsIn(this.#files[i]!, i + 1, this.#stop.signal);
        this.#begun[i].catch(() => undefined); // told when it is asked for
      }
    return this.#begun[index]!;
  }

  /** Ends whatever is still being read. */
  close(): void {
    this.#stop.abort();
  }
}

async function slipsIn(file: string, place: number, stop: AbortSignal): Promise<GivenSlip[]> {
  const name = inputName(file, place);
  const given = readGiven(file, name);
  if ("picture" in given) {
    const { slipsInPicture } = await import("./picture-input.ts");
    return slipsInPicture(given.picture, name, stop);
  }
  const drafts = inContext(name, () => readDocument(given.text));
  return drafts.map((draft, i) => ({
    draft,
    where: drafts.length > 1 ? `slip ${i + 1} in ${name}` : name,
    from: "text",
  }));
}

/**
 * Reads a slip, and names where it was given in what it throws.
 *
 * @throws BreakglassError as {@link readSlip} and {@link readCode} do
 */
export function readGivenSlip(
  { draft, where, from }: GivenSlip,
  options: { acceptCorrections: boolean },
): SlipReading {
  return inContext(where, () =>
    draft === undefined || from !== "text" ? readCode(draft, options) : readSlip(draft, options),
  );
}
