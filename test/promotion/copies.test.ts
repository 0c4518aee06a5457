import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { expect, test } from "vitest";
import { listCopies } from "../../adapters/promotion/promotion.ts";
import { copyBuild } from "../../functions/promotion/distribute-image.ts";
import { HOME, IMAGE, openRegions, WEAK } from "../share/regions-world.ts";
import { instead } from "../world/instead.ts";

test("a copy is kept under the ARN that Image Builder answers, whatever it looks like", async () => {
  const {
    world,
    judge,
    copying,
    ledger,
    builds: all,
  } = await openRegions([{ name: "stable", share: { accounts: ["444455556666"] } }]);
  const build = all[0]!;
  await judge(build);
  const unforeseen = `arn:aws:imagebuilder:${HOME}:111122223333:image/My Image/2026.11.22/1-copy`;
  const { client, ...step } = copying();
  const imageBuilder = { send: async () => ({ imageBuildVersionArn: unforeseen }) };
  const answering = { ...step, client: instead(client, ImagebuilderClient, () => imageBuilder) };

  await world.through(copyBuild({ image: IMAGE, build, region: WEAK }, answering));

  expect(await listCopies(ledger, build)).toContainEqual({ region: WEAK, copy: unforeseen });
});
