import { createHash } from "node:crypto";
import type { World } from "./jsonata-engine.ts";
import type { Run } from "./thread.ts";

const hashes: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** As in States.ArrayRange. */
export const MAX_RANGE = 1_000;

/**
 * Functions that Step Functions adds to JSONata; it removes `$eval` (Developer Guide, "Transforming data with
 * JSONata").
 */
export function serviceFunctions(run: Run): Record<string, unknown> {
  return {
    eval: undefined,
    partition: (items: unknown, size: unknown) => partition(items, size),
    range: (first: unknown, last: unknown, step: unknown) => range(first, last, step),
    hash: (data: unknown, algorithm: unknown) => (data === undefined ? undefined : hash(data, algorithm)),
    random: (seed?: unknown) => (seed === undefined ? worldOf(run).dice() : seeded(seed)),
    uuid: () => run.aws.uuid(),
    parse: (text: unknown) => (typeof text === "string" ? (JSON.parse(text) as unknown) : undefined),
  };
}

/** Factory time, and random numbers that are the same in the same execution. */
export const worldOf = ({ aws, execution }: Run): World => ({
  now: aws.clock.now(),
  dice: () => chance(`${execution.arn} ${execution.dice++}`),
});

/** A number in [0, 1) derived from the text, so that the same run gets the same numbers. */
export const chance = (seed: string): number => createHash("sha256").update(seed).digest().readUInt32BE(0) / 2 ** 32;

/** The first double of Java's `Random(seed)`, as in AWS. */
export function seeded(seed: unknown): number {
  if (typeof seed !== "number") throw new TypeError("$random requires a number as its seed");
  const [factor, mask] = [0x5deece66dn, (1n << 48n) - 1n];
  let state = (BigInt(Math.trunc(seed)) ^ factor) & mask;
  const next = (bits: bigint): bigint => {
    state = (state * factor + 0xbn) & mask;
    return state >> (48n - bits);
  };
  return Number((next(26n) << 27n) + next(27n)) / 2 ** 53;
}

function partition(items: unknown, size: unknown): unknown[][] | undefined {
  if (items === undefined) return undefined;
  if (!Array.isArray(items)) throw new TypeError("$partition requires an array");
  if (typeof size !== "number" || !(size >= 1)) throw new TypeError("$partition requires a positive size");
  const step = Math.floor(size);
  return Array.from({ length: Math.ceil(items.length / step) }, (_, at) => items.slice(at * step, (at + 1) * step));
}

/** As a sequence, from which JSONata unwraps a single element: AWS answers `1` for `$range(1, 9, 9)`. */
function range(first: unknown, last: unknown, step: unknown): number[] {
  if (typeof first !== "number" || typeof last !== "number" || typeof step !== "number" || step === 0) {
    throw new TypeError("$range requires three numbers, with a step other than 0");
  }
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE) throw new RangeError(`$range returns at most ${MAX_RANGE} elements, not ${length}`);
  const items = Array.from({ length }, (_, at) => first + at * step);
  return Object.defineProperty(items, "sequence", { value: true });
}

export function hash(data: unknown, algorithm: unknown): string {
  const name = hashes[String(algorithm)];
  if (!name) throw new TypeError(`hash algorithms are ${Object.keys(hashes).join(", ")}, not ${String(algorithm)}`);
  return createHash(name)
    .update(typeof data === "string" ? data : JSON.stringify(data))
    .digest("hex");
}
