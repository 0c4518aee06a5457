import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  decideDriftCheck,
  driftCheckName,
  driftSignal,
  hasSeen,
  parseDriftCheck,
} from "../../core/repair/decide-drift-check.ts";

const factory = { name: "acme", regions: ["eu-west-1", "us-east-1"] };
const place = { account: "111122223333" };

const sample = (name: string): Record<string, unknown> & { detail: Record<string, unknown> } =>
  structuredClone(JSON.parse(readFileSync(`events/samples/aws/${name}.json`, "utf8")).event);
const decide = (event: object) => decideDriftCheck(driftSignal.parse(event), factory, place);

const looks = [
  ["parameter-store-change", { kind: "parameter", region: "us-east-1", image: "al2023-base", channel: "stable" }],
  ["ami-state-change", { kind: "ami", region: "us-east-1", ami: "ami-0123456789example" }],
  ["resource-sharing-state-change", { kind: "parameter-shares", region: "us-east-1" }],
  ["image-call", { kind: "ami", region: "us-east-1", ami: "ami-0123456789example" }],
  [
    "key-call",
    {
      kind: "key",
      region: "us-east-1",
      key: "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    },
  ],
  ["repository-call", { kind: "repository-policy", region: "us-east-1", image: "al2023-node", channel: "stable" }],
] as const;

test.each(["444455556666", "111122223333"])(
  "a ring's parameter in %s asks for none: the ring's record counts, not the channel",
  (account) => {
    const event = sample("parameter-store-change");
    const names = ["/amint/acme/al2023-base/stable/canary", "/imagebuilder/amint/acme/al2023-base/stable/canary"];

    const found = names.map((name) => decide({ ...event, account, detail: { ...event.detail, name } }));

    expect(found).toEqual([undefined, undefined]);
  },
);

test.each(looks)("%s asks for a look at what it names", (name, look) => {
  expect(decide(sample(name))).toEqual(look);
});

test("what children's recipes start from asks for the same look as the channel's parameter", () => {
  const { detail, ...event } = sample("parameter-store-change");
  const name = "/imagebuilder/amint-parents/acme/al2023-base/stable";

  expect(decide({ ...event, detail: { ...detail, name } })).toEqual(looks[0][1]);
});

test.each(looks)("the look of %s is known by its name", (_name, look) => {
  expect(parseDriftCheck(driftCheckName(look))).toEqual(look);
});

test.each(looks)("%s of another account or region asks for none", (name) => {
  expect(decide({ ...sample(name), account: "222233334444" })).toBeUndefined();
  expect(decide({ ...sample(name), region: "ap-south-1" })).toBeUndefined();
});

test("what belongs to another factory asks for no look", () => {
  const parameter = sample("parameter-store-change");
  parameter.detail.name = "/imagebuilder/amint/acme-two/al2023-base/stable";
  const deeper = sample("parameter-store-change");
  deeper.detail.name = "/imagebuilder/amint/acme/al2023-base/stable/more";
  const repository = sample("repository-call");
  repository.detail.requestParameters = { repositoryName: "other/al2023-node/stable" };

  expect([parameter, deeper, repository].map(decide)).toEqual([undefined, undefined, undefined]);
});

test("a call that AWS refused changed nothing", () => {
  const refused = sample("key-call");
  refused.detail = { eventName: "PutKeyPolicy", errorCode: "AccessDenied", requestParameters: null };

  expect(decide(refused)).toBeUndefined();
});

test("newer operations of EC2 log their parameters below the request's name", () => {
  const detached = sample("image-call");
  detached.detail.eventName = "DetachImageWatermark";
  detached.detail.requestParameters = { DetachImageWatermarkRequest: { ImageId: "ami-0123456789abcdef0" } };

  expect(decide(detached)).toMatchObject({ kind: "ami", ami: "ami-0123456789abcdef0" });
});

test("a revoked grant is left to what knows who needs one", () => {
  const revoked = sample("key-call");
  revoked.detail.eventName = "RevokeGrant";

  expect(decide(revoked)).toMatchObject({ kind: "grants" });
});

test.each(["image-call", "key-call", "repository-call"])("%s without what it changed is not valid", (name) => {
  const event = sample(name);
  event.detail = { eventName: event.detail.eventName };

  expect(driftSignal.safeParse(event).success).toBe(false);
});

test("a look has seen what happened a second before it began, because events' times are whole seconds", () => {
  const time = "2026-04-22T16:00:00Z";

  expect(hasSeen(undefined, time)).toBe(false);
  expect(hasSeen("2026-04-22T16:00:00.900Z", time)).toBe(false);
  expect(hasSeen("2026-04-22T16:00:01.000Z", time)).toBe(true);
});
