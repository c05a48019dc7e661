/** Plain concatenation, or Shamir's threshold scheme. */
export type Scheme = "concat" | "shamir";

/** Most slips of a set whose password is cut in pieces. */
export const CONCAT_TOTAL_MAX = 3;
/** Most slips of a set whose password is shared. */
export const SHAMIR_TOTAL_MAX = 16;
