import { askFor } from "../terminal/questions.ts";
import { RECORDABLE_WORDS } from "./recordable.ts";

/** Asks what is to be recorded, by the word that the command line has for it. */
export async function askEvent(folder: string): Promise<string> {
  return askFor("EVENT", "What happened", undefined, {
    ...{ known: RECORDABLE_WORDS, closed: true, back: true },
    judge: async (word) => {
      // Nobody waits before the first question for what only its answer needs.
      const { openRegister } = await import("../journal/journal-file.ts");
      const { refuseNothing } = await import("./record-guards.ts");
      const { asVerdict } = await import("../terminal/as-verdict.ts");
      return asVerdict(() => {
        refuseNothing(word, openRegister(folder).register);
      });
    },
  });
}
