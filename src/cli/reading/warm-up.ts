import { isPicture } from "../system/is-picture.ts";

/** Has the threads begin that will read pictures, before the command line is understood. */
export async function warmUpFor(args: readonly string[]): Promise<void> {
  const pictures = args.filter(isPicture).length;
  if (pictures > 0) (await import("./scan-thread.ts")).warmUp(pictures);
}
