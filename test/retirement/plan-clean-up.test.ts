import { expect, it } from "vitest";
import { type FoundAmi, type Origin, planCleanUp } from "../../core/retirement/plan-clean-up.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const DAY = 86_400;
const now = new Date("2026-04-20T08:00:00.000Z");
const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1");
const rejected: Origin = {
  image: "base",
  build,
  leftover: { why: "its gate rejected it", since: "2026-04-02T08:00:00.000Z" },
};

const ami = (some: Partial<FoundAmi> = {}): FoundAmi => ({
  region: "eu-west-1",
  amiId: parseAmiId("ami-0123456789abcdef0"),
  createdAt: "2026-04-01T08:00:00.000Z",
  snapshots: ["snap-1"],
  tags: {},
  protected: false,
  ...some,
});
const marked = (after: string) => ({ tags: { "amint:leftover": "its gate rejected it", "amint:remove-after": after } });
const due = marked("2026-04-16T08:00:00.000Z");

const plan = (one: FoundAmi, origin: Origin | undefined = rejected) =>
  planCleanUp({ factory: "acme", now, keepSeconds: 14 * DAY, amis: [one], snapshots: [], originOf: () => origin });

it("marks a leftover first, however old it is: with owner, build, why and not before when", () => {
  expect(plan(ami())).toEqual([
    {
      kind: "mark",
      ami: ami(),
      tags: {
        "amint:factory": "acme",
        "amint:image": "base",
        "amint:build": "1.0.0/1",
        "amint:leftover": "its gate rejected it",
        "amint:remove-after": "2026-04-16T08:00:00.000Z",
      },
    },
  ]);
});

it("removes what is marked once its day has come", () => {
  expect(plan(ami(due)).map(({ kind }) => kind)).toEqual(["remove-ami"]);
});

it("keeps what is marked until then, and for as long as the mark says", () => {
  expect(plan(ami(marked("2026-06-01T08:00:00.000Z")))).toEqual([]);
});

it("keeps what has an unreadable mark", () => {
  expect(plan(ami(marked("some day")))).toEqual([]);
});

it("counts from the last thing that happened, not from an older mark", () => {
  const later = { ...rejected, leftover: { why: "its promotion failed", since: "2026-04-19T08:00:00.000Z" } };

  const [step] = plan(ami(due), later);

  expect(step).toMatchObject({ kind: "mark", tags: { "amint:remove-after": "2026-05-03T08:00:00.000Z" } });
});

it("removes the mark from what is wanted after all, and keeps it", () => {
  const wanted = { ...rejected, leftover: undefined };

  expect(plan(ami(due), wanted)).toEqual([{ kind: "unmark", ami: ami(due) }]);
  expect(plan(ami(), wanted)).toEqual([]);
});

it("counts an AMI that the ledger knows nothing of from its own making", () => {
  const [step] = planCleanUp({
    factory: "acme",
    now,
    keepSeconds: 14 * DAY,
    amis: [ami()],
    snapshots: [],
    originOf: () => undefined,
  });

  expect(step).toMatchObject({
    kind: "mark",
    tags: { "amint:leftover": "the ledger has no build for it", "amint:remove-after": "2026-04-15T08:00:00.000Z" },
  });
});

it("takes protection away first", () => {
  expect(plan(ami({ ...due, protected: true })).map(({ kind }) => kind)).toEqual(["unprotect"]);
});

it("removes snapshots that no AMI stands on, once they are old enough", () => {
  const snapshots = ["2026-04-01T08:00:00.000Z", "2026-04-19T08:00:00.000Z"].map((createdAt, nth) => ({
    region: "eu-west-1",
    snapshotId: `snap-${nth}`,
    createdAt,
  }));

  const steps = planCleanUp({
    factory: "acme",
    now,
    keepSeconds: 14 * DAY,
    amis: [],
    snapshots,
    originOf: () => undefined,
  });

  expect(steps).toEqual([{ kind: "remove-snapshot", snapshot: snapshots[0], why: "no AMI uses it" }]);
});
