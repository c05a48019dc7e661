import fc from "fast-check";

// The same cases at every run, so that a failure is a change's and not the day's; another seed
// looks further: BREAKGLASS_SEED=7 npm test
fc.configureGlobal({ seed: Number(process.env["BREAKGLASS_SEED"] ?? 20261123) });
