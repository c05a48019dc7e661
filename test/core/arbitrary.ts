import fc from "fast-check";
import type { Slip } from "../../src/core/slip.ts";

/** Any valid slip; its payload need not come from a password. */
export function anySlip({ maxBody = 60 }: { maxBody?: number } = {}): fc.Arbitrary<Slip> {
  return fc
    .record({
      setId: fc.nat(2 ** 20 - 1),
      scheme: fc.constantFrom("concat", "shamir"),
      blind: fc.boolean(),
      total: fc.integer({ min: 2, max: 16 }),
      threshold: fc.nat(),
      index: fc.nat(),
      body: fc.uint8Array({ minLength: 5, maxLength: maxBody }),
      filler: fc.uint8Array({ minLength: 10, maxLength: 10 }),
    })
    .map(({ setId, scheme, blind, body, filler, ...drawn }) => {
      const concat = scheme === "concat";
      const total = concat ? 2 + (drawn.total % 2) : drawn.total;
      const threshold = concat ? total : 2 + (drawn.threshold % (total - 1));
      const blinded = concat || blind;
      const payload = Uint8Array.from([...(blinded ? filler : []), ...body]);
      return {
        setId,
        scheme,
        blinded,
        threshold,
        total,
        index: 1 + (drawn.index % total),
        payload,
      };
    });
}

/** A line of the code before its parity: its number and 16 symbols. */
export const anyRow = fc.uint8Array({ minLength: 16, maxLength: 16, max: 31 });
