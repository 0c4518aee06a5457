import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { recordOpen } from "../../adapters/advisories/feed-memory.ts";
import { openApproval, recordDecision, recordIamAnswer, recordJudgement } from "../../adapters/approval/approvals.ts";
import { findKeptNotes } from "../../adapters/build/release-facts.ts";
import { evidenceKey, keepEvidence } from "../../adapters/evidence/evidence-store.ts";
import { describeChannelMoved } from "../../core/notice/notice.ts";
import { type BuildArn, parseBuildArn } from "../../events/ids.ts";
import { keepNotes } from "../../functions/notice/keep-notes.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { openWorld } from "../world/world.ts";

const BUCKET = "sharing-evidence";
const none = { all: 0, fixable: 0 };

/** Two builds of an image; the second fixes what an open advisory is about. */
async function open() {
  const world = await openWorld();
  const client = world.client(S3Client);
  const store = { client, bucket: BUCKET };
  await client.send(
    new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: HOME } }),
  );
  const first = await world.addBuild(1);
  const second = await world.addBuild(2);
  const keep = (build: BuildArn, version: string) =>
    keepEvidence(store, build, {
      collectedAt: "2026-04-01T08:00:00.000Z",
      tests: [],
      cve: { scan: "COMPLETED", counts: { critical: none, high: none, medium: none }, findings: [] },
      packageCount: 1,
      key: evidenceKey(build),
      findings: [],
      manifest: { packages: [{ name: "openssl", version, release: "1", architecture: "x86_64" }] },
      recipe: [{ name: "update-al2023", version: "1.0.0" }],
    });
  await keep(first.build, "3.0.8");
  await keep(second.build, "3.0.9");
  await recordOpen(world.ledger, IMAGE, "https://example.com/repomd.xml", {
    build: first.build,
    revision: { url: "https://example.com/repomd.xml", digest: "sha256:1" },
    open: [
      {
        id: "ALAS2023-2026-1",
        severity: "important",
        cves: ["CVE-2026-1"],
        fixes: [{ name: "openssl", architecture: "x86_64", version: "3.0.9-1" }],
      },
    ],
  });
  const moved = { image: IMAGE, channel: "stable", build: second.build, previousBuild: first.build, regions: {} };
  const step = (bucket = BUCKET) => world.step<"EVIDENCE_BUCKET">({ env: { EVIDENCE_BUCKET: bucket } });
  return { world, store, first, second, moved, step };
}

test("a build that enters a channel gets notes in the evidence bucket, and the notice has their summary", async () => {
  const { world, store, first, second, moved, step } = await open();
  const subject = { build: second.build, channel: "stable" };
  const at = "2026-04-02T15:00:00.000Z";
  await openApproval(world.ledger, {
    ...subject,
    image: IMAGE,
    token: "a-token",
    requestedAt: "2026-04-02T08:00:00.000Z",
    expiresAt: "2026-04-05T08:00:00.000Z",
    approvers: ["grace"],
    required: 1,
  });
  const answer = { id: "1", at, verdict: "approved" as const, reason: "read it" };
  await recordIamAnswer(world.ledger, subject, {
    ...answer,
    identity: { principal: "arn:aws:iam::111122223333:role/grace" },
  });
  await recordJudgement(world.ledger, subject, answer, { outcome: "counted", person: "grace" });
  await recordDecision(world.ledger, subject, { verdict: "granted", at, owner: "request-1" });

  const outcome = await keepNotes(moved, step());
  const notice = describeChannelMoved(moved, [], outcome);
  const kept = await findKeptNotes(store, second.build, first.build);
  const again = await keepNotes(moved, step());

  expect(outcome).toEqual({ summary: "1 package updated, 1 advisory fixed" });
  expect(again).toEqual(outcome);
  expect(notice.lines).toContain("Changes: 1 package updated, 1 advisory fixed");
  expect(notice.nextSteps).toEqual([`amint notes "${IMAGE} 1.0.0/2"`, `amint rollback ${IMAGE} stable --reason "..."`]);
  expect(kept).toMatchObject({
    since: first.build,
    packages: { updated: [{ name: "openssl.x86_64", from: "3.0.8-1", to: "3.0.9-1" }] },
    advisories: { fixed: [{ id: "ALAS2023-2026-1" }], open: [] },
    components: { added: [], removed: [], updated: [] },
    gate: { verdict: "passed" },
    approvals: [{ channel: "stable", verdict: "granted", answers: [{ person: "grace", reason: "read it" }] }],
    notKnown: [],
  });
  const { Contents = [] } = await store.client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "evidence/" }));
  const folder = "evidence/sharing-base/1.0.0/2";
  expect(Contents.map(({ Key }) => Key)).toEqual(
    expect.arrayContaining([`${folder}/notes-since-1.0.0-1.json`, `${folder}/notes-since-1.0.0-1.md`]),
  );
  const { Body } = await store.client.send(
    new GetObjectCommand({ Bucket: BUCKET, Key: `${folder}/notes-since-1.0.0-1.md` }),
  );
  expect(await Body?.transformToString()).toContain("- `openssl.x86_64` `3.0.8-1` → `3.0.9-1`");
});

test("the notice goes out whatever becomes of the notes, and says so", async () => {
  const { moved, step, store, second } = await open();
  const unknown = parseBuildArn(moved.build.replace(/\d+$/, "9"));

  const noBucket = await keepNotes(moved, step("another-bucket"));
  const notOurs = await keepNotes({ ...moved, build: unknown }, step());
  const noImage = await keepNotes({ ...moved, image: "gone" }, step());
  await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: evidenceKey(second.build), Body: "{" }));
  const unreadable = await keepNotes(moved, step());

  expect(noBucket).toEqual({ failure: expect.stringContaining("bucket") });
  expect([notOurs, noImage]).toEqual([undefined, undefined]);
  expect(unreadable).toEqual({ failure: expect.stringContaining("cannot be read") });
  expect(describeChannelMoved(moved, [], unreadable).lines).toContainEqual(
    expect.stringMatching(/^Release notes could not be stored: .*cannot be read/),
  );
});
