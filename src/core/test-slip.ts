import { sameBytes } from "./bytes.ts";
import { setName, type Slip } from "./slip.ts";

/**
 * The set of the void test page, `V01D`, which no real set may have: its only slip belongs to no
 * password, and tries out a printer and a scanner.
 */
export const TEST_SET = "V01D";
const TEST_SET_ID = 0xd802d;

/** The slip on the test page: as long as that of a usual password, and always the same. */
export function testSlip(): Slip {
  return {
    ...{ setId: TEST_SET_ID, scheme: "shamir", blinded: false, threshold: 2, total: 3, index: 1 },
    // steps through the bytes, so that all 32 symbols are on the page
    payload: Uint8Array.from({ length: 28 }, (_, i) => (i * 41 + 54) % 256),
  };
}

/** Whether a slip says that it is the one on the test page. */
export function isTestSlip(slip: Pick<Slip, "setId">): boolean {
  return setName(slip.setId) === TEST_SET;
}

/** Whether it is that slip, symbol for symbol. */
export function isGenuineTestSlip(slip: Slip): boolean {
  const { payload, ...fields } = testSlip();
  return (
    sameBytes(payload, slip.payload) &&
    Object.entries(fields).every(([key, value]) => slip[key as keyof typeof fields] === value)
  );
}
