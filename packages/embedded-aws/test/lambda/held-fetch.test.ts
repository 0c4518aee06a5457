import { Readable } from "node:stream";
import { HttpResponse } from "@smithy/core/transport";
import { expect, test } from "vitest";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { heldFetch } from "../../src/lambda-runtime/held.ts";

const endpoint = "http://127.0.0.1:4566";

test("time passes during a slow answer of this AWS", async () => {
  const clock = new VirtualClock(0);
  const slow = {
    async handle() {
      await clock.sleep(40_000);
      return {
        response: new HttpResponse({ statusCode: 200, headers: {}, body: Readable.from([Buffer.from("layer")]) }),
      };
    },
  };
  let got: string | undefined;

  void heldFetch(
    clock,
    slow,
    () => endpoint,
  )(`${endpoint}/layer`)
    .then((answer) => answer.text())
    .then((text) => {
      got = text;
    });
  await clock.runUntil(60_000);

  expect(got).toBe("layer");
});

test("a function killed during a request does not block others", async () => {
  const clock = new VirtualClock(0);
  const killed = { handle: () => new Promise<never>(() => {}) };

  void heldFetch(clock, killed, () => endpoint)(`${endpoint}/layer`);
  await clock.runUntil(60_000);

  expect(clock.now()).toBe(60_000);
});
