import { accountPrincipal, rolePrincipal } from "embedded-aws";
import { builderState, type ImageRecord } from "embedded-aws/state";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { MINUTE } from "../world/time.ts";

const account = "111122223333";
const region = "eu-west-1";
const Tags = [{ Key: "amint:factory", Value: "acme" }];

let factory: Deployed;
beforeAll(async () => {
  factory = await startDeployed();
}, 60_000);
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
