import { oneLine } from "../system/output.ts";
import type { CameOut, Destination, SlipDocument, SlipOutput } from "./slip-document.ts";
import { writeNewFiles } from "./slip-files.ts";

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
  ];
  readonly next =
    "print, check every slip from paper (breakglass check), then recover (breakglass recover)";
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
