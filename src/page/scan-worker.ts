import { BreakglassError, type ErrorCode } from "../core/errors.ts";
import { unpacked, type EngineSource, type PackedEngines } from "./engines.ts";
import { find, type Finds, type Job } from "./find.ts";

/** What is sent to this thread: first what it reads with, and then jobs, one after the other. */
export type Order =
  | { readonly kind: "engines"; readonly engines: PackedEngines }
  | { readonly kind: "job"; readonly job: Job };

/** What comes back from it. */
export type Message =
  /** It began, or is between two looks. */
  | { readonly kind: "alive" }
  | { readonly kind: "finds"; readonly finds: Finds }
  | {
      readonly kind: "fault";
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string;
    }
  /** A decoder gave up. */
  | { readonly kind: "broke" };

const tell = (message: Message): void => postMessage(message);

let engines: EngineSource = unpacked({}, breathe);

function breathe(): Promise<void> {
  tell({ kind: "alive" });
  return Promise.resolve();
}

async function answer(job: Job): Promise<Message> {
  try {
    return { kind: "finds", finds: await find(job, engines) };
  } catch (error) {
    if (!(error instanceof BreakglassError)) return { kind: "broke" };
    const { code, message, hint } = error;
    return { kind: "fault", code, message, hint };
  }
}

// Decoders write there, and what they have to say helps nobody.
for (const name of ["log", "warn", "error"] as const) console[name] = (): void => undefined;

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if (data.kind === "engines") engines = unpacked(data.engines, breathe);
  else void answer(data.job).then(tell);
});
tell({ kind: "alive" });
