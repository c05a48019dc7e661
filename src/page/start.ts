// The same script twice: as the page, and without a document as the worker that reads files for it.
import "./own-script.ts";

if ("document" in globalThis) void import("./main.ts");
else void import("./scan-worker.ts");
