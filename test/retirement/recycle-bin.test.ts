import { accountPrincipal, createAws, VirtualClock } from "embedded-aws";
import { deploy } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import factory from "../../factory.config.ts";
import { blueprint } from "../world/read-blueprint.ts";

const rules = blueprint.resources.filter(({ type }) => type === "aws:rbin/rule:Rule");

interface RuleInRegion {
  readonly RetentionPeriod: object;
  readonly ResourceTags?: object[];
  readonly Status?: string;
  readonly LockState?: string | null;
}

test("in every region AMIs and snapshots with the factory's tag can be restored for two weeks", async () => {
  const clock = new VirtualClock(0);
  const aws = createAws({ clock });
  const principal = accountPrincipal(blueprint.account);

  await deploy(aws, { ...blueprint, resources: rules }, { root: ".", secrets: {} });
  await clock.runUntil(30 * 60_000);

  for (const region of factory.regions) {
    for (const ResourceType of ["EC2_IMAGE", "EBS_SNAPSHOT"]) {
      const call = <Output>(operation: string, input: object) =>
        aws.call<Output>("rbin", operation, input, { principal, region });
      const { Rules } = await call<{ Rules: { Identifier: string }[] }>("ListRules", { ResourceType });
      const found = await Promise.all(Rules.map(({ Identifier }) => call<RuleInRegion>("GetRule", { Identifier })));

      expect(found).toMatchObject([
        {
          RetentionPeriod: { RetentionPeriodValue: 14, RetentionPeriodUnit: "DAYS" },
          ResourceTags: [{ ResourceTagKey: "amint:factory", ResourceTagValue: factory.name }],
          Status: "available",
        },
      ]);
      expect(found[0]?.LockState ?? undefined).toBeUndefined();
    }
  }
});

test.each(["12h", "36h", "366d"])("a retention of %s, which no rule can have, is refused", (retain) => {
  const { name, buildRegion, regions, organization } = factory;
  const define = () => defineFactory({ name, buildRegion, regions, organization, images: {}, recycleBin: { retain } });

  expect(define).toThrow('recycleBin.retain: expected whole days from "1d" to "365d"');
});
