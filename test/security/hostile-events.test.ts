import { readdirSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { drawEvent } from "../../cli/try/event-line.ts";
import { EventFold } from "../../cli/try/fold-events.ts";
import { drawStoryLine } from "../../cli/try/story-line.ts";

const time = "2026-04-01T00:00:00Z";
const known = readdirSync(new URL("../../events/samples", import.meta.url)).map((name) => name.replace(/\.json$/, ""));

const odd = fc.oneof(fc.jsonValue(), fc.constant({ toString: 1 }), fc.constant([null]));
const keys = [
  "image",
  "build",
  "triggers",
  "failure",
  "reasons",
  "answers",
  "accounts",
  "amis",
  "expiresAt",
  "channels",
];

test("a caller of PutEvents cannot break the timeline with an event of another form", () => {
  const detailType = fc.oneof(fc.constantFrom(...known, "constructor", "__proto__"), fc.string());
  const detail = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), odd);

  fc.assert(
    fc.property(detailType, detail, (name, given) => {
      expect(drawEvent({ time, detailType: name, detail: given })).toContain("01 Apr");
    }),
    { numRuns: 2_000 },
  );
});

test("nor can several such events break the folded story, or its columns", () => {
  const detailType = fc.oneof(fc.constantFrom(...known, "constructor", "__proto__"), fc.string());
  const detail = fc.dictionary(fc.oneof(fc.constantFrom(...keys, "because", "decision"), fc.string()), odd);
  const events = fc.array(fc.record({ time: fc.constant(time), detailType, detail }), { maxLength: 5 });

  fc.assert(
    fc.property(events, (given) => {
      const fold = new EventFold(() => ["candidate", "stable"]);
      const lines = [...given.flatMap((event) => fold.push(event)), ...fold.end()];
      for (const line of lines.flatMap((one) => drawStoryLine(one, 20))) expect(line.length).toBeLessThanOrEqual(100);
    }),
    { numRuns: 1_000 },
  );
});
