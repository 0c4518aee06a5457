// @module-tag deep
import { expect, test } from "vitest";
import { recordUrgent } from "../../adapters/advisories/urgent-advisories.ts";
import { changeCells, openClocks, saveClock } from "../../adapters/rollout/exposures.ts";
import type { Clock } from "../../core/rollout/clock.ts";
import { addSample, advanceClock } from "../../core/rollout/exposure.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { startFactory } from "../world/running-factory.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/1");
const SEEN = "2026-04-01T08:00:00.000Z";

const clockOf = (advisory: string): Clock => ({
  image: "al2023-base",
  channel: "stable",
  advisory,
  severity: "important",
  cves: ["CVE-2026-1"],
  seenAt: SEEN,
  affected: { build, startedAt: "2026-03-01T08:00:00.000Z" },
  fixes: [],
  stillOpen: [],
  milestones: {},
});

test("amint patched shows clocks that run, and those that stopped since a day, with the accounts that are open", async () => {
  const factory = await startFactory();
  const amint = async (...args: string[]) => {
    const { stdout, stderr, code } = await factory.amint("patched", ...args).ended;
    return { stdout, stderr, code };
  };
  const { ledger } = factory;
  const none = await amint();
  const urgent = { advisory: "ALAS2023-2026-1", severity: "important", epss: 0.7, since: SEEN } as const;
  await recordUrgent(ledger, "al2023-base", [urgent]);
  const running = clockOf("ALAS2023-2026-1");
  const over = clockOf("ALAS2023-2026-0");
  await openClocks(ledger, [running, over]);
  const now = new Date(Date.parse(SEEN) + 600_000);
  const first = addSample(undefined, { at: 300, left: 4, fresh: 0 });
  const cell = addSample(first, { at: 600, left: 1, fresh: 0 });
  const account = "200000000001";
  await changeCells(ledger, running, [account], { items: new Map(), change: () => cell, now });
  await saveClock(ledger, running, advanceClock(running, new Map([[account, cell]]), { accounts: [account], now }));
  await saveClock(ledger, over, { ...over, ended: { at: "2026-04-02T00:00:00.000Z", why: "patched" } });

  const drawn = await amint("--accounts");
  const json = JSON.parse((await amint("--json", "--since", "2026-04-03")).stdout);
  const unknown = await amint("--image", "other");
  const wrong = await amint("--since", "yesterday");

  expect(none.stdout).toContain("no advisory was found");
  expect(drawn.stderr).toBe("");
  expect(drawn.stdout).toMatch(/al2023-base +stable +ALAS2023-2026-1 .* 10m -10m +open +open +1 of 4/);
  expect(drawn.stdout).toContain("    urgent: ALAS2023-2026-1 has an EPSS score of 0.7\n    200000000001  1 open");
  expect(drawn.stdout).toContain("ALAS2023-2026-0");
  expect(json.patched).toMatchObject([{ advisory: "ALAS2023-2026-1", p50: 600, left: 1, urgent }]);
  expect([unknown.code, wrong.code]).toEqual([1, 64]);
  expect(wrong.stderr).toContain('Use a date such as 2026-04-01, or a duration such as "30d".');
});
