const build = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/3";
const region = "eu-west-1";
const account = "222222222222";
const ami = "ami-0123456789abcdef0";
const at = "2026-04-01T03:00:00.000Z";
const why = "its scan has no result";
const parameter = "/amint/acme/base/stable";
const repositoryName = "acme/base/builds";
const digest = "sha256:0a1b";
const factory = { name: "acme", images: { base: { channels: [{ name: "stable", rollout: {} }] } } };
const record = { image: "base", build, status: "building", startedAt: at };
/** Of an account that cannot launch. */
const refused = { account, proof: "dry-run", missing: { piece: "the key denies kms:CreateGrant", fix: "add it" } };

/** Sample values by the names of constructors' parameters. */
export const byName: Readonly<Record<string, unknown>> = {
  ...{ build, region, account, ami, amiId: ami, artifact: ami, at, why, parameter, digest, factory },
  ...{ image: "base", channel: "stable", organization: "o-exampleorgid", advisory: "ALAS2023-2026-1", wave: "canary" },
  ...{
    absent: [account],
    left: [account],
    pending: [account],
    failed: [`${region}: ${why}`],
    faults: [why],
    missing: [why],
  },
  address: "10.0.0.1",
  alias: "alias/amint-acme-slack",
  all: ["candidate", "stable"],
  behind: { [region]: { why } },
  bucket: "amint-acme-evidence",
  builds: ["1.0.0/2", "1.0.0/3"],
  buildRegion: region,
  by: "ada",
  cause: new Error("the cause"),
  code: "http-status",
  count: 2,
  current: { build, movedAt: at, how: "rollback", by: "ada" },
  detailType: "build.available",
  event: "approval.requested",
  expected: "six fields",
  fault: "it is empty",
  file: "keys/acme.pem",
  finding: "CVE-2026-1",
  fix: "correct it there",
  found: "no result",
  from: build,
  functionName: "amint-acme-notify",
  id: "222222222222.dkr.ecr.eu-west-1.amazonaws.com/acme/base",
  imageDigest: digest,
  imageTag: "stable",
  images: ["base", "web"],
  instanceId: "i-0123456789abcdef0",
  key: "base/1.0.0/3/results.xml.gz",
  keys: ["base/1.0.0/3/disk.vmdk"],
  known: ["base", "web"],
  lost: [{ region, amiId: ami, done: { at } }],
  month: "2026-04",
  name: "openssl",
  names: ["TABLE", "BUS"],
  now: undefined,
  odd: [{ region, parameter, says: undefined }],
  operation: "CopyImage",
  options: {},
  origin: "http://127.0.0.1:4566",
  partition: "IMAGE#base",
  path: "prices.json",
  place: "stabel",
  possible: [build],
  quorum: 2,
  reason: "not signed",
  reference: "docker.io/library/debian:13",
  regions: [region, "us-east-1"],
  repositoryName,
  role: "arn:aws:iam::222222222222:role/amint-acme-consumer",
  said: '{"errorType":"Error","errorMessage":"no such table"}',
  seconds: 30,
  secret: "bot-token",
  service: "EC2",
  stack: "amint-acme-organization",
  state: "deregistered",
  status: 503,
  stays: "the request continues: amint why base",
  table: "amint-acme",
  text: "bsae",
  to: build,
  today: "2026-04-01",
  until: "2026-03-01",
  valid: ["candidate", "stable"],
  wait: 40_000,
  wanted: ami,
  what: "it is empty",
};

/** Where a parameter of that name has another type: by `Class.parameter`. */
export const byClass: Readonly<Record<string, unknown>> = {
  "BillingCodeChanged.from": { ami: "ami-0fedcba9876543210", usageOperation: "RunInstances" },
  "BillingCodeChanged.made": { ami, usageOperation: "RunInstances:0010" },
  "CanaryFailed.Cause": why,
  "CanaryFailed.Error": "States.Timeout",
  "CostUnknown.refused": [`ec2:DescribeSnapshots: ${why}`],
  "CisScanUnreadable.found": { scanArn: "arn:aws:inspector2:eu-west-1:111122223333:scan/1" },
  "ItemsNotRead.left": 3,
  "ItemsNotWritten.left": 3,
  "NoBaseAmi.parameter": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
  "NoNotes.status": "failed",
  "NoSuchFunction.file": "notice/notify",
  "NotKnown.builds": [record],
  "NotLaunchable.refused": [refused],
  "NotLaunchableYet.refused": [refused],
  "NoticeNotDelivered.failed": [["Slack", new Error("SlackBusy")]],
  "OtherLines.found": 1,
  "OtherLines.wanted": ["bot-token", "signing-secret"],
  "RetirementUnderWay.until": new Date(at),
  "SeveralKnown.found": [record, { ...record, image: "web" }],
  "UnknownImage.factory": factory,
  "UnknownRegion.factory": "acme",
};

/** The sample values that are reasons. */
export const reasons: readonly string[] = [
  "SlackBusy",
  why,
  "not signed",
  "no result",
  "it is empty",
  "States.Timeout",
  "the cause",
  account,
];
