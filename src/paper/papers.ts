/** Languages of the templates that come with breakglass. */
export const LANGUAGES = ["en"] as const;

/** Ceremonies that there is a script for. */
export const CEREMONIES = ["issue", "rotate", "drill-check", "drill-full", "incident"] as const;
export type Ceremony = (typeof CEREMONIES)[number];

/** Everything that is printed for a ceremony, besides the slips. */
export const PAPERS = [...CEREMONIES, "minutes", "labels", "runbook"] as const;
export type Paper = (typeof PAPERS)[number];
