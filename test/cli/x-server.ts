import { spawn } from "node:child_process";

/** Programs that a clipboard of X needs. */
export const X_TOOLS = ["Xvfb", "xclip"] as const;

/** An X server that nobody sees, for its clipboard. */
export interface XServer {
  /** What leads a program to it, and to no other desktop. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => void;
}

export async function startX(): Promise<XServer> {
  const screen = ["-screen", "0", "64x64x8", "-nolisten", "tcp"];
  const server = spawn("Xvfb", ["-displayfd", "1", ...screen], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const number = await new Promise<string>((resolve) =>
    server.stdout.once("data", (text: Buffer) => {
      resolve(text.toString().trim());
    }),
  );
  return {
    env: { WAYLAND_DISPLAY: "", DISPLAY: `:${number}` },
    stop: () => void server.kill(),
  };
}
