import fc from "fast-check";
import { expect, test } from "vitest";
import { FeedFailure } from "../../../adapters/advisories/feed-failure.ts";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import type { Feed } from "../../../core/advisories/feed.ts";
import { type Answer, anything, debianFeed, debianFiles, rpmFeed, rpmFiles, serve } from "./served.ts";

const change = fc.record({
  file: fc.nat(),
  at: fc.nat(),
  how: fc.constantFrom("flip", "remove", "insert", "cut"),
  byte: fc.integer({ min: 1, max: 255 }),
  length: fc.integer({ min: 1, max: 20 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Buffer, { at: anywhere, how, byte, length }: Change): Buffer {
  const at = anywhere % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (how) {
    case "flip":
      return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ byte]), after.subarray(1)]);
    case "remove":
      return Buffer.concat([before, after.subarray(length)]);
    case "insert":
      return Buffer.concat([before, Buffer.alloc(length, byte), after]);
    case "cut":
      return before;
  }
}

/** However its bytes change, a feed yields the same advisories or an error. */
async function survives(original: ReadonlyMap<string, Answer>, feedAt: (url: string) => Feed): Promise<void> {
  const files = new Map(original);
  const feed = feedAt((await serve(files)).url);
  const right = await readFeed(feed, anything);
  if (right.kind !== "read") throw new Error("nothing was read");
  expect(right.advisories.length).toBeGreaterThan(2);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(change, async (one) => {
      const [path, content] = [...original][one.file % original.size] ?? ["", ""];
      files.set(path, changed(Buffer.from(content as string | Buffer), one));
      const outcome = await readFeed(feed, anything).catch((error: unknown) => error);
      files.set(path, content);
      if (outcome instanceof FeedFailure) refused += 1;
      else expect(outcome).toMatchObject({ kind: "read", advisories: right.advisories });
    }),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(200);
}

test("a damaged RPM repository never yields fewer advisories without an error", async () => {
  const one = (n: number) =>
    `<update type="security"><id>A${n}</id><pkglist><collection><package name="p${n}" version="${n}"/></collection></pkglist></update>`;
  await survives(rpmFiles(`<updates>${[1, 2, 3].map(one).join("")}</updates>`), rpmFeed);
});

test("a damaged Debian archive never yields fewer advisories without an error", async () => {
  const paragraphs = [1, 2, 3].map((n) => `Package: p${n}\nArchitecture: amd64\nVersion: ${n}\n`);
  await survives(debianFiles(paragraphs.join("\n")), debianFeed);
});
