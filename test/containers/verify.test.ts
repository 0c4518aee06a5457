import { BatchDeleteImageCommand, DeleteRepositoryPolicyCommand } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { channelRepository } from "../../core/names.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { verifyShare } from "../../functions/share/verify-share.ts";
import { enterable } from "../world/consumers.ts";
import { HOME } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { MEMBER, openContainers, WEB } from "./container-world.ts";

const repositoryName = channelRepository("sharing", WEB, "candidate");
const repositoryArn = `arn:aws:ecr:${HOME}:${FACTORY}:repository/${repositoryName}`;

/** A build that is shared for a channel, and the role of the StackSet in the account that is asked. */
async function aSharedBuild(repositories = [repositoryArn.replace(HOME, "*")]) {
  const world = await openContainers({ consumers: { verify: [MEMBER] } });
  const keys = [`arn:aws:kms:${HOME}:${FACTORY}:key/k`];
  const { client, deploy } = await enterable(world, { by: "verify-share", keys, repositories });
  await deploy(MEMBER);
  const { build, digest } = await world.build(1);
  const asked = { image: WEB, build, channel: "candidate", region: HOME };
  await shareImage(asked, world.step());
  const verify = (triesLeft = 0) => world.through(verifyShare({ ...asked, triesLeft }, world.step({ client })));
  return { ...world, digest, verify };
}

test("a pull is verified with the consumer's own role", async () => {
  const { verify, said } = await aSharedBuild();

  await verify();

  expect(said.at(-1)).toMatchObject({
    name: "share.verified",
    detail: { channel: "candidate", region: HOME, accounts: [{ account: MEMBER, proof: "pullable" }] },
  });
});

test("a repository whose policy was deleted is named, with the action that it denies", async () => {
  const { verify, ecr, said } = await aSharedBuild();
  await ecr(FACTORY).send(new DeleteRepositoryPolicyCommand({ repositoryName }));

  await expect(verify()).rejects.toThrow(
    `ecr:BatchGetImage denied by the policy of ${repositoryArn}; deploy the factory`,
  );
  await expect(verify(1)).rejects.toMatchObject({ name: "NotLaunchableYet" });
  expect(said.findLast(({ name }) => name === "share.failed")?.detail).toMatchObject({
    account: MEMBER,
    proof: "pullable",
  });
});

test("an image that was deleted from the channel's repository is named", async () => {
  const { verify, ecr, digest } = await aSharedBuild();
  const imageIds = [{ imageDigest: digest }];
  await ecr(FACTORY).send(new BatchDeleteImageCommand({ repositoryName, imageIds }));

  await expect(verify()).rejects.toThrow(`${repositoryName}@${digest} is not in its repository`);
});

test("a role that the StackSet has not brought up to date is named", async () => {
  const { verify } = await aSharedBuild([]);

  await expect(verify()).rejects.toThrow(/ecr:BatchGetImage .*denied by the policy of the role amint-sharing-consumer/);
});
