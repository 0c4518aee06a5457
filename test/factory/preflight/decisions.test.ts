import { expect, test } from "vitest";
import { type Check, exitCodeOf, fails, fine, unknown } from "../../../core/factory/preflight/check.ts";
import {
  decideConcurrency,
  decideEncryption,
  decideInspector,
  decideQuota,
  decideServiceLinkedRole,
  vcpusOf,
} from "../../../core/factory/preflight/decide-account.ts";
import {
  decideAlarms,
  decideCopyArns,
  decideDeadLetters,
  decideFindings,
  decideScan,
  decideSubscriptions,
} from "../../../core/factory/preflight/decide-after.ts";
import { decideParent, decideUnmatched, decideUnreadable } from "../../../core/factory/preflight/decide-parents.ts";
import { decideRights } from "../../../core/factory/preflight/decide-rights.ts";
import { factoryOf, imageOf } from "../../world/factory-of.ts";

const subject = { check: "x", where: "y" };
const bad = fails(subject, "found", "breaks", "fix");
const denied = unknown(subject, "found", "fix");

test("the exit code is 1 if something would fail, else 2 if access to something was denied", () => {
  expect(exitCodeOf([fine(subject, "found")])).toBe(0);
  expect(exitCodeOf([fine(subject, "found"), denied])).toBe(2);
  expect(exitCodeOf([denied, bad])).toBe(1);
});

const inspected = { unscanned: [], administrator: undefined, account: "111122223333" };
const off = { ...inspected, unscanned: ["EC2"] };
const factory = factoryOf({ images: { base: imageOf() } });
const toOthers = { ...factory, enableInspector: false };

const ami = {
  architecture: "x86_64",
  rootDeviceType: "ebs",
  rootDeviceName: "/dev/xvda",
  volumeGiB: 8,
  productCodes: [],
  deprecated: undefined,
};
const parent = {
  image: "base",
  by: "ssm",
  named: "/aws/service/x",
  architecture: "x86_64",
  rootDevice: "/dev/xvda",
  volumeGiB: 8,
  amiId: "ami-1",
  ami,
} as const;
const pattern = {
  image: "base",
  owner: "136693071363",
  name: "debian-12-*",
  architecture: "x86_64",
  reason: "136693071363 has none",
  ofOwner: [],
  others: [],
};

const quota = { service: "ec2", name: "AMIs", region: "eu-west-1", value: 10, used: 5, adds: 5, breaks: "builds" };
const allowed = { action: "ec2:X", resource: "*", allowed: true, conditions: [], byBoundary: false };

const exporting = {
  images: {
    base: { ...factory.images.base!, channels: [{ ...factory.images.base!.channels[0]!, exports: {} as never }] },
  },
};
const region = { region: "eu-west-1", encrypts: true, key: "alias/aws/ebs" };

const kernel = (version: string) => ({ name: "kernel", version, fixedIn: "6.1.99" });

const withAmi = (changes: Partial<NonNullable<Parameters<typeof decideParent>[0]["ami"]>>) =>
  decideParent({ ...parent, ami: { ...ami, ...changes } });

/** The decision, and what it finds, by verdict and what it is about. */
const cases: Readonly<Record<Check["verdict"], Readonly<Record<string, [Check | readonly Check[], found: string]>>>> = {
  fine: {
    "Inspector that scans": [decideInspector(factory, inspected), "scans EC2"],
    "Inspector that the deployment turns on": [decideInspector(factory, off), "the deployment turns it on"],
    "Inspector that this account administers": [
      decideInspector(factory, { ...inspected, administrator: "111122223333" }),
      "scans",
    ],
    "a service-linked role": [decideServiceLinkedRole(true, false), "exists"],
    "a service-linked role to be made": [decideServiceLinkedRole(false, true), "the deployment makes it"],
    "encryption by default without exports": [decideEncryption(factory, [region]), "on in eu-west-1"],
    "exports without it": [decideEncryption(exporting, [{ ...region, encrypts: false }]), "off in eu-west-1"],
    "a parent": [decideParent(parent), "ami-1: x86_64"],
    "a quota that is enough": [decideQuota(quota), "10, 5 used, the factory adds 5"],
    concurrency: [decideConcurrency({ limit: 1000, unreserved: 1000 }, 100, "eu-west-1"), "1000"],
    "a reservation that the factory has already": [
      decideConcurrency({ limit: 105, unreserved: 105 }, 5, "eu-west-1"),
      "reserves 5",
    ],
    rights: [decideRights("role", [allowed]), "all 1 actions"],
    "no build yet": [decideScan({ image: "base", build: undefined, status: undefined, reason: undefined }), "no build"],
    "a scan": [decideScan({ image: "base", build: "arn", status: "COMPLETED", reason: undefined }), "COMPLETED"],
    "copies of a known form": [
      decideCopyArns(["arn:aws:imagebuilder:eu-west-1:111122223333:image/my_image/1.0.0/1"]),
      "my_image",
    ],
    "one kernel": [decideFindings("base", [kernel("6.1.1")]), "no package of the kernel"],
    alarms: [decideAlarms([], 3), "3 alarms"],
    subscriptions: [decideSubscriptions([{ endpoint: "a@b.c", confirmed: true }]), "1 confirmed"],
    queues: [decideDeadLetters([{ name: "q", messages: 0 }]), "1 queues are empty"],
  },
  fails: {
    "Inspector that is off and left to others": [decideInspector(toOthers, off), "does not scan EC2"],
    "Inspector that another account administers": [
      decideInspector(factory, { ...inspected, administrator: "444455556666" }),
      "444455556666 administers it",
    ],
    "a service-linked role that may not be made": [decideServiceLinkedRole(false, false), "may not create it"],
    "encryption by default with exports": [decideEncryption(exporting, [region]), "on in eu-west-1"],
    "a parameter that is missing": [decideParent({ ...parent, amiId: undefined }), "no parameter"],
    "an AMI that is not visible": [decideParent({ ...parent, ami: undefined }), "not visible"],
    "another architecture": [decideParent({ ...parent, architecture: "arm64" }), "x86_64"],
    "a deprecated AMI": [withAmi({ deprecated: "2026-01-01T00:00:00.000Z" }), "deprecated since 2026-01-01"],
    "an image that AWS does not manage": [
      decideParent({ ...parent, by: "imageBuilder", amiId: undefined }),
      "no image",
    ],
    "a pattern that finds nothing": [decideUnmatched(pattern), "136693071363 has none"],
    "a pattern that only strangers' AMIs match": [
      decideUnmatched({ ...pattern, others: ["999900001111"] }),
      "belong to 999900001111",
    ],
    "a pattern of another architecture": [
      decideUnmatched({ ...pattern, ofOwner: [{ architecture: "arm64", deprecated: false }] }),
      "those that match are arm64",
    ],
    "a pattern of a release that ended": [
      decideUnmatched({ ...pattern, ofOwner: [{ architecture: "x86_64", deprecated: true }] }),
      "deprecated",
    ],
    "a parameter that is not shared": [
      decideUnreadable("base", "arn:aws:ssm:eu-west-1:444455556666:parameter/x", "account 111122223333"),
      "account 111122223333 may not read",
    ],
    "an instance store": [withAmi({ rootDeviceType: "instance-store" }), "instance"],
    "a volume smaller than the parent's": [withAmi({ volumeGiB: 30 }), "30 GiB"],
    "another root device": [decideParent({ ...parent, rootDevice: "/dev/sda1" }), "/dev/xvda"],
    "a Marketplace AMI": [withAmi({ productCodes: ["abc"] }), "product codes abc"],
    "a quota that is not": [decideQuota({ ...quota, adds: 6 }), "adds 6"],
    "an account limited to 10": [decideConcurrency({ limit: 10, unreserved: 10 }, 0, "eu-west-1"), "10 concurrent"],
    "a reservation that leaves less than 100": [
      decideConcurrency({ limit: 150, unreserved: 150 }, 60, "eu-west-1"),
      "60",
    ],
    "rights that are refused": [decideRights("role", [{ ...allowed, allowed: false }]), "ec2:X"],
    "rights that a boundary refuses": [
      decideRights("role", [{ ...allowed, allowed: false, byBoundary: true }]),
      "permissions boundary",
    ],
    "a scan that failed": [decideScan({ image: "base", build: "arn", status: "FAILED", reason: "off" }), "off"],
    "a scan that was abandoned": [
      decideScan({ image: "base", build: "arn", status: "ABANDONED", reason: "" }),
      "ABAND",
    ],
    "copies of another form": [decideCopyArns(["arn:aws:imagebuilder:eu-west-1:111122223333:image/A B/1"]), "A B"],
    "two kernels": [decideFindings("base", [kernel("6.1.1"), kernel("6.1.2")]), "kernel 6.1.1, kernel 6.1.2"],
    "a fix of Ubuntu Pro": [
      decideFindings("base", [{ name: "vim", version: "8", fixedIn: "8.1+esm1" }]).slice(1),
      "vim (fixed in 8.1+esm1)",
    ],
    "an action that failed": [decideAlarms([{ alarm: "a", at: "now", said: "denied" }], 3), "denied"],
    "a subscription that is not confirmed": [decideSubscriptions([{ endpoint: "a@b.c", confirmed: false }]), "a@b.c"],
    "dead letters": [decideDeadLetters([{ name: "q", messages: 2 }]), "q: 2"],
  },
  unknown: {
    "a quota that is not listed": [decideQuota({ ...quota, value: undefined }), "does not list"],
    "rights under conditions": [
      decideRights("role", [{ ...allowed, allowed: false, conditions: ["aws:RequestTag/team"] }]),
      "aws:RequestTag/team",
    ],
  },
};

const rows = Object.entries(cases).flatMap(([verdict, some]) =>
  Object.entries(some).map(([what, [decided, found]]) => [what, decided, verdict, found] as const),
);

test.each(rows)("preflight decides about %s", (_, decided, verdict, found) => {
  const [check] = [decided].flat();

  expect(check).toMatchObject({ verdict, found: expect.stringContaining(found) });
  if (verdict === "fails") expect(check).toMatchObject({ breaks: expect.any(String), fix: expect.any(String) });
});

test.each([
  ["t3.micro", 2],
  ["m7i.large", 2],
  ["m7i.xlarge", 4],
  ["m7i.12xlarge", 48],
])("a %s has %i vCPUs", (type, vcpus) => {
  expect(vcpusOf(type)).toBe(vcpus);
});
