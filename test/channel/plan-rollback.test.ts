import { expect, test } from "vitest";
import { decideMove } from "../../core/channel/decide-move.ts";
import { type ChannelMove, planRollback, trailOf } from "../../core/channel/plan-rollback.ts";
import { findDescendants } from "../../core/revocation/plan-revoke.ts";
import { parseBuildArn } from "../../events/ids.ts";

const build = (n: number) => parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${n}`);
const promoted = (...numbers: number[]): ChannelMove[] => numbers.map((n) => ({ build: build(n), how: "promotion" }));
const back = (n: number, how: "rollback" | "revoke" | "undo" = "rollback"): ChannelMove => ({ build: build(n), how });
const free = () => undefined;
type Rollback = ReturnType<typeof planRollback>;

const revokedByAda = (one: string) => (one === build(2) ? "was revoked by ada (bad)" : undefined);
const move = (n: number): Rollback => ({ kind: "move", to: build(n) });

test.each(
  Object.entries<[Partial<Parameters<typeof planRollback>[0]>, Rollback]>({
    "a rollback goes to the build before": [{}, move(2)],
    "two rollbacks go back by two builds, not there and back again": [
      { history: [...promoted(1, 2, 3), back(2)], current: build(2) },
      move(1),
    ],
    "a rollback skips unusable builds": [{ obstacle: revokedByAda }, move(1)],
    "a build that was rolled back can be requested by name": [
      { history: [...promoted(1, 2, 3), back(2)], current: build(2), to: build(3) },
      move(3),
    ],
    "a build that never was in the channel is refused, naming those that are possible, the nearest first": [
      { to: build(9) },
      { kind: "refused", why: "it was never promoted to this channel", possible: [build(2), build(1)] },
    ],
    "without a usable earlier build, nothing moves and no build is offered": [
      { obstacle: () => "is retired" },
      { kind: "refused", why: "no earlier build is usable", possible: [] },
    ],
  }),
)("%s", (_, [asked, plan]) => {
  expect(planRollback({ history: promoted(1, 2, 3), current: build(3), obstacle: free, ...asked })).toEqual(plan);
});

test("after a rollback and a new promotion, the next rollback skips the build that was left", () => {
  const history = [...promoted(1, 2, 3), back(2), ...promoted(4)];

  expect(trailOf(history)).toEqual([build(1), build(2), build(4)]);
});

test("an emptied channel moves only to a named build", () => {
  const history = [...promoted(1), { how: "revoke" as const }];

  expect(planRollback({ history, current: undefined, obstacle: free })).toMatchObject({ kind: "refused" });
  expect(planRollback({ history, current: undefined, to: build(1), obstacle: free })).toEqual({
    kind: "move",
    to: build(1),
  });
});

const started = (n: number) => ({ build: build(n), startedAt: `2026-04-0${n}T00:00:00.000Z` });
const undone = { ...started(1), onlyAfter: started(3).startedAt };

test.each(
  Object.entries<[Parameters<typeof decideMove>[0], number, ReturnType<typeof decideMove>]>({
    "an empty channel accepts a build": [undefined, 1, { kind: "move", previous: undefined }],
    "a newer build replaces an older one, and the older one is remembered": [
      started(1),
      2,
      { kind: "move", previous: build(1) },
    ],
    "a late promotion of an older build never moves a channel back": [
      started(2),
      1,
      { kind: "superseded", by: build(2) },
    ],
    "a repeated move changes nothing": [started(2), 2, { kind: "already-there" }],
    "a rolled-back build does not return by its own promotion": [undone, 3, { kind: "superseded", by: build(1) }],
    "a build older than a rolled-back one does not enter": [undone, 2, { kind: "superseded", by: build(1) }],
    "a build newer than a rolled-back one enters": [undone, 4, { kind: "move", previous: build(1) }],
    "a revoked build does not block others": [
      { ...started(3), revoked: true },
      2,
      { kind: "move", previous: build(3) },
    ],
  }),
)("%s", (_, [current, entering, decided]) => {
  expect(decideMove(current, started(entering))).toEqual(decided);
});

test("descendants are found over several generations, parents before their children, each once", () => {
  const of = (n: number, parent?: number) => ({
    image: "any",
    build: build(n),
    ...(parent && { parentBuild: build(parent) }),
  });

  const found = findDescendants([of(5, 3), of(3, 1), of(2, 1), of(4), of(1, 5)], build(1));

  expect(found.map((one) => one.build)).toEqual([build(3), build(2), build(5)]);
});

test("an unrecorded descendant is found by its AMI's ancestry, and so is what was built on it", () => {
  const first = { image: "base", build: build(1), amiId: "ami-1" };
  const late = { image: "web", build: build(2), amiId: "ami-2", ancestors: ["ami-1", "ami-0"] };
  const onLate = { image: "shop", build: build(3), amiId: "ami-3", parentBuild: build(2) };
  const other = { image: "web", build: build(4), amiId: "ami-4", ancestors: ["ami-0"] };

  const found = findDescendants([first, onLate, other, late], build(1));

  expect(found.map((one) => one.build)).toEqual([build(2), build(3)]);
});
