import { pictureAt } from "../system/is-picture.ts";

/** Has what will read pictures begin, before the command line is understood. */
export async function warmUpFor(args: readonly string[]): Promise<void> {
  const pictures = args.flatMap((path) => pictureAt(path) ?? []);
  if (pictures.some(({ mayBeClean }) => mayBeClean))
    (await import("./clean-scan.ts")).prepareCleanScan();
  const others = pictures.filter(({ mayBeClean }) => !mayBeClean).length;
  if (others > 0) (await import("./scan-thread.ts")).warmUp(others);
}
