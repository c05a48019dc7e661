/** Milliseconds between two tries. */
const PAUSE = 20;

/** Does something again and again while a pipe or terminal that does not block is not ready for it. */
export function patiently<T>(attempt: () => T): T {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
