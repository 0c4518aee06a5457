import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sizeOf } from "../../../../test/whole/deep/size.ts";
import { PROTOCOL } from "../../src/wire/choose-protocol.ts";
import { HOSTILE } from "./hostile-requests.ts";
import { FAULTS, type Malformed } from "./malformed-faults.ts";
import { BROKEN_FRAMING } from "./malformed-framing.ts";
import { type Answer, type ServerProcess, startProcess } from "./malformed-server.ts";
import { builtOperations, type Target } from "./malformed-targets.ts";
import { drawFrom } from "./value-of-shape.ts";

const { runs: RUNS, seed: SEED } = sizeOf({ quick: 1_000, deep: 100_000 });
/** Caches are warm by then: most operations were asked. */
const WARM = Math.min(2_000, RUNS / 2);
/**
 * The log of calls, which is full after 10,000 requests of about 0.7 KB, and the events that were taken: some 500 in
 * 100,000 requests, the largest with 100 KB. In bytes.
 */
const GROWTH = 16 * 2 ** 20;

const BATCH = 500;
const AT_ONCE = 4;

const targets = await builtOperations();
const framings = Object.entries(BROKEN_FRAMING);

const NAMES = [...Object.keys(FAULTS), "framing", ...Object.keys(HOSTILE)];

interface Sent extends Omit<Malformed, "message"> {
  readonly name: string;
  /** Default: any 4xx, because AWS documents no single status for it. */
  readonly statuses?: readonly number[];
  readonly target: Target;
  send(server: ServerProcess): Promise<Answer>;
}

const byProtocol = Object.values(Object.groupBy(targets, ({ protocol }) => protocol));

/** Every protocol as often as every other, and of its faults each that an operation can have. */
const requests: fc.Arbitrary<Sent> = fc
  .record({
    target: fc.constantFrom(...byProtocol).chain((some) => fc.constantFrom(...some)),
    name: fc.constantFrom(...NAMES),
    seed: fc.integer(),
  })
  .map(({ target, name, seed }): Sent | undefined => {
    if (name === "framing") {
      const [what, bytes] = framings[Math.abs(seed) % framings.length] ?? ["", () => ""];
      return { name, target, what, codes: [], send: (server) => server.sendBytes(bytes(target.service)) };
    }
    const hostile = HOSTILE[name]?.(target.service, drawFrom(seed));
    if (hostile) return { name, target, codes: [], ...hostile };
    const made = FAULTS[name]?.(target, drawFrom(seed));
    return made && { name, target, what: made.what, codes: made.codes, send: (server) => server.send(made.message) };
  })
  .filter((made) => made !== undefined);

let server: ServerProcess;
beforeAll(async () => {
  server = await startProcess();
});
afterAll(() => server?.close());

const counts = new Map<string, Map<number, number>>();
const protocols = new Map<string, number>();
const findings: string[] = [];

async function ask({ name, target, what, codes, statuses, send }: Sent): Promise<void> {
  const { status, errorType = "", body } = await send(server);
  const byStatus = counts.get(name) ?? new Map<number, number>();
  counts.set(name, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
  protocols.set(target.protocol, (protocols.get(target.protocol) ?? 0) + 1);
  // What answers to HEAD has no body.
  const told = codes.length === 0 || body === "" || codes.some((code) => `${errorType} ${body}`.includes(code));
  if ((statuses?.includes(status) ?? (status >= 400 && status < 500)) && told) return;
  const asked = `${name} (${what}) to ${target.service}:${target.operation.name}`;
  findings.push(`${asked} got ${status} ${errorType} ${body.slice(0, 300)}`);
}

async function flood(numRuns: number, seed: number): Promise<void> {
  for (let left = numRuns, batch = 0; left > 0; left -= BATCH, batch++) {
    const drawn = fc.sample(requests, { numRuns: Math.min(BATCH, left), seed: seed * 1_000_003 + batch });
    await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => askEach(drawn.filter((_, n) => n % AT_ONCE === at))));
  }
}

async function askEach(all: readonly Sent[]): Promise<void> {
  for (const one of all) await ask(one);
}

test("malformed requests of every protocol are answered with 4xx only, by a process that lives on and does not grow", {
  timeout: 600_000,
}, async () => {
  await flood(WARM, SEED);
  const before = await server.memory();
  await flood(RUNS - WARM, SEED + 1);
  const after = await server.memory();

  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  const table = [...counts].map(([name, found]) => `${name}: ${[...found].map((one) => one.join(" × ")).join(", ")}`);
  console.log(
    `malformed requests, seed ${SEED}: ${table.join("; ")}. ${[...protocols].flat().join(" ")}. Heap ${megabytes(before.heapUsed)} at ${WARM}, ` +
      `${megabytes(after.heapUsed)} at ${RUNS}; resident ${megabytes(before.rss)}, ${megabytes(after.rss)}`,
  );
  expect(findings.slice(0, 20)).toEqual([]);
  expect(server.ended()).toBeUndefined();
  expect(server.complaints()).toBe("");
  expect([...counts.keys()].sort()).toEqual(NAMES.toSorted());
  expect([...protocols.keys()].sort()).toEqual(Object.keys(PROTOCOL).sort());
  expect(after.heapUsed - before.heapUsed).toBeLessThan(GROWTH);
});
