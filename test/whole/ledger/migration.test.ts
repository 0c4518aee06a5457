import { expect, test } from "vitest";
import { pairOf } from "../../../adapters/ledger/former-keys.ts";
import { readTable } from "../../../adapters/ledger/migration.ts";
import { keyIn, type Ledger } from "../../../adapters/ledger/table.ts";
import { migrate } from "../../../cli/ledger/migrate.ts";
import { HOUR } from "../../world/time.ts";
import { liveUntilDay, startInProcess } from "../in-process.ts";

const image = "al2023-base";

const layouts = async (ledger: Ledger) => {
  const keys = (await readTable(ledger)).map(keyIn);
  const moving = keys.flatMap((key) => {
    const pair = pairOf(key);
    return pair && pair.kind !== "openWork" ? [pair.former.pk === key.pk ? "former" : "present"] : [];
  });
  return [...new Set(moving)];
};

test("a table of the former layout is carried over while a promotion is under way, which completes, and nothing is repaired", async () => {
  const factory = await startInProcess();
  try {
    const { events, clock, send, ledger } = factory;
    const moved = () =>
      events.flatMap(({ detailType, detail }) =>
        detailType === "channel.moved" && detail.image === image ? [detail.channel] : [],
      );
    await factory.request(image);
    await liveUntilDay(factory, 0.5);
    expect(moved()).toEqual(["candidate"]);

    // As the former program would have left it, in the middle of the soak.
    expect((await migrate(ledger, { back: true, finish: true })).complete).toBe(true);
    expect(await layouts(ledger)).toEqual(["former"]);
    const first = await migrate(ledger, {});
    const second = await migrate(ledger, {});
    const finished = await migrate(ledger, { finish: true });

    expect([first, second, finished].map(({ complete }) => complete)).toEqual([true, true, true]);
    expect(await layouts(ledger)).toEqual(["present"]);
    await liveUntilDay(factory, 2);
    await send("reconcile", { wants: "full" });
    await clock.runUntil(clock.now() + HOUR);

    expect(moved()).toEqual(["candidate", "stable"]);
    const said = events.map(({ detailType }) => detailType);
    expect(said.filter((one) => /^drift|failed/.test(one))).toEqual([]);

    // And back, and forth again: the next build goes the same way.
    const back = await migrate(ledger, { back: true, finish: true });
    const again = await migrate(ledger, { finish: true });
    expect([back.complete, again.complete]).toEqual([true, true]);
    await factory.request(image);
    await liveUntilDay(factory, 4);

    expect(moved()).toEqual(["candidate", "stable", "candidate", "stable"]);
    expect(events.filter(({ detailType }) => /^drift|failed/.test(detailType))).toEqual([]);
  } finally {
    await factory.close();
  }
});
