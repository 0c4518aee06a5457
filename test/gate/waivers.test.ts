import { expect, test } from "vitest";
import { listWaivers, recordWaiver } from "../../adapters/gate/waivers.ts";
import { publishEndingWaivers } from "../../functions/gate/waivers.ts";
import { factoryWith, startEvidenceWorld } from "../evidence/evidence-world.ts";

const DAY = 24 * 60;
const given = { by: "arn:aws:iam::111122223333:user/ada", at: "2026-04-01T08:00:00Z" };
const waiver = (finding: string, until: string) => ({
  finding,
  image: "base",
  owner: "security",
  reason: "not reachable",
  until,
});

test("one notice goes out a week before a waiver ends, for the config's waivers and for those set by command", async () => {
  const world = await startEvidenceWorld({});
  const ofConfig = { ...waiver("CVE-1", "2026-04-10"), image: "*" };
  const factory = factoryWith({ cve: { count: "all" } }, { waivers: [ofConfig] });
  const { ledger } = world.stepFor(factory);
  await recordWaiver(ledger, waiver("CVE-2", "2026-04-09"), given);
  await recordWaiver(ledger, waiver("CVE-3", "2026-12-31"), given);
  const told = () => publishEndingWaivers(world.stepFor(factory));

  const early = await told();
  await world.pass(2 * DAY);
  const counts = [await told(), await told()];
  await world.pass(9 * DAY);
  const late = await told();

  expect([early, ...counts, late]).toEqual([0, 2, 0, 0]);
  expect(world.said).toEqual([
    { name: "waiver.expiring", detail: waiver("CVE-2", "2026-04-09") },
    { name: "waiver.expiring", detail: ofConfig },
  ]);
});

test("a renewed waiver is reported again before its new end", async () => {
  const world = await startEvidenceWorld({});
  const factory = factoryWith({ cve: { count: "all" } });
  const { ledger } = world.stepFor(factory);
  await recordWaiver(ledger, waiver("CVE-1", "2026-04-05"), given);
  await publishEndingWaivers(world.stepFor(factory));
  await recordWaiver(ledger, waiver("CVE-1", "2026-04-20"), given);
  await world.pass(13 * DAY);

  await publishEndingWaivers(world.stepFor(factory));

  expect(await listWaivers(ledger)).toEqual([waiver("CVE-1", "2026-04-20")]);
  expect(world.said.map(({ detail }) => (detail as { until: string }).until)).toEqual(["2026-04-05", "2026-04-20"]);
});
