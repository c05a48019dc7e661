import type { Slip } from "../core/slip.ts";
import type { PageSize } from "../paper/sheet.ts";
import { oneLine } from "./output.ts";
import { writeNewFiles, type NewFile } from "./slip-files.ts";

/** A slip as a document, ready to go out. */
export interface SlipDocument {
  readonly slip: Slip;
  readonly file: NewFile;
  readonly custodian: string;
  readonly pageSize: PageSize;
}

/** Told of slips as soon as they are out. @param note what is odd about it */
export type CameOut = (slips: readonly Slip[], note?: string) => void;

/** Where the slips of a set go out to: files in a folder, or a printer. */
export interface SlipOutput {
  /** What the register calls it. */
  readonly to: "file" | "printer";
  /**
   * Lets every slip out, or throws.
   *
   * @returns what to name in the answer: paths, or slips
   */
  put(documents: readonly SlipDocument[], cameOut: CameOut): Promise<readonly string[]>;
  /** What to say once all are out. */
  readonly closing: readonly string[];
  /** Where to find them, for a message. */
  readonly place: string;
}

/** `--print`: which printer, and how. */
export interface PrintPlan {
  /** undefined: the usual one. */
  readonly name: string | undefined;
  /** Whether to stop between slips, so that nobody sees another's. */
  readonly pause: boolean;
  /** Seconds to wait for a slip. */
  readonly patience: number;
}

/** Where the person wants the slips to go. */
export type Destination =
  { readonly kind: "folder"; readonly folder: string } | ({ readonly kind: "printer" } & PrintPlan);

/** @throws BreakglassError `usage` or `printer` if nothing can go there now */
export async function openOutput(destination: Destination): Promise<SlipOutput> {
  if (destination.kind === "folder") return new FolderOutput(destination.folder);
  const { PrinterOutput } = await import("./print-slips.ts");
  return PrinterOutput.open(destination);
}

class FolderOutput implements SlipOutput {
  readonly to = "file";
  readonly place: string;
  readonly closing = [
    "careful: this folder now holds the whole password; print the slips, then delete the files",
    "next: print, check every slip from paper (breakglass check), then recover (breakglass recover)",
  ];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.place = `the slips in ${oneLine(folder)}`;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a printer takes its time
  async put(documents: readonly SlipDocument[], cameOut: CameOut): Promise<readonly string[]> {
    const paths = writeNewFiles(
      this.#folder,
      documents.map(({ file }) => file),
    );
    cameOut(documents.map(({ slip }) => slip));
    return paths;
  }
}
