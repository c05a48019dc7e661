/** The part of the package's ECMAScript module that is used here; it brings no types. */
declare module "shamirs-secret-sharing" {
  /** The package's own byte array: `random` must return one, since its `toString` is called. */
  export class Buffer extends Uint8Array {
    static from(bytes: Uint8Array): Buffer;
  }
  export function split(
    secret: Uint8Array,
    options: { shares: number; threshold: number; random: (length: number) => Buffer },
  ): Uint8Array[];
  export function combine(shares: readonly Uint8Array[]): Uint8Array;
}
