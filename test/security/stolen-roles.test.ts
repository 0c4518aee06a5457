import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { accountPrincipal, rolePrincipal } from "embedded-aws";
import { builderState, type ImageRecord } from "embedded-aws/state";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kinds } from "../../core/ledger/kinds.ts";
import { slackSecretParameter, slackSecretReaders, slackSecrets } from "../../core/notice/slack-secrets.ts";
import ledgerWrites from "../../stacks/resources/ledger-writes.json" with { type: "json" };
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { resourcesOf } from "../world/read-blueprint.ts";
import { policyOf, trusting } from "../world/roles.ts";
import { MINUTE } from "../world/time.ts";

const account = "111122223333";
const region = "eu-west-1";
const Tags = [{ Key: "amint:factory", Value: "acme" }];

let factory: Deployed;
beforeAll(async () => {
  factory = await startDeployed();
});
afterAll(() => factory.close());

type Answer = Record<string, string>;

const ask = async (service: string, operation: string, input: object, role?: string): Promise<Answer> => {
  const principal = role
    ? rolePrincipal(`arn:aws:iam::${account}:role/amint-acme-${role}`, "stolen")
    : accountPrincipal(account);
  return factory.booted.aws.call(service, operation, input, { principal, region });
};

/** What a call with a function's role comes to: `done`, or the error's code. */
const tried = (role: string, service: string, operation: string, input: object): Promise<string> =>
  ask(service, operation, input, role).then(
    () => "done",
    (error: { code?: string }) => error.code ?? String(error),
  );

/** A snapshot of another team, made by hand. */
async function foreignSnapshot(): Promise<string> {
  const { SnapshotId = "" } = await ask("ebs", "StartSnapshot", { VolumeSize: 1 });
  await ask("ebs", "CompleteSnapshot", { SnapshotId, ChangedBlocksCount: 0 });
  await factory.pass(MINUTE);
  return SnapshotId;
}

async function foreignAmi(SnapshotId: string): Promise<string> {
  const { ImageId = "" } = await ask("ec2", "RegisterImage", {
    Name: `other-team-${SnapshotId}`,
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }],
  });
  return ImageId;
}

/** An image resource of another team's, as Image Builder has it when its build has ended. */
function foreignImageResource(): string {
  const arn = `arn:aws:imagebuilder:${region}:${account}:image/other-team/1.0.0/1`;
  const image = { arn, name: "other-team", version: "1.0.0", type: "AMI", state: { status: "AVAILABLE" } };
  const { images } = factory.booted.aws.state(builderState, account, region);
  images.set(arn, { image, account, region } as unknown as ImageRecord);
  return arn;
}

test.each(["clean-up", "mark-leftovers", "prepare-image", "retire"])(
  "%s cannot be used to tag another team's snapshot or AMI as the factory's, and to delete it",
  async (role) => {
    const [snapshot, root] = [await foreignSnapshot(), await foreignSnapshot()];
    const ami = await foreignAmi(root);

    const tagged = [snapshot, ami].map((Resource) => tried(role, "ec2", "CreateTags", { Resources: [Resource], Tags }));
    await Promise.all(tagged);
    const removed = [
      tried(role, "ec2", "DeleteSnapshot", { SnapshotId: snapshot }),
      tried(role, "ec2", "DeregisterImage", { ImageId: ami }),
    ];

    expect(await Promise.all([...tagged, ...removed])).toEqual(Array(4).fill("UnauthorizedOperation"));
  },
);

test("clean-up cannot delete another team's image resource, nor tag it", async () => {
  const resourceArn = foreignImageResource();
  const tags = { "amint:factory": "acme" };

  expect([
    await tried("clean-up", "imagebuilder", "TagResource", { resourceArn, tags }),
    await tried("clean-up", "imagebuilder", "DeleteImage", { imageBuildVersionArn: resourceArn }),
    await tried("mark-leftovers", "imagebuilder", "DeleteImage", { imageBuildVersionArn: resourceArn }),
  ]).toEqual(Array(3).fill("AccessDeniedException"));
});

test("mark-leftovers cannot take all tags of one of the factory's AMIs at once", async () => {
  const ami = await foreignAmi(await foreignSnapshot());
  await ask("ec2", "CreateTags", { Resources: [ami], Tags });

  expect(await tried("mark-leftovers", "ec2", "DeleteTags", { Resources: [ami] })).toBe("UnauthorizedOperation");
});

const TableName = "amint-acme-ledger";
const partitions = [...new Set(Object.values(kinds).map(({ partition }) => partition))].sort();
const keyIn = (pk: string) => ({ pk: { S: pk }, sk: { S: "forged" } });
const writes = {
  PutItem: (pk: string) => ({ TableName, Item: keyIn(pk) }),
  UpdateItem: (pk: string) => ({ TableName, Key: keyIn(pk) }),
  DeleteItem: (pk: string) => ({ TableName, Key: keyIn(pk) }),
};

/** The partitions that an attacker who controls a function can write. */
async function reached(name: string, operation: keyof typeof writes): Promise<string[]> {
  const { aws } = factory.booted;
  const principal = rolePrincipal(`arn:aws:iam::${account}:role/amint-acme-${name}`, "stolen");
  const open: string[] = [];
  for (const pk of partitions) {
    try {
      await aws.call("dynamodb", operation, writes[operation](pk), { principal, region });
      open.push(pk);
    } catch (error) {
      if ((error as { code?: string }).code !== "AccessDeniedException") throw error;
    }
  }
  return open;
}

test.for(Object.entries(ledgerWrites))(
  "an attacker who controls %s writes no other step's records",
  async ([name, own]) => {
    for (const operation of ["PutItem", "UpdateItem", "DeleteItem"] as const) {
      // A function that may not use the operation at all reaches nothing.
      expect([[], own], operation).toContainEqual(await reached(name, operation));
    }
  },
);

test("the public function forges neither an approver's decision, nor the gate's, nor a channel", async () => {
  // `OPEN` only announces that the hourly run may have work.
  expect(await reached("answer-slack", "PutItem")).toEqual(["APPROVALS#SLACK", "OPEN", "ROLLBACKS", "SLACK"]);
});

test("what no function writes, only commands do", () => {
  const byFunctions = new Set(Object.values(ledgerWrites).flat());

  expect(partitions.filter((one) => !byFunctions.has(one))).toEqual([
    "APPROVALS#ANSWERS",
    "HOLDS",
    "MIGRATED",
    "WAIVERS",
  ]);
});

const as = (role: string) => ({ principal: rolePrincipal(`arn:aws:iam::${account}:role/${role}`, "stolen"), region });

/** A role of the account with these rights, on everything. */
async function roleWith(RoleName: string, ...Action: string[]) {
  const iam = factory.client(IAMClient);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting("ec2") }));
  const PolicyDocument = policyOf({ Effect: "Allow", Action, Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "rights", PolicyDocument }));
  return as(RoleName);
}

/** The secrets that a caller reads in the clear. */
async function readBy(caller: ReturnType<typeof as>): Promise<string[]> {
  const read: string[] = [];
  for (const secret of slackSecrets) {
    const input = { Name: slackSecretParameter("acme", secret), WithDecryption: true };
    try {
      await factory.booted.aws.call("ssm", "GetParameter", input, caller);
      read.push(secret);
    } catch (error) {
      if ((error as { code?: string }).code !== "AccessDeniedException") throw error;
    }
  }
  return read;
}

test("a reader of functions' configurations finds no secret of Slack's in them", async () => {
  const { aws } = factory.booted;
  const caller = await roleWith("reads-configurations", "lambda:GetFunctionConfiguration");
  const names = resourcesOf("Function").map(({ inputs }) => String(inputs.name));
  const read: string[] = [];
  for (const FunctionName of names) {
    read.push(JSON.stringify(await aws.call("lambda", "GetFunctionConfiguration", { FunctionName }, caller)));
  }

  expect(read.length).toBeGreaterThan(30);
  expect(read.filter((text) => /xoxb-|5ca1ab1e|SIGNING_SECRET|BOT_TOKEN/.test(text))).toEqual([]);
});

test("one who may read every parameter and use every key of the account reads neither secret", async () => {
  const caller = await roleWith("reads-everything", "ssm:*", "kms:Decrypt", "kms:CreateGrant");

  expect(await readBy(caller)).toEqual([]);
});

test("one who takes over a function reads the secret that this function needs, and no other function reads any", async () => {
  const roles = resourcesOf("Role").map(({ inputs }) => String(inputs.name));
  const open: Record<string, string[]> = {};
  for (const role of roles) {
    const read = await readBy(as(role));
    if (read.length > 0) open[role.replace("amint-acme-", "")] = read;
  }

  expect(roles.length).toBeGreaterThan(30);
  expect(open).toEqual(
    Object.fromEntries(slackSecrets.flatMap((one) => slackSecretReaders[one].map((reader) => [reader, [one]]))),
  );
});

test("no function of the factory writes or deletes a secret", async () => {
  const roles = resourcesOf("Role").map(({ inputs }) => String(inputs.name));
  const done: string[] = [];
  for (const role of roles) {
    for (const secret of slackSecrets) {
      const Name = slackSecretParameter("acme", secret);
      for (const [operation, input] of [
        ["PutParameter", { Name, Value: "mallory's", Type: "String", Overwrite: true }],
        ["DeleteParameter", { Name }],
      ] as const) {
        const refusal = await factory.booted.aws.call("ssm", operation, input, as(role)).catch((error) => error.code);
        if (refusal !== "AccessDeniedException") done.push(`${role}: ${operation} ${secret}`);
      }
    }
  }

  expect(done).toEqual([]);
});
