import { programs, runAs } from "embedded-aws/testing/programs";
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import type { shareSchema } from "../../core/factory/share-schema.ts";
import type { AmiId } from "../../events/ids.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { IMAGE, REGIONS } from "../world/factory-of.ts";
import { STRANGER } from "../world/organization.ts";
import { openWorld, type World } from "../world/world.ts";

const consumers = ["200000000001", "400000000001", "400000000002", "444455556666", "500000000001"];
/** Debian's, where there are several. */
const cli = programs("aws").at(-1) ?? "aws";

type Share = z.input<typeof shareSchema>;

const ways: readonly (readonly [string, Share, readonly string[]])[] = [
  ["the organization", { organization: true }, consumers],
  [
    "an OU, and the OUs in it",
    { organizationalUnits: ["ou-exam-workload"] },
    ["400000000001", "400000000002", "500000000001"],
  ],
  [
    "the organization, except an OU and an account",
    { organization: true, except: { organizationalUnits: ["ou-exam-produc11"], accounts: ["400000000002"] } },
    ["200000000001", "400000000001", "444455556666"],
  ],
  ["accounts", { accounts: ["444455556666", "500000000001"] }, ["444455556666", "500000000001"]],
  ["accounts that bear a tag", { accountTags: { images: "golden" } }, ["400000000001", "444455556666"]],
];

/** As an operator in a shell. */
async function seesByCli(world: World, account: string, region: string, ami: AmiId): Promise<boolean> {
  const asked = ["ec2", "describe-images", "--executable-users", "self", "--filters", `Name=image-id,Values=${ami}`];
  const shown = ["--region", region, "--output", "text", "--endpoint-url", world.url, "--query", "Images[].ImageId"];
  const { code, stdout, stderr } = await runAs(cli, [...asked, ...shown], world.url, account);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim() === ami;
}

async function promoted(share: Share) {
  const world = await openWorld({ served: true, channels: [{ name: "stable", share }] });
  await followOrganization({ scheduledTime: new Date(world.aws.clock.now()).toISOString() }, world.step());
  const { build, amis } = await world.addBuild(1);
  for (const region of REGIONS) await shareImage({ image: IMAGE, build, channel: "stable", region }, world.step());
  return { world, amis };
}

describe("what is shared with", () => {
  test.each(ways)("%s is seen by exactly those, in every region", async (_, share, reached) => {
    const { world, amis } = await promoted(share);

    for (const region of REGIONS) {
      const seeing = await Promise.all(
        [...consumers, STRANGER].map(async (id) => ((await world.sees(id, region, amis[region] as AmiId)) ? [id] : [])),
      );
      expect(seeing.flat(), region).toEqual(reached);
    }
  });

  test.each(ways)(
    "%s has the same result for the AWS CLI",
    { tags: ["deep", "needs/aws-cli"] },
    async (_, share, reached) => {
      const { world, amis } = await promoted(share);
      const outside = [...consumers, STRANGER].find((id) => !reached.includes(id)) ?? STRANGER;

      for (const region of REGIONS) {
        expect(await seesByCli(world, reached.at(-1) ?? "", region, amis[region] as AmiId), region).toBe(true);
        expect(await seesByCli(world, outside, region, amis[region] as AmiId), region).toBe(false);
      }
    },
  );
});
