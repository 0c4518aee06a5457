import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  AssociateResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceSharesCommand,
  RAMClient,
} from "@aws-sdk/client-ram";
import { expect, test } from "vitest";
import { channelParameterArn } from "../../core/names.ts";
import { type Document, keyPolicy, type Statement } from "../world/consumers.ts";
import { IMAGE } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { ASKED, CANARY, CHANNEL, openVerifying, type VerifyWorld } from "./verify-world.ts";

/** Permissions of the consumer's role that verification does not need, with their reasons. */
const unmissed: Readonly<Record<string, string>> = {
  "SeeImages ec2:GetAllowedImagesSettings":
    "distinguishes Allowed AMIs from a missing launch permission if an AMI is not found",
  "MakeAutoScalingsRole iam:CreateServiceLinkedRole":
    "keep-grants makes Auto Scaling's role in accounts that never used it",
};

/** Of the key's policy. */
const ownersOnly: Readonly<Record<string, string>> = {
  Account: "the factory's own account administers the key and copies images with it",
  AlarmsUse: "alarms publish to the encrypted topic",
};

const actionsOf = ({ Action }: Statement): string[] => [Action].flat();

/** Every action of every statement, with the document that lacks it alone. */
const withoutEach = (document: Document) =>
  document.Statement.flatMap((statement) =>
    actionsOf(statement).map((action) => {
      const Action = actionsOf(statement).filter((one) => one !== action);
      const rest = document.Statement.filter((one) => one !== statement);
      return {
        sid: statement.Sid,
        action,
        document: { ...document, Statement: Action.length > 0 ? [...rest, { ...statement, Action }] : rest },
      };
    }),
  );

const RoleName = "amint-sharing-consumer";

async function readPolicies(client: IAMClient): Promise<Map<string, Document>> {
  const found = new Map<string, Document>();
  for (const PolicyName of ["consume", "verify", "canary"]) {
    const { PolicyDocument = "" } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    found.set(PolicyName, JSON.parse(decodeURIComponent(PolicyDocument)));
  }
  return found;
}

/** The result of a verification while something is missing. */
async function sayWithout(world: VerifyWorld, take: () => Promise<unknown>, giveBack: () => Promise<unknown>) {
  await take();
  const failed = await world.verify();
  const unread = failed ?? (await world.verifyParameter());
  await giveBack();
  return unread?.message;
}

test("without any one right of the consumer's role, verification fails and names it", async () => {
  const world = await openVerifying();
  await world.grantAutoScaling(CANARY);
  await world.verify();
  await world.publish();
  const iam = new IAMClient(world.optionsOf(CANARY));
  const policies = await readPolicies(iam);
  const put = (PolicyName: string, document: Document) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }));

  const said: Record<string, string | undefined> = {};
  for (const [name, policy] of policies) {
    for (const { sid, action, document } of withoutEach(policy)) {
      said[`${sid} ${action}`] = await sayWithout(
        world,
        () => put(name, document),
        () => put(name, policy),
      );
    }
  }

  const silent = Object.keys(said).filter((piece) => said[piece] === undefined);
  expect(silent.toSorted()).toEqual(Object.keys(unmissed).toSorted());
  const unnamed = Object.entries(said).filter(
    ([piece, message]) => message !== undefined && !message.includes(piece.split(" ")[1] ?? ""),
  );
  expect(unnamed).toEqual([]);
  expect(await world.verify()).toBeUndefined();
});

test("without any one right in the key's policy, verification fails and names it", async () => {
  const world = await openVerifying();
  await world.grantAutoScaling(CANARY);

  const said: Record<string, string | undefined> = {};
  for (const { sid, action, document } of withoutEach(keyPolicy)) {
    if (ownersOnly[sid]) continue;
    said[`${sid} ${action}`] = await sayWithout(
      world,
      () => world.putKeyPolicy(document),
      () => world.putKeyPolicy(keyPolicy),
    );
  }

  const short = (action: string) => action.replace("*", "");
  const named = Object.entries(said).filter(([piece, message]) => {
    const [sid = "", action = ""] = piece.split(" ");
    return message?.includes(sid) && message.includes(short(action)) && message.includes("key policy");
  });
  expect(named).toEqual(Object.entries(said));
  expect(Object.keys(said)).toEqual([
    "OrganizationUses kms:DescribeKey",
    "OrganizationUses kms:Decrypt",
    "OrganizationUses kms:ReEncrypt*",
    "OrganizationUses kms:GenerateDataKey*",
    "OrganizationGrantsToServices kms:CreateGrant",
    "OrganizationGrantsToAutoScaling kms:CreateGrant",
  ]);
});

test("without its share through RAM, or one of its parts, no account can read the channel's parameter, which is reported", async () => {
  const world = await openVerifying();
  await world.grantAutoScaling(CANARY);
  await world.verify();
  await world.publish();
  const ram = new RAMClient(world.optionsOf(FACTORY));
  const { resourceShares = [] } = await ram.send(new GetResourceSharesCommand({ resourceOwner: "SELF" }));
  const [{ resourceShareArn = "" } = {}] = resourceShares;
  const parameter = channelParameterArn(world.step().settings.place, "sharing", IMAGE, CHANNEL);
  const principal = "arn:aws:organizations::999988887777:organization/o-exampleorgid";

  const before = await world.verifyParameter();
  const said: (string | undefined)[] = [];
  for (const part of [{ principals: [principal] }, { resourceArns: [parameter] }]) {
    await ram.send(new DisassociateResourceShareCommand({ resourceShareArn, ...part }));
    await world.pass(60_000);
    said.push((await world.verifyParameter())?.message);
    await ram.send(new AssociateResourceShareCommand({ resourceShareArn, ...part }));
    await world.pass(60_000);
  }
  const after = await world.verifyParameter();

  expect(before).toBeUndefined();
  const sentence = (account: string) =>
    `account ${account} in eu-west-1: ssm:GetParameter denied by the RAM share of ${parameter}; the parameter must be shared through RAM with all of the channel's principals, and RAM sharing must be enabled for the organization (amint validate)`;
  const all = [ASKED, CANARY].map(sentence).join("\n");
  expect(said).toEqual([all, all]);
  expect(after).toBeUndefined();
  const told = world.said.filter(({ name }) => name === "share.failed");
  expect(told.map(({ detail }) => [detail.account, detail.proof])).toEqual([
    [ASKED, "readable"],
    [CANARY, "readable"],
    [ASKED, "readable"],
    [CANARY, "readable"],
  ]);
});
