import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    globalSetup: ["test/temporary.ts"],
    // Real tools and built binaries take their time on a small machine; nothing is timed here.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
