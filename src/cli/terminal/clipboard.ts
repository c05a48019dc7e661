import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { sameBytes } from "../../core/bytes.ts";
import { BreakglassError } from "../../core/errors.ts";
import { onStop } from "../system/interrupt.ts";
import { reportError } from "../system/report-error.ts";
import type { Terminal } from "./terminal.ts";

/** How a system's own commands put something onto the clipboard, and take it back. */
interface ClipboardTool {
  readonly copy: readonly [string, ...string[]];
  readonly paste: readonly [string, ...string[]];
  readonly clear: readonly [string, ...string[]];
}

const PBCOPY: ClipboardTool = { copy: ["pbcopy"], paste: ["pbpaste"], clear: ["pbcopy"] };
const WAYLAND: ClipboardTool = {
  copy: ["wl-copy"],
  paste: ["wl-paste", "--no-newline"],
  clear: ["wl-copy", "--clear"],
};
const XCLIP: ClipboardTool = {
  copy: ["xclip", "-selection", "clipboard", "-in"],
  paste: ["xclip", "-selection", "clipboard", "-out"],
  clear: ["xclip", "-selection", "clipboard", "-in"],
};
const XSEL: ClipboardTool = {
  copy: ["xsel", "--clipboard", "--input"],
  paste: ["xsel", "--clipboard", "--output"],
  clear: ["xsel", "--clipboard", "--clear"],
};
const WINDOWS: ClipboardTool = {
  copy: ["clip.exe"],
  paste: ["powershell.exe", "-NoProfile", "-Command", "Get-Clipboard -Raw"],
  clear: ["clip.exe"],
};

const KEPT_SECONDS = 30;
/** A command that takes longer has no clipboard to talk to. */
const PATIENCE_MS = 5000;
/**
 * Where wl-copy puts a copy of what it is given, and has it read from; up to version 2.2.1 always
 * there, later ones in TMPDIR.
 */
const WL_COPY_FOLDER = "/tmp";
/** What Linux calls a file system that is kept in memory. */
const TMPFS = 0x01021994;
/** A program that was asked just as another took the clipboard over never answers. */
const PASTE_TRIES = 2;

/** What these commands need to find the desktop, and nothing else of the environment. */
function desktop(): NodeJS.ProcessEnv {
  const names = ["PATH", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XAUTHORITY", "HOME"];
  const kept = [...names, "SystemRoot"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LANG: "C.UTF-8", TMPDIR: WL_COPY_FOLDER };
}

/** Whether wl-copy would leave the password on a disk, if only as a file that is deleted. */
function wlCopyWritesToDisk(): boolean {
  try {
    return statfsSync(WL_COPY_FOLDER).type !== TMPFS;
  } catch {
    return true;
  }
}

/** Whether a desktop is there, by the variable that names it. */
function isThere(desktop: "DISPLAY" | "WAYLAND_DISPLAY"): boolean {
  return (process.env[desktop] ?? "") !== "";
}

/**
 * The commands that may serve this desktop, the one to try first at the beginning: on Wayland, what X puts there may
 * be passed on only while an X window has the focus, and nobody hears of it.
 */
function toolsHere(): readonly ClipboardTool[] {
  if (process.platform === "darwin") return [PBCOPY];
  if (process.platform === "win32") return [WINDOWS];
  return [
    ...(isThere("WAYLAND_DISPLAY") && !wlCopyWritesToDisk() ? [WAYLAND] : []),
    ...(isThere("DISPLAY") ? [XCLIP, XSEL] : []),
  ];
}

/** @returns whether the command is there and did it */
function put([program, ...args]: readonly [string, ...string[]], input: Uint8Array): boolean {
  // What stays behind to serve the clipboard must not keep a pipe of ours open.
  const stdio: ["pipe", "ignore", "ignore"] = ["pipe", "ignore", "ignore"];
  const ran = spawnSync(program, args, { input, stdio, env: desktop(), timeout: PATIENCE_MS });
  return ran.status === 0;
}

/** What is on the clipboard, to be wiped; "nothing", or "unknown" where the command does not answer. */
function paste({ paste: [program, ...args] }: ClipboardTool): Uint8Array | "nothing" | "unknown" {
  for (let tries = 0; tries < PASTE_TRIES; tries++) {
    const ran = spawnSync(program, args, { env: desktop(), timeout: PATIENCE_MS });
    if (ran.status === 0) return ran.stdout;
    if (ran.status !== null) return "nothing";
  }
  return "unknown";
}

/** Whether a program is on the path. */
function isInstalled(program: string): boolean {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && existsSync(join(folder, program)));
}

/**
 * Refuses at once, before anything is typed, if no command of the system can reach a clipboard.
 *
 * @throws BreakglassError `file`
 */
export function needClipboard(): void {
  if (!toolsHere().some(({ copy: [program] }) => isInstalled(program))) throw noClipboard();
}

/**
 * Puts a password onto the clipboard, and takes it off after thirty seconds, at Enter, or if the
 * program ends, unless something else has been copied by then.
 *
 * @returns whether it could be put there; if not, it is told
 */
export async function lendToClipboard(
  terminal: Terminal,
  secret: Uint8Array,
  shown: () => void,
): Promise<boolean> {
  const tool = toolsHere().find(({ copy }) => put(copy, secret));
  if (tool === undefined) {
    reportError(noClipboard());
    return false;
  }
  shown();
  let cleared: string | undefined;
  const clear = (): void => {
    cleared ??= takeOff(tool, secret);
  };
  const release = onStop(clear);
  try {
    terminal.say("the password is on the clipboard; a clipboard history would keep it");
    if (tool !== WAYLAND && isThere("WAYLAND_DISPLAY"))
      terminal.say("it is there by X: where it can't be pasted, use an X terminal such as xterm");
    await terminal.pause(
      `It is taken off after ${KEPT_SECONDS} seconds, or at Enter. `,
      KEPT_SECONDS * 1000,
    );
  } finally {
    release();
    clear();
  }
  terminal.say("");
  terminal.say(cleared);
  return true;
}

function takeOff(tool: ClipboardTool, secret: Uint8Array): string {
  const held = paste(tool);
  if (held === "nothing") return "nothing is on the clipboard any more";
  if (held === "unknown")
    return "it can't be told what is on the clipboard: copy something else over it";
  const same = sameBytes(withoutLineEnd(held), secret);
  held.fill(0);
  if (!same) return "something else is on the clipboard by now, and was left there";
  return put(tool.clear, new Uint8Array(0))
    ? "the password was taken off the clipboard"
    : "the password could NOT be taken off the clipboard: copy something else over it";
}

/** PowerShell adds one. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === 10 && bytes.at(-2) === 13 ? bytes.subarray(0, -2) : bytes;
}

function noClipboard(): BreakglassError {
  if (process.platform === "linux" && isThere("WAYLAND_DISPLAY") && wlCopyWritesToDisk())
    return new BreakglassError(
      "file",
      `wl-copy would write the password to a disk, for ${WL_COPY_FOLDER} is not in memory`,
      "install xclip or xsel, and run this in an X terminal such as xterm; or leave out --clipboard",
    );
  const needed =
    process.platform === "linux"
      ? "install xclip or xsel (X), or wl-clipboard (Wayland), in a desktop session; or leave out --clipboard"
      : "leave out --clipboard, and type the password from the screen";
  return new BreakglassError("file", "no command of this system can reach a clipboard", needed);
}
