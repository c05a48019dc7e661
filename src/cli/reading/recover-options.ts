import type { DeedOptions } from "../journal/deed.ts";

/** Why a password is recovered. */
export const PURPOSES = ["ceremony", "drill", "emergency"] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface RecoverOptions extends DeedOptions {
  readonly purpose?: string;
  readonly reason?: string;
  readonly stdout?: boolean;
  readonly clipboard?: boolean;
  readonly acceptCorrections?: boolean;
  readonly set?: string;
}
