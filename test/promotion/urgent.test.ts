import { describe, expect, test } from "vitest";
import { recordUrgent } from "../../adapters/advisories/urgent-advisories.ts";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { planPromotion } from "../../core/promotion/plan-promotion.ts";
import { stepsOf } from "../../core/rollout/waves.ts";
import type { UrgentAdvisory } from "../../events/gate.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import { checkPromotion } from "../../functions/promotion/check-promotion.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { IMAGE, openWay } from "../channel/way-back/world.ts";
import { recordBuilt } from "../world/built.ts";
import { factoryOf, imageOf } from "../world/factory-of.ts";

const regions = ["eu-west-1", "us-east-1"];
const people = { ada: { slack: "U012AB3CD" }, grace: { slack: "U045EF6GH" } };
const approval: { approvers: string[]; required: number } = { approvers: ["ada", "grace"], required: 2 };
const candidate = { name: "candidate", share: { accounts: ["444455556666"] }, soak: { usual: "24h", urgent: "2h" } };

/** A factory whose second channel asks for approval, of urgent builds as given. */
const factoryThat = (urgent: "none" | "one" | "as usual") =>
  factoryOf({
    name: "way",
    regions,
    people,
    notify: { slack: { channel: "#images" } },
    images: {
      [IMAGE]: imageOf({
        triggers: { packages: { severity: "important" } },
        urgent: { exploited: "always" },
        channels: [
          candidate,
          { name: "stable", share: { accounts: ["777788889999"] }, approval: { ...approval, urgent } },
        ],
      }),
    },
  });

const exploited: UrgentAdvisory = {
  advisory: "ALAS-1",
  severity: "important",
  exploited: ["CVE-2026-1"],
  since: "2026-04-01T00:00:00.000Z",
};

const planOf = (urgent: "none" | "one" | "as usual", promoted: Parameters<typeof planPromotion>[2]) => {
  const factory = factoryThat(urgent);
  const { channels } = planPromotion(factory, factory.images[IMAGE]!, promoted);
  return channels.map(({ soakSeconds, approval: asked }) => [soakSeconds, asked?.required]);
};

describe("the plan", () => {
  test.each([
    ["none", undefined],
    ["one", 1],
    ["as usual", 2],
  ] as const)("of an urgent build soaks for the urgent time; with approval %s it asks %s", (urgent, required) => {
    expect(planOf(urgent, { urgent: exploited })).toEqual([
      [7200, undefined],
      [0, required],
    ]);
    expect(planOf(urgent, {})).toEqual([
      [86_400, undefined],
      [0, 2],
    ]);
  });

  test("of a build that a person requested as urgent asks for another person's approval at least", () => {
    expect(planOf("none", { urgent: { by: "ada" } })[1]).toEqual([0, 1]);
    expect(planOf("as usual", { urgent: { by: "ada" } })[1]).toEqual([0, 2]);
  });

  test("asks for the approval that the gate requires, also of an urgent build", () => {
    expect(planOf("none", { urgent: exploited, needsApproval: true })[0]).toEqual([7200, 2]);
  });
});

test("an urgent build is rolled out by the policy's urgent steps and bake", () => {
  const waves = ["early", "test", "production"].map((name) => ({ name, bake: 3600 }));
  const steps = (urgent: Parameters<typeof stepsOf>[0]["urgent"], kind: "normal" | "urgent") =>
    stepsOf({ waves, urgent }, kind).map(
      ({ waves: names, first, bake }) => `${names.join("+")}${first ? " first" : ""} ${bake}`,
    );
  const policy = { bake: 300, waves: [["early"], ["test", "production"]] };

  expect(steps(policy, "urgent")).toEqual(["early first 300", "early 300", "test+production 300"]);
  expect(steps(policy, "normal")).toEqual(["early first 3600", "early 3600", "test 3600", "production 3600"]);
  expect(steps({ bake: 60 }, "urgent")).toEqual(["early first 60", "early 60", "test 60", "production 60"]);
  expect(steps(undefined, "urgent")).toEqual(steps(undefined, "normal"));
});

/** A build that passed its gate as an urgent one, and entered the first channel two hours ago. */
async function urgentBuild() {
  const world = await openWay(regions, 1);
  await world.renew();
  world.now.factory = factoryThat("none");
  const [one] = world.builds;
  if (!one) throw new Error("No build exists.");
  const { build, images } = one;
  const { ledger } = world.step();
  world.now.story.judged(build, "passed", undefined);
  const outputs = Object.fromEntries(regions.map((region) => [region, images.get(region)!.id]));
  const advisory = { id: "ALAS-1", severity: "important", cves: ["CVE-2026-1"], exploited: ["CVE-2026-1"] } as const;
  const fix = { name: "openssl", architecture: "x86_64", installed: "3.0-1", fixed: "3.0-2" };
  await recordBuilt(ledger, {
    image: IMAGE,
    build,
    outputs: outputs as never,
    at: "2026-04-01T07:00:00.000Z",
    trigger: {
      kind: "packages",
      build,
      advisories: [{ ...advisory, cves: [...advisory.cves], exploited: [...advisory.exploited], packages: [fix] }],
      others: [],
    },
    gate: { verdict: "passed" },
  });
  await recordUrgent(ledger, IMAGE, [exploited]);
  await recordGate(ledger, build, {
    verdict: "passed",
    reasons: [],
    decidedAt: "2026-04-01T07:30:00.000Z",
    urgent: exploited,
  });
  const subject = (channel: string) => ({ image: IMAGE, build, channel });
  const enter = async (channel: string) => {
    world.now.story.entered({ build, channel, required: 0 });
    for (const region of regions) await world.through(shareImage({ ...subject(channel), region }, world.step()));
    return world.through(moveChannel(subject(channel), world.step()));
  };
  await enter("candidate");
  await world.clock.runUntil(world.clock.now() + 2 * 3_600_000);
  const check = () => world.through(checkPromotion(subject("stable"), world.step()));
  const withdraw = () => recordUrgent(ledger, IMAGE, []);
  return { world, enter, check, withdraw };
}

test("a build that is still urgent enters the next channel, which shares it without approval", async () => {
  const { check, enter } = await urgentBuild();

  expect(await check()).toEqual({ goesOn: true });
  expect(await enter("stable")).toMatchObject({ moved: true });
});

test("a build whose advisory its vendor revoked first soaks for the usual time, and then needs the usual approval", async () => {
  const { check, withdraw, world } = await urgentBuild();
  await withdraw();

  const { soakSeconds = 0, ...rest } = await check();
  await world.clock.runUntil(world.clock.now() + soakSeconds * 1000);

  expect(rest).toEqual({ goesOn: true });
  expect(soakSeconds / 3600).toBeCloseTo(22, 1);
  expect(await check()).toEqual({
    goesOn: true,
    approval: { approvers: ["ada", "grace"], required: 2, timeoutSeconds: 3 * 86_400 },
  });
});
