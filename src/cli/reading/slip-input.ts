import { readDocument } from "../../core/document.ts";
import { BreakglassError, type ErrorCode } from "../../core/errors.ts";
import { readSlip, type SlipReading } from "../../core/reader.ts";
import { inputName, readGiven } from "../system/input.ts";
import { inContext, named, type GivenSlip } from "./given-slip.ts";

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
 * @throws BreakglassError as {@link readSlip} does
 */
export function readGivenSlip(
  { draft, where, from }: GivenSlip,
  options: { acceptCorrections: boolean },
): SlipReading {
  const none = (code: ErrorCode, why: string): BreakglassError =>
    new BreakglassError(
      code,
      `${where}: the QR code begins like a slip's, and is none: ${why}`,
      "take a picture of the slip's own code, or type the code lines printed beside it",
    );
  if (draft === undefined) throw none("structure", "more or something else stands in it");
  try {
    return readSlip(draft, options);
  } catch (error) {
    // What a code says was read as it was printed, so comparing symbols will not help.
    if (error instanceof BreakglassError && from !== "text" && error.code !== "version")
      throw none(error.code, error.message);
    throw named(where, error);
  }
}
