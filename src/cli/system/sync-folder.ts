import { closeSync, fsyncSync, openSync } from "node:fs";
import { quietly } from "./quietly.ts";

/** Makes new names last, where the system lets a folder be synced. */
export function syncFolder(folder: string): void {
  quietly(() => {
    const handle = openSync(folder, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}
