import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/core/document.ts";
import { readSlip } from "../../src/core/reader.ts";
import {
  checkWord,
  decodeHeading,
  decodeStream,
  encodeSlip,
  encodeStream,
  groupLine,
  lineCount,
  sameSet,
  setName,
  slipBody,
  slipCommitment,
  slipFragment,
  slipName,
  type Slip,
} from "../../src/core/slip.ts";
import { checkOf, contentOf, forge, streamOf, type Stream } from "../vectors/forge.ts";
import { anySlip } from "./arbitrary.ts";
import { typedSlip } from "./typed.ts";

const SLIP: Slip = {
  ...{ setId: 0x99ee2, scheme: "shamir", blinded: false, threshold: 2, total: 3, index: 2 },
  payload: Uint8Array.of(1, 2, 3, 4, 5, 6, 7),
};

function read(text: string): Slip {
  const [draft] = readDocument(text);
  return readSlip(draft!, { acceptCorrections: false }).slip;
}

describe("a slip", () => {
  it("is what its stream, its lines and its QR text say", () => {
    fc.assert(
      fc.property(anySlip(), (slip) => {
        expect(decodeStream(encodeStream(slip))).toEqual(slip);
        expect(read(typedSlip(slip))).toEqual(slip);
        expect(read(encodeSlip(slip).qr)).toEqual(slip);
      }),
    );
  });

  it("is written as the format says, by another hand", () => {
    fc.assert(
      fc.property(anySlip({ maxBody: 260 }), (slip) => {
        expect(encodeSlip(slip)).toEqual(forge(slip));
      }),
    );
  });

  it("that was read is written again as it was, but for case, groups and look-alikes", () => {
    fc.assert(
      fc.property(anySlip(), (slip) => {
        const { qr } = encodeSlip(slip);
        const loose = qr
          .toLowerCase()
          .replaceAll("0", "o")
          .replace(/(?<=:.*)1/g, "l");
        expect(encodeSlip(read(loose)).qr).toBe(qr);
        expect(typedSlip(read(typedSlip(slip)))).toBe(typedSlip(slip));
      }),
    );
  });

  it("is not written if its fields are out of range", () => {
    const wrong: Partial<Slip>[] = [
      { setId: -1 },
      { setId: 2 ** 20 },
      { setId: 0.5 },
      { threshold: 1 },
      { threshold: 4 },
      { threshold: 1.5 },
      { total: 17 },
      { index: 0 },
      { index: 4 },
      { payload: new Uint8Array(4) },
      { payload: new Uint8Array(271) },
      { blinded: true, payload: new Uint8Array(14) },
      { scheme: "concat", blinded: true, payload: new Uint8Array(20) },
      { scheme: "concat", threshold: 3, payload: new Uint8Array(20) },
      { scheme: "concat", blinded: true, threshold: 4, total: 4, payload: new Uint8Array(20) },
    ];
    for (const change of wrong)
      expect(() => encodeSlip({ ...SLIP, ...change }), JSON.stringify(change)).toThrow(
        expect.objectContaining({ code: "internal" }),
      );
  });
});

describe("the check", () => {
  it("has 8 to 23 symbols, and a slip as few lines as leave room for it", () => {
    for (let bytes = 5; bytes <= 270; bytes++) {
      const check = 16 * lineCount(bytes) - 10 - Math.ceil((bytes * 8) / 5);
      expect(check, `${bytes} bytes`).toBeGreaterThanOrEqual(8);
      expect(check, `${bytes} bytes`).toBeLessThanOrEqual(23);
    }
    expect(lineCount(270)).toBe(29);
  });

  it("notices any one symbol that was altered", () => {
    const stream = encodeStream(SLIP);
    for (const place of stream.keys())
      for (let error = 1; error < 32; error++)
        expect(() => decodeStream(stream.with(place, stream[place]! ^ error))).toThrow();
  });
});

describe("a stream is refused", () => {
  const refuse = (slip: Slip, change: Partial<Stream>): unknown => {
    const content = contentOf({ ...streamOf(slip), ...change });
    try {
      return decodeStream(Uint8Array.from([...content, ...checkOf(content)]));
    } catch (error) {
      return error;
    }
  };
  const concat: Slip = {
    ...{ ...SLIP, scheme: "concat", blinded: true, threshold: 3 },
    payload: Uint8Array.from({ length: 16 }, (_, i) => i),
  };

  it.each<[string, Slip, Partial<Stream>]>([
    ["threshold 1", SLIP, { threshold: 1 }],
    ["threshold above total", SLIP, { threshold: 4 }],
    ["index above total", SLIP, { index: 4 }],
    ["lower reserved bit", SLIP, { reserved: 1 }],
    ["upper reserved bit", SLIP, { reserved: 2 }],
    ["padding", SLIP, { padding: "0001" }],
    ["more padding", SLIP, { padding: "1000" }],
    ["short body", SLIP, { payload: SLIP.payload.subarray(3), length: 4 }],
    ["short blinded body", { ...SLIP, payload: new Uint8Array(14) }, { blinded: 1 }],
    ["concatenation in four parts", concat, { threshold: 4, total: 4 }],
    ["concatenation of two of three", concat, { threshold: 2 }],
    ["concatenation without a blind", concat, { blinded: 0 }],
    ["long payload", { ...SLIP, payload: new Uint8Array(271) }, {}],
  ])("with %s", (_, slip, change) => {
    expect(refuse(slip, {})).toEqual(slip.payload.length > 270 ? expect.anything() : slip);
    expect(refuse(slip, change)).toMatchObject({ code: "structure" });
  });

  it("of any other version", () => {
    for (const version of [0, 2, 3, 31])
      expect(refuse(SLIP, { version })).toMatchObject({ code: "version" });
  });

  it("with another number of lines than its length says", () => {
    const stream = encodeStream(SLIP);
    for (const other of [stream.slice(0, 16), Uint8Array.from([...stream, ...stream.slice(16)])])
      expect(() => decodeStream(other)).toThrow(expect.objectContaining({ code: "line-count" }));
  });
});

describe("what a slip says of itself", () => {
  it("is known from its first line", () => {
    fc.assert(
      fc.property(anySlip({ maxBody: 260 }), ({ payload, ...slip }) => {
        const stream = encodeStream({ ...slip, payload });
        expect(decodeHeading(stream.subarray(0, 16))).toEqual({
          ...slip,
          length: payload.length,
          lines: stream.length / 16,
        });
      }),
    );
  });

  it("is its name, and what it carries", () => {
    expect(setName(0)).toBe("0000");
    expect(setName(SLIP.setId)).toBe("K7Q2");
    expect(slipName(SLIP)).toBe("K7Q2 slip 2 of 3");
    expect(slipBody(SLIP)).toEqual(SLIP.payload);
    expect(slipFragment(SLIP)).toBeUndefined();
    const part: Slip = { ...SLIP, scheme: "concat", blinded: true, threshold: 3 };
    const blindAndDigest = Array<number>(14).fill(9);
    const concat = { ...part, payload: Uint8Array.from([...blindAndDigest, 65, 66]) };
    expect(slipFragment(concat)).toEqual(Uint8Array.of(65, 66));
    expect(groupLine("ABCDEFGHJKMNPQRSTVWX")).toBe("ABCD EFGH JKMN PQRS  TVWX");
  });

  it("joins it to slips that differ in index and content alone", () => {
    expect(sameSet(SLIP, { ...SLIP, index: 3, payload: new Uint8Array(7) })).toBe(true);
    const others: Partial<Slip>[] = [
      { setId: 1 },
      { scheme: "concat" },
      { blinded: true },
      { threshold: 3 },
      { total: 4 },
      { payload: new Uint8Array(8) },
    ];
    for (const change of others) expect(sameSet(SLIP, { ...SLIP, ...change })).toBe(false);
    const concat: Slip = { ...SLIP, scheme: "concat" };
    expect(sameSet(concat, { ...concat, payload: new Uint8Array(8) })).toBe(true);
  });
});

describe("the commitment and the check word", () => {
  it("are others for any other slip, and not on the paper", () => {
    fc.assert(
      fc.property(anySlip(), anySlip(), (a, b) => {
        const word = checkWord(a);
        expect(word).toMatch(/^[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}$/);
        expect(typedSlip(a)).not.toContain(word);
        fc.pre(typedSlip(a) !== typedSlip(b));
        expect(slipCommitment(a)).not.toEqual(slipCommitment(b));
        expect(word).not.toBe(checkWord(b));
      }),
    );
  });
});
